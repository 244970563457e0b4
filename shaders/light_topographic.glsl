// Flat steps of the palette with a line each, every fifth heavy. Twin in netart/shot/finishes.py.
#include "lines.glsl"

vec3 light_topographic(Surface surface) {
    vec3 value = followed(surface);
    vec2 each = lines(value, u_levels);
    float fine = 0.35 * stroke(each.x, each.y, u_width);
    float heavy = 0.9 * stroke(lines(value, u_levels / 5.0).x, each.y, 1.8 * u_width);
    return inked(srgb_decode(surface.colour), max(fine, heavy));
}
