// A whole network in one invocation, for four neighbouring pixels of a row at once.
// A mat4 holds four units of four pixels: a column a pixel.
#include "light.glsl"

layout(location = 0) out vec4 o_first;
layout(location = 1) out vec4 o_second;
layout(location = 2) out vec4 o_third;
layout(location = 3) out vec4 o_fourth;

void network(); // the calls of `hidden` and `dense` that make up this network

uniform int u_one; // is 1, which the compiler cannot know: it keeps loops rolled

mat4 y[QUADS];
mat4 z[QUADS];
mat4 early = mat4(0.0); // what a second read-out, below the last hidden layer, adds
int cursor = 0;

// z = W y + b for the layer at the cursor; widths in fours. Returns its activation.
int dense(int below, int here) {
    int activation = int(texel(cursor++).x);
    for (int i = 0; i < here * u_one; ++i) {
        vec4 bias = texel(cursor++);
        mat4 sum = mat4(bias, bias, bias, bias);
        for (int j = 0; j < below * u_one; ++j) {
            sum += matrix(cursor) * y[j];
            cursor += 4;
        }
        z[i] = sum;
    }
    return activation;
}

void hidden(int below, int here) {
    int activation = dense(below, here);
    for (int i = 0; i < here * u_one; ++i)
        for (int k = 0; k < 4; ++k)
            y[i][k] = activate(activation, z[i][k]);
}

void main() {
    ivec2 pixel = u_origin + ivec2(4 * int(gl_FragCoord.x), int(gl_FragCoord.y));
    for (int k = 0; k < 4; ++k) {
        vec2 uv = plane(pixel + ivec2(k, 0));
        for (int i = 0; i < FIRST; ++i)
            y[i][k] = features(i, uv);
    }
    network();
    o_first = light(reduce(z[0][0] + early[0]));
    o_second = light(reduce(z[0][1] + early[1]));
    o_third = light(reduce(z[0][2] + early[2]));
    o_fourth = light(reduce(z[0][3] + early[3]));
}
