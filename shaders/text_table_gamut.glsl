#include "display_from_oklab.glsl"

// The largest chroma that sRGB has, by bisection. lightness: of 64; hue: the place on the square
// |a| + |b| = 1, of 256, from (0, -1) around.
float max_chroma(int hue, int lightness) {
    float place = float(hue) / 64.0 - 1.0, b = place > 1.0 ? 2.0 - place : place;
    vec2 ab = normalize(vec2((place > 1.0 ? -1.0 : 1.0) * (1.0 - abs(b)), b));
    float low = 0.0, high = MAX_CHROMA;
    for (int k = ZERO; k < 20; ++k) {
        float middle = 0.5 * (low + high);
        vec3 lms = LMS_FROM_LAB * vec3(float(lightness) / 64.0, middle * ab);
        vec3 light = LINEAR_FROM_LMS * (lms * lms * lms);
        if (all(lessThan(abs(light - 0.5), vec3(0.5001)))) low = middle;
        else high = middle;
    }
    return low;
}

// What the palette reads: TABLE in its first row, where it has one, then the largest chroma.
vec4 table(ivec2 at) {
    if (at.y < TABLE_ROWS) return TABLE[at.x];
    return vec4(max_chroma(at.x, at.y - TABLE_ROWS));
}

ivec2 table_size() {
    return ivec2(257, 65 + TABLE_ROWS);
}
