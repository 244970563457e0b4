// The network at a point, layer by layer, with the derivatives of all units to u and to v: four
// units are a vec4.

vec4 y[QUADS], y_u[QUADS], y_v[QUADS]; // units of the layer before
vec4 z[QUADS], z_u[QUADS], z_v[QUADS]; // what this layer makes of them, before its activation

// z of the next layer; its inputs and units in fours.
void dense(int inputs, int units) {
    for (int i = ZERO; i < units; ++i) {
        vec4 sum = bias(at++), sum_u = bias_of_slope(sum), sum_v = sum_u;
        for (int j = ZERO; j < inputs; ++j, ++at) {
            mat4 weights = mat4(weight(at), weight(at + inputs), weight(at + 2 * inputs),
                weight(at + 3 * inputs));
            sum += y[j] * weights;
            sum_u += y_u[j] * weights;
            sum_v += y_v[j] * weights;
        }
        z[i] = sum;
        z_u[i] = sum_u;
        z_v[i] = sum_v;
        at += 3 * inputs;
    }
}

void hidden(int inputs, int units) {
    dense(inputs, units);
    for (int i = ZERO; i < units; ++i) {
        after_layer(4 * i, z[i], slope_of(z[i], z_u[i]), slope_of(z[i], z_v[i]));
        y[i] = activate(z[i]);
        y_u[i] = activated_slope(z[i], y[i], z_u[i]);
        y_v[i] = activated_slope(z[i], y[i], z_v[i]);
    }
    ++layers_done;
}

void first_layer(vec2 uv) {
    for (int i = 0; i < FIRST; ++i) {
        y[i] = features(i, uv);
        y_u[i] = feature_slopes(i, uv, vec2(1.0, 0.0));
        y_v[i] = feature_slopes(i, uv, vec2(0.0, 1.0));
    }
}
