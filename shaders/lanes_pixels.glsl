// The one-pass shader's lanes as pixels: LANES neighbours in a row.

// Four features of a lane's pixel.
vec4 input_quad(int quad, int lane, int column) {
    return features(quad, plane(first_pixel() + ivec2(lane, 0)));
}

// The lane whose pixel is made now.
#if LANES > 1
int pixel_lane = 0;
#else
const int pixel_lane = 0; // so that outputs are found by constants, and stay in registers
#endif

vec4 outputs(int i) {
    return total[pixel_lane * HEAD_QUADS + i];
}
