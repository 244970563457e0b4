// Where a fragment shader's pixels go: a fragment is LANES neighbouring pixels of a row, each of
// which goes to a target of its own, where the samples of a pixel are added up by blending.
layout(location = 0) out vec4 o_pixels[LANES];

// Column and row of the first of them, in the part of the picture that is drawn.
ivec2 first_pixel() {
    return ivec2(LANES * int(gl_FragCoord.x), int(gl_FragCoord.y));
}

// A sample of the pixel that many columns after the first.
void write(int column, vec4 value) {
    o_pixels[column] = value;
}
