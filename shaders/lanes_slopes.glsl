// The one-pass shader's lanes as pixels, LANES neighbours in a row, of which each has three
// columns: the value of a unit and its derivatives to u and to v.

// Four features of a lane's pixel, or their derivatives: column 1 to u, 2 to v.
vec4 input_quad(int quad, int lane, int column) {
    vec2 uv = plane(first_pixel() + ivec2(lane, 0));
    return column == 0 ? features(quad, uv) : feature_slopes(quad, uv, column);
}

// The lane whose pixel is made now.
#if LANES > 1
int pixel_lane = 0;
#else
const int pixel_lane = 0; // so that outputs are found by constants, and stay in registers
#endif

vec4 outputs(int i) {
    return total[(3 * pixel_lane) * HEAD_QUADS + i];
}

vec4 slopes_u(int i) {
    return slope_of(outputs(i), total[(3 * pixel_lane + 1) * HEAD_QUADS + i]);
}

vec4 slopes_v(int i) {
    return slope_of(outputs(i), total[(3 * pixel_lane + 2) * HEAD_QUADS + i]);
}
