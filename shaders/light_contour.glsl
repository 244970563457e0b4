// Lines of equal value over the colours, or on paper. Twin in netart/shot/finishes.py.
#include "lines.glsl"

vec3 light_contour(Surface surface) {
    vec2 line = lines(followed(surface), u_lines);
    vec3 ground = mix(srgb_decode(surface.colour), u_paper, u_on_paper);
    return inked(ground, stroke(line.x, line.y, u_width));
}
