// Where the pixels of a one-pass shader go: a fragment is LANES neighbouring pixels of a row, each of
// which is written to a target of its own.
layout(location = 0) out vec4 o_pixels[LANES];

// Column and row of the first of them, in the part of the picture that is drawn.
ivec2 first_pixel() {
    return ivec2(LANES * int(gl_FragCoord.x), int(gl_FragCoord.y));
}

// pixels: a column for each.
void write(LANE_MATRIX pixels) {
    for (int k = 0; k < LANES; ++k)
        o_pixels[k] = pixels[k];
}
