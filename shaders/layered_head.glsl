// What the lens reads in the last pass: the outputs, which are all read-outs added up, and what it
// carried through the layers.
#include "layered.glsl"

uniform sampler2D u_carried;
uniform int u_depth; // the number of hidden layers

vec4 outputs(int i) {
    return below(i);
}

vec4 carried() {
    return u_depth > 0 ? texelFetch(u_carried, ivec2(int(gl_FragCoord.x), 0), 0) : vec4(0.0);
}
