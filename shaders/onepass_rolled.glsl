// Layers of any width as loops: units and weights are found by index. The compiler must not unroll
// them: a wide layer would be a text of thousands of lines.

uniform int u_one; // always 1, which the compiler cannot know

vec4 y[LANES * QUADS]; // units of the layer before, the lanes of a quad after each other
vec4 z[LANES * QUADS]; // pre-activations of this layer

// Before the first layer: the features.
void first_layer() {
    for (int i = 0; i < FIRST; ++i)
        for (int k = 0; k < LANES; ++k)
            y[LANES * i + k] = input_quad(i, k);
}

// z = W y + b for the layer at the cursor; widths in quads. Returns its activation and its width.
ivec2 dense(int below, int here) {
    for (int i = 0; i < here * u_one; ++i) {
        vec4 sum[LANES];
        for (int k = 0; k < LANES; ++k)
            sum[k] = weight(1 + i);
        for (int j = 0; j < below * u_one; ++j) {
            int at = 1 + (1 + 4 * j) * here + i;
            mat4 columns = mat4(weight(at), weight(at + here), weight(at + 2 * here), weight(at + 3 * here));
            for (int k = 0; k < LANES; ++k)
                sum[k] += columns * y[LANES * j + k];
        }
        for (int k = 0; k < LANES; ++k)
            z[LANES * i + k] = sum[k];
    }
    ivec2 layer = ivec2(weight(0).xy);
    cursor += 1 + here * (1 + 4 * below);
    return layer;
}

void hidden(int below, int here) {
    ivec2 layer = dense(below, here);
    layers_done += 1;
    for (int i = 0; i < here * u_one; ++i)
        for (int k = 0; k < LANES; ++k) {
            after_layer(k, layers_done, 4 * i, layer.y, z[LANES * i + k]);
            y[LANES * i + k] = activate(layer.x, z[LANES * i + k]);
        }
}

void head(int below, int here) {
    dense(below, here);
    for (int i = 0; i < here * u_one; ++i)
        for (int k = 0; k < LANES; ++k)
            total[k * HEAD_QUADS + i] += z[LANES * i + k];
}
