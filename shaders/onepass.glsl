// A whole network in one invocation. A mat4 of the state holds four units in four lanes: what a
// lane (a column) stands for is said by `lanes_*.glsl`.

void network(); // the calls of `hidden` and `head` that make up this network

mat4 spread(vec4 bias);                            // the biases of four units in all lanes
mat4 through(int activation, int quad, mat4 z);    // four units, taken through their activation
void after_layer(int layer, int quad, int width);  // a lens looks at z[quad]

vec4 outputs(int i); // of the pixel in hand: outputs 4i to 4i + 3, all heads added up
vec4 carried();      // what a lens has carried through the layers

uniform int u_one; // is 1, which the compiler cannot know: it keeps loops rolled

mat4 y[QUADS];
mat4 z[QUADS];
mat4 total[HEAD_QUADS]; // of all heads so far
int cursor = 0;
int layers_done = 0;

// z = W y + b for the layer at the cursor; widths in quads. Returns its activation and its width.
ivec2 dense(int below, int here) {
    ivec2 layer = ivec2(texel(cursor++).xy);
    for (int i = 0; i < here * u_one; ++i) {
        mat4 sum = spread(texel(cursor++));
        for (int j = 0; j < below * u_one; ++j) {
            sum += matrix(cursor) * y[j];
            cursor += 4;
        }
        z[i] = sum;
    }
    return layer;
}

void hidden(int below, int here) {
    ivec2 layer = dense(below, here);
    layers_done += 1;
    for (int i = 0; i < here * u_one; ++i) {
        after_layer(layers_done, i, layer.y);
        y[i] = through(layer.x, i, z[i]);
    }
}

void head(int below, int here) {
    dense(below, here);
    for (int i = 0; i < here * u_one; ++i)
        total[i] += z[i];
}
