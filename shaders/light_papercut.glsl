// Sheets of paper, a step of the palette each, with their shadows and bright edges. Twin in
// netart/shot/finishes.py.
#include "surface.glsl"
#include "oklab_from_display.glsl"
#include "display_from_oklab.glsl"

// Shadow and bright edge of the sheets that are steps of one value; `along` points to the light.
vec2 sheets(float value, vec2 slope) {
    float f = u_steps * value;
    float steep = u_steps * length(slope) + FLATTEST;
    float level = clamp(floor(f), 0.0, u_steps - 1.0);
    float rise = u_steps * dot(u_along, slope) / steep;
    float lit = 0.3 + 0.7 * max(rise, 0.0);
    float above = (level + 1.0 - f) / steep / max(u_height * lit, FLATTEST);
    float depth = level < u_steps - 1.0 ? clamp(1.0 - above, 0.0, 1.0) : 0.0;
    float edge = max(1.5 * pixel_width(), 0.05 * u_height);
    float rim = level > 0.0 ? clamp(1.5 - (f - level) / steep / edge, 0.0, 1.0) : 0.0;
    return vec2(lit * pow(depth, 1.83 - 1.14 * lit), rim * max(-rise, 0.0));
}

vec3 light_papercut(Surface surface) {
    vec2 found = vec2(0.0);
    for (int k = 0; k < u_drawn; ++k)
        found = max(found,
            sheets(surface.graded[k], vec2(surface.graded_u[k], surface.graded_v[k])));
    vec3 lab = oklab_from_display(surface.colour);
    lab.x = lab.x * (1.0 - SHADOW * found.x) + RIM * found.y;
    return display_from_oklab(lab);
}
