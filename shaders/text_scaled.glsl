// The weights of a unit from four inputs.
vec4 weight(int at) {
    return u_weight_scale * texel(at);
}

// The biases of four units.
vec4 bias(int at) {
    return u_bias_scale * texel(at);
}
