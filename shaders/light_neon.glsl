// Glowing lines of two outputs in the colours, at night. Twin in netart/shot/finishes.py.
#include "lines.glsl"

// What a tube sheds: its own colour and the white of its core.
vec3 glow(vec3 tube, vec3 value) {
    vec2 each = lines(value, u_lines);
    float square = each.x * each.x / (u_width * u_width);
    float core = 1.0 / (1.0 + square);
    float power = clamp(1.3 - 3.0 * each.y, 0.05, 1.0);
    return power * ((core + 0.06 / (1.0 + square / 100.0)) * tube + 0.4 * core * core * core);
}

vec3 light_neon(Surface surface) {
    vec3 tube = srgb_decode(surface.colour);
    tube /= max(max(max(tube.r, tube.g), tube.b), 0.05);
    tube *= tube;
    vec3 light = NIGHT + glow(tube, vec3(surface.t.x, surface.t_u.x, surface.t_v.x));
    if (u_used > 1) light += glow(tube, vec3(surface.t.y, surface.t_u.y, surface.t_v.y));
    return srgb_encode(1.0 - exp(-1.5 * light));
}
