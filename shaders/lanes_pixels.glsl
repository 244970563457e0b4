// The one-pass shader's columns as pixels: each matrix holds four units (rows) of LANES neighbouring
// pixels (columns), and `main` draws these pixels.

LANE_MATRIX spread(vec4 bias) {
    LANE_MATRIX result;
    for (int k = 0; k < LANES; ++k)
        result[k] = bias;
    return result;
}

LANE_MATRIX through(int activation, int quad, LANE_MATRIX z) {
    for (int k = 0; k < LANES; ++k)
        z[k] = activate(activation, z[k]);
    return z;
}

int lane = 0; // the column whose pixel is made now

vec4 outputs(int i) {
    return total[i][lane];
}

void main() {
    ivec2 first = u_origin + first_pixel();
    for (int k = 0; k < LANES; ++k) {
        vec2 uv = plane(first + ivec2(k, 0));
        for (int i = 0; i < FIRST; ++i)
            y[i][k] = features(i, uv);
    }
    for (int i = 0; i < HEAD_QUADS; ++i)
        total[i] = spread(vec4(0.0));
    network();
    LANE_MATRIX pixels;
    for (lane = 0; lane < LANES; ++lane)
        pixels[lane] = average(pixel());
    write(pixels);
}
