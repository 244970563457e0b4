// Layers of any width as loops: y, z and the weights are found by index. The compiler must not unroll
// them: a wide layer would be a text of thousands of lines.

uniform int u_one; // always 1, which the compiler cannot know

// z = W y + b for the layer at the cursor; widths in quads. Returns its activation and its width.
ivec2 dense(int below, int here) {
    ivec2 layer = ivec2(texel(cursor++).xy);
    for (int i = 0; i < here * u_one; ++i) {
        LANE_MATRIX sum = spread(texel(cursor++));
        for (int j = 0; j < below * u_one; ++j) {
            sum += matrix(cursor) * y[j];
            cursor += 4;
        }
        z[i] = sum;
    }
    return layer;
}

void hidden(int below, int here) {
    ivec2 layer = dense(below, here);
    layers_done += 1;
    for (int i = 0; i < here * u_one; ++i) {
        after_layer(layers_done, i, layer.y);
        y[i] = through(layer.x, i, z[i]);
    }
}

void head(int below, int here) {
    dense(below, here);
    for (int i = 0; i < here * u_one; ++i)
        total[i] += z[i];
}
