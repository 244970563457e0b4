#include "display_from_oklab.glsl"

// A shade of a region.
vec4 table(ivec2 at) {
    float share = float(at.x) / float(SHADES - 1);
    return vec4(display_from_oklab(mix(PALE[at.y], FULL[at.y], share)), 1.0);
}

ivec2 table_size() {
    return ivec2(SHADES, FULL.length());
}
