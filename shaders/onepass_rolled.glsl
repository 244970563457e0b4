// Layers of any width as loops: units and weights are found by index. The compiler must not unroll
// them: a wide layer would be a text of thousands of lines.

uniform int u_one; // always 1, which the compiler cannot know

const int EACH = LANES * COLUMNS; // columns of all lanes

vec4 y[EACH * QUADS]; // units of the layer before, the columns of a quad after each other
vec4 z[EACH * QUADS]; // pre-activations of this layer

// Before the first layer: the features.
void first_layer() {
    for (int i = 0; i < FIRST; ++i)
        for (int k = 0; k < EACH; ++k)
            y[EACH * i + k] = input_quad(i, k / COLUMNS, k % COLUMNS);
}

// z = W y + b for the layer at the cursor, in derivatives without b; widths in quads. Returns its
// activation and its width.
ivec2 dense(int below, int here) {
    for (int i = 0; i < here * u_one; ++i) {
        vec4 sum[EACH];
        for (int k = 0; k < EACH; ++k)
            sum[k] = k % COLUMNS == 0 || DIFFERENCES == 1 ? weight(1 + i) : vec4(0.0);
        for (int j = 0; j < below * u_one; ++j) {
            int at = 1 + (1 + 4 * j) * here + i;
            mat4 columns = mat4(weight(at), weight(at + here),
                                weight(at + 2 * here), weight(at + 3 * here));
            for (int k = 0; k < EACH; ++k)
                sum[k] += columns * y[EACH * j + k];
        }
        for (int k = 0; k < EACH; ++k)
            z[EACH * i + k] = sum[k];
    }
    ivec2 layer = ivec2(weight(0).xy);
    cursor += 1 + here * (1 + 4 * below);
    return layer;
}

void hidden(int below, int here) {
    ivec2 layer = dense(below, here);
    layers_done += 1;
    for (int i = 0; i < here * u_one; ++i)
        for (int lane = 0; lane < LANES; ++lane) {
            int at = EACH * i + COLUMNS * lane;
#if COLUMNS > 1
            after_layer(lane, layers_done, 4 * i, layer.y, z[at],
                slope_of(z[at], z[at + 1]), slope_of(z[at], z[at + 2]));
#else
            after_layer(lane, layers_done, 4 * i, layer.y, z[at]);
#endif
            y[at] = activate(layer.x, z[at]);
#if DIFFERENCES
            for (int k = 1; k < COLUMNS; ++k)
                y[at + k] = activate(layer.x, z[at + k]);
#elif COLUMNS > 1
            vec4 steepness = slope(layer.x, z[at], y[at]);
            for (int k = 1; k < COLUMNS; ++k)
                y[at + k] = steepness * z[at + k];
#endif
        }
}

void head(int below, int here) {
    dense(below, here);
    for (int i = 0; i < here * u_one; ++i)
        for (int k = 0; k < EACH; ++k)
            total[k * HEAD_QUADS + i] += z[EACH * i + k];
}
