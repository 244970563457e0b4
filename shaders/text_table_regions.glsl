#include "display_from_oklab.glsl"

// A shade of a region: towards paper, in Oklab, from PALEST to its full colour.
vec4 table(ivec2 at) {
    float share = PALEST * (1.0 - float(at.x) / float(SHADES - 1));
    return vec4(display_from_oklab(mix(REGIONS_LAB[at.y], PAPER_LAB, share)), 1.0);
}

ivec2 table_size() {
    return ivec2(SHADES, REGIONS_LAB.length());
}
