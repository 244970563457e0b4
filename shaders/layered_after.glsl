// Pass: a lens looks at a layer's pre-activations, all of one pixel. Out: what it makes of them and
// of what it carried from the layers before.
#include "layered.glsl"

uniform sampler2D u_carried; // what the lens has made of the layers before
uniform int u_layer;         // where the layer begins in the weights
uniform int u_depth;         // its number, from 1

void main() {
    int width = int(texel(u_layer).y);
    vec4 carry = u_depth > 1 ? texelFetch(u_carried, ivec2(int(gl_FragCoord.x), 0), 0) : vec4(0.0);
    for (int i = 0; 4 * i < width; ++i)
        carry = layer_function(carry, u_depth, 4 * i, width, below(i));
    o_units = carry;
}
