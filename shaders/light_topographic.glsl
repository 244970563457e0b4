// Flat steps of the palette, each of which ends in a line, every fifth in a heavy one. Twin in
// netart/shot/finishes.py.
#include "lines.glsl"

float inner(float value, float margin) {
    return clamp(value, margin, max(margin, 1.0 - margin));
}

// The share of ink on the steps of one value. Half a step before the first line and behind the last
// there are no others.
float step_lines(float value, vec2 slope) {
    vec2 each = lines(vec3(inner(value, 0.5 / u_steps), slope), u_steps);
    float fifth = lines(vec3(inner(value, 2.5 / u_steps), slope), u_steps / 5.0).x;
    return max(0.35 * stroke(each.x, each.y, u_width), 0.9 * stroke(fifth, each.y, 1.8 * u_width));
}

vec3 light_topographic(Surface surface) {
    float share = 0.0;
    for (int k = 0; k < min(u_drawn, 2); ++k)
        share = max(share,
            step_lines(surface.graded[k], vec2(surface.graded_u[k], surface.graded_v[k])));
    return inked(srgb_decode(surface.colour), share);
}
