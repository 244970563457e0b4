// The first output as a gray.
#include "look.glsl"

vec4 reduce(vec4 z) {
    vec3 t = stretch(z);
    return lost(t) ? NAN_COLOUR : vec4(vec3(clamp(t.x, 0.0, 1.0)), 1.0);
}
