// In place of layers_pixels.glsl where no lens looks at the hidden layers.
void after_layer(int layer, int quad, int width) {
}
