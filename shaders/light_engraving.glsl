// Lines on paper, as thick as the colours are dark. Twin in netart/shot/finishes.py.
#include "lines.glsl"
#include "oklab_from_display.glsl"

vec3 light_engraving(Surface surface) {
    vec2 each = lines(followed(surface), u_lines);
    float lightness = oklab_from_display(surface.colour).x;
    float share = clamp(1.05 * (1.0 - (lightness - u_darkest) / u_lightness_span), 0.04, 1.0);
    float line = clamp(share / (2.0 * each.y) - each.x + 0.5, 0.0, 1.0);
    float gray = clamp((each.y - 0.2) / 0.25, 0.0, 1.0); // where lines are closer than some pixels
    return inked(u_paper, mix(line, share, gray));
}
