// A lens looks at every hidden layer, before its activation, in lanes that are pixels:
// `layer_function` makes the new `carried` of four units of a pixel.
vec4 carry[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));

void after_layer(int layer, int quad, int width) {
    for (int k = 0; k < 4; ++k)
        carry[k] = layer_function(carry[k], layer, 4 * quad, width, z[quad][k]);
}

vec4 carried() {
    return carry[lane];
}
