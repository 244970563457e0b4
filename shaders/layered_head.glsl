// What the lens reads in the last pass: the outputs, which are all read-outs added up, and what it
// carried through the layers.

uniform int u_columns; // pixels in a row of the tile, or samples
uniform int u_depth;   // the number of hidden layers
uniform int u_pixels;  // columns of the state for all pixels: values, then derivatives

// The column in the state of the pixel, or of its sample.
int column() {
    ivec2 pixel = first_pixel();
#ifdef ALL_SAMPLES
    pixel = u_samples * pixel + u_sample;
#endif
    return pixel.y * u_columns + pixel.x;
}

vec4 outputs(int i) {
    return below(column(), i);
}

#if COLUMNS > 1
vec4 slopes_u(int i) {
    return slope_of(outputs(i), below(u_pixels + column(), i));
}

vec4 slopes_v(int i) {
    return slope_of(outputs(i), below(2 * u_pixels + column(), i));
}
#endif

vec4 carried() {
    return u_depth > 0 ? carried_below(column()) : vec4(0.0);
}
