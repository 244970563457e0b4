// A fragment stands for four neighbouring pixels of a row: each has a target of its own.
layout(location = 0) out vec4 o_first;
layout(location = 1) out vec4 o_second;
layout(location = 2) out vec4 o_third;
layout(location = 3) out vec4 o_fourth;

// The first of the four, counted in the part that is drawn.
ivec2 first_pixel() {
    return ivec2(4 * int(gl_FragCoord.x), int(gl_FragCoord.y));
}

void write(mat4 four) {
    o_first = four[0];
    o_second = four[1];
    o_third = four[2];
    o_fourth = four[3];
}
