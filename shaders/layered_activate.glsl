// Pass: the activation of a layer whose pre-activations a lens has looked at. In: pre-activations.
// Out: four units.
#include "layered.glsl"

uniform int u_layer; // where the layer begins in the weights

void main() {
    o_units = activate(int(texel(u_layer).x), below(int(gl_FragCoord.y)));
}
