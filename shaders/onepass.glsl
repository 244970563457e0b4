// Evaluates a whole network in one invocation. The units of a layer are mat4, four units (rows) in
// four lanes (columns); lanes_*.glsl says what a lane is. A quad is four units.

// Written by netart/evaluate/glsl.py: the calls of `hidden` and `head` that make up this network.
void network();

// In lanes_*.glsl:
mat4 spread(vec4 bias);                         // the biases of four units in all lanes
mat4 through(int activation, int quad, mat4 z); // four units, taken through their activation
vec4 outputs(int i);                            // outputs 4i to 4i + 3 of the pixel that is made

// In layers_*.glsl:
void after_layer(int layer, int quad, int width); // a lens looks at z[quad]
vec4 carried();                                   // what the lens has made of the layers

uniform int u_one; // always 1; the compiler cannot know that, so it does not unroll loops

mat4 y[QUADS]; // units of the layer before
mat4 z[QUADS]; // pre-activations of this layer
mat4 total[HEAD_QUADS]; // outputs: all read-outs so far, added up
int cursor = 0; // where in the weights the next texel is
int layers_done = 0; // hidden layers

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
