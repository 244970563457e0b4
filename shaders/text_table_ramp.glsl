#include "display_from_oklab.glsl"

// A colour of the ramp: its stops, evenly spaced, blended in Oklab.
vec4 table(ivec2 at) {
    float place = float(at.x * (STOPS.length() - 1)) / float(RAMP_SIZE - 1);
    int below = min(int(place), STOPS.length() - 2);
    vec3 lab = mix(STOPS[below], STOPS[below + 1], place - float(below));
    return vec4(display_from_oklab(lab), 1.0);
}

ivec2 table_size() {
    return ivec2(RAMP_SIZE, 1);
}
