// A lens looks at a layer before its activation: all of its units, a pixel a fragment.
#include "layered.glsl"

uniform sampler2D u_carried; // what it has made of the layers below
uniform int u_layer;         // where the layer stands in the weights
uniform int u_depth;         // its number, from 1

void main() {
    int width = int(texel(u_layer).y);
    vec4 carry = u_depth > 1 ? texelFetch(u_carried, ivec2(int(gl_FragCoord.x), 0), 0) : vec4(0.0);
    for (int i = 0; 4 * i < width; ++i)
        carry = layer_function(carry, u_depth, 4 * i, width, below(i));
    o_units = carry;
}
