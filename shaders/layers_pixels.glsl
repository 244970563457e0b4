// A lens looks at every hidden layer, before its activation, where lanes are pixels: its
// `layer_function` makes a new `carried` of the old one and four pre-activations of a pixel.
vec4 carry[LANES];

void after_layer(int lane, int layer, int unit, int width, vec4 z, vec4 z_u, vec4 z_v) {
    vec4 before = layer > 1 || unit > 0 ? carry[lane] : vec4(0.0);
    carry[lane] = layer_function(before, layer, unit, width, z, z_u, z_v);
}

void after_layer(int lane, int layer, int unit, int width, vec4 z) {
    after_layer(lane, layer, unit, width, z, vec4(0.0), vec4(0.0));
}

vec4 carried() {
    return layers_done > 0 ? carry[pixel_lane] : vec4(0.0);
}
