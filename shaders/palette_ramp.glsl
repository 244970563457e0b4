// The first output along a table of display colours, mixed linearly between neighbours.
#include "look.glsl"

uniform sampler2D u_table;

vec4 reduce(vec4 z) {
    vec3 t = stretch(z);
    if (lost(t)) return NAN_COLOUR;
    int last = textureSize(u_table, 0).x - 1;
    float place = clamp(t.x, 0.0, 1.0) * float(last);
    int below = min(int(place), last - 1);
    vec4 low = texelFetch(u_table, ivec2(below, 0), 0);
    vec4 high = texelFetch(u_table, ivec2(below + 1, 0), 0);
    return vec4(mix(low, high, place - float(below)).xyz, 1.0);
}
