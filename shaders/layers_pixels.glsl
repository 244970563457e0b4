// A lens looks at every hidden layer, before its activation, where columns are pixels: its
// `layer_function` makes a new `carried` of the old one and four pre-activations of a pixel.
vec4 carry[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));

void after_layer(int layer, int quad, int width) {
    for (int k = 0; k < 4; ++k)
        carry[k] = layer_function(carry[k], layer, 4 * quad, width, z[quad][k]);
}

vec4 carried() {
    return carry[lane];
}
