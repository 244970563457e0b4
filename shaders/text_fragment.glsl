#include "text_draw.glsl"

void main() {
    move(u_time);
    vec2 looked = u_mouse == vec2(0.0) ? vec2(0.0) : u_mouse - 0.5 * u_resolution;
    o_colour = draw_pixel(gl_FragCoord.xy - 0.5 + looked);
}
