// Where the pixels of a one-pass shader go: a fragment is four neighbouring pixels of a row, which
// are written to four targets.
layout(location = 0) out vec4 o_first;
layout(location = 1) out vec4 o_second;
layout(location = 2) out vec4 o_third;
layout(location = 3) out vec4 o_fourth;

// Column and row of the first of the four, in the part of the picture that is drawn.
ivec2 first_pixel() {
    return ivec2(4 * int(gl_FragCoord.x), int(gl_FragCoord.y));
}

// four: a column for each pixel.
void write(mat4 four) {
    o_first = four[0];
    o_second = four[1];
    o_third = four[2];
    o_fourth = four[3];
}
