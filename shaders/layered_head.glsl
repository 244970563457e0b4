// What the last pass reads: the heads, added up in `u_below`, and what a lens has carried.
#include "layered.glsl"

uniform sampler2D u_carried;
uniform int u_depth; // hidden layers that there are

vec4 outputs(int i) {
    return below(i);
}

vec4 carried() {
    return u_depth > 0 ? texelFetch(u_carried, ivec2(int(gl_FragCoord.x), 0), 0) : vec4(0.0);
}
