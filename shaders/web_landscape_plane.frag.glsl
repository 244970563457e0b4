// The level plane over a page's landscape, which covers a share of what is below.
in vec2 v_uv;

layout(location = 0) out vec4 o_light;

void main() {
    float rim = (1.0 - max(abs(v_uv.x), abs(v_uv.y))) / (u_pixel * u_page_pixel);
    o_light = vec4(0.9 * WATER, WATER_SHARE + 0.25 * clamp(2.0 - rim, 0.0, 1.0));
}
