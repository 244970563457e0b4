// Where a page's pixels go: a fragment is one, with all its samples. Rows are drawn in the
// picture's order.
layout(location = 0) out vec4 o_pixel;

uniform ivec2 u_place; // of the part that is drawn, in what it is drawn into

vec4 sum; // of the samples so far

// Column and row of the pixel, in the part of the picture that is drawn.
ivec2 first_pixel() {
    return ivec2(gl_FragCoord.xy) - u_place;
}

void write(int column, vec4 value) {
    sum += value;
}
