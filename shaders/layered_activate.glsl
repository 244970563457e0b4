// A layer's activation by itself: four units a fragment.
#include "layered.glsl"

uniform int u_layer; // where the layer stands in the weights

void main() {
    o_units = activate(int(texel(u_layer).x), below(int(gl_FragCoord.y)));
}
