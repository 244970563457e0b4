// In place of layers_pixels.glsl where no lens looks at the hidden layers.
void after_layer(int lane, int layer, int unit, int width, vec4 z) {
}

void after_layer(int lane, int layer, int unit, int width, vec4 z, vec4 z_u, vec4 z_v) {
}
