#include "text_draw.glsl"

void mainImage(out vec4 colour, in vec2 pixel) {
    move(iTime);
    vec2 dragged = iMouse.xy - abs(iMouse.zw);
    colour = draw_pixel(pixel - 0.5 - dragged);
}
