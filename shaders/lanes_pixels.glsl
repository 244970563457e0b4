// The one-pass shader's lanes as pixels: LANES neighbours in a row.

// Four features of a lane's pixel.
vec4 input_quad(int quad, int lane, int column) {
    return features(quad, plane(first_pixel() + ivec2(lane, 0)));
}

int pixel_lane = 0; // the lane whose pixel is made now

vec4 outputs(int i) {
    return total[pixel_lane * HEAD_QUADS + i];
}
