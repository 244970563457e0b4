// The first three outputs are red, green and blue.
#include "look.glsl"

vec4 reduce(vec4 z) {
    vec3 t = stretch(z);
    return lost(t) ? NAN_COLOUR : vec4(clamp(t, 0.0, 1.0), 1.0);
}
