// The one-pass shader's columns as pixels: each mat4 holds four units (rows) of four neighbouring
// pixels (columns), and `main` draws these four pixels.

mat4 spread(vec4 bias) {
    return mat4(bias, bias, bias, bias);
}

mat4 through(int activation, int quad, mat4 z) {
    mat4 result;
    for (int k = 0; k < 4; ++k)
        result[k] = activate(activation, z[k]);
    return result;
}

int lane = 0; // the column whose pixel is made now

vec4 outputs(int i) {
    return total[i][lane];
}

void main() {
    ivec2 first = u_origin + first_pixel();
    for (int k = 0; k < 4; ++k) {
        vec2 uv = plane(first + ivec2(k, 0));
        for (int i = 0; i < FIRST; ++i)
            y[i][k] = features(i, uv);
    }
    for (int i = 0; i < HEAD_QUADS; ++i)
        total[i] = mat4(0.0);
    network();
    mat4 four;
    for (lane = 0; lane < 4; ++lane)
        four[lane] = average(pixel());
    write(four);
}
