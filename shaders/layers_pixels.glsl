// A lens looks at every hidden layer, before its activation, where columns are pixels: its
// `layer_function` makes a new `carried` of the old one and four pre-activations of a pixel.
LANE_MATRIX carry = LANE_MATRIX(0.0);

void after_layer(int layer, int quad, int width) {
    for (int k = 0; k < LANES; ++k)
        carry[k] = layer_function(carry[k], layer, 4 * quad, width, z[quad][k]);
}

vec4 carried() {
    return carry[lane];
}
