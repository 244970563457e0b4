// The network at a point, layer by layer: four units are a vec4.

vec4 y[QUADS]; // units of the layer before
vec4 z[QUADS]; // what this layer makes of them: weights times units, plus biases

// z of the next layer; its inputs and units in fours.
void dense(int inputs, int units) {
    for (int i = ZERO; i < units; ++i) {
        vec4 sum = bias(at++);
        for (int j = ZERO; j < inputs; ++j, ++at)
            sum += y[j] * mat4(weight(at), weight(at + inputs), weight(at + 2 * inputs),
                weight(at + 3 * inputs));
        z[i] = sum;
        at += 3 * inputs;
    }
}

void hidden(int inputs, int units) {
    dense(inputs, units);
    for (int i = ZERO; i < units; ++i)
        y[i] = activate(z[i]);
    ++layers_done;
}

void first_layer(vec2 uv) {
    for (int i = 0; i < FIRST; ++i)
        y[i] = features(i, uv);
}
