// Oklab with the chroma lowered to what sRGB has at the same lightness and hue. Twin of
// map_to_gamut in netart/shot/oklab.py, whose `gamut` lays out the table. lab: Oklab. Returns Oklab
// that is in sRGB.
#include "display_from_oklab.glsl"
#include "table_texture.glsl"

// The largest chroma that sRGB has at the lightness and hue of lab. first: the table's row of
// lightness 0; rows before it hold other numbers.
float chroma_limit(vec3 lab, int first) {
    ivec2 steps = table_size() - ivec2(1, 1 + first);
    float side = lab.z / max(abs(lab.y) + abs(lab.z), TINY);
    vec2 place = vec2(lab.y < 0.0 ? 3.0 - side : side + 1.0, clamp(lab.x, 0.0, 1.0))
        * vec2(steps) * vec2(0.25, 1.0);
    ivec2 below = min(ivec2(place), steps - 1);
    vec2 part = place - vec2(below);
    below.y += first;
    vec2 low = vec2(table(below).x, table(below + ivec2(0, 1)).x);
    vec2 high = vec2(table(below + ivec2(1, 0)).x, table(below + 1).x);
    vec2 rows = mix(low, high, part.x);
    return mix(rows.x, rows.y, part.y);
}

vec3 map_to_gamut(vec3 lab, int first) {
    float chroma = max(sqrt(dot(lab.yz, lab.yz)), TINY);
    return vec3(lab.x, lab.yz * min(1.0, chroma_limit(lab, first) / chroma));
}
