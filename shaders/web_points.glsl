// Where a page's points go: a vertex is a point of a grid, and a buffer takes its value.
out vec4 o_value;

// Column and row of the point.
ivec2 first_pixel() {
    return ivec2(gl_VertexID % u_size.x, gl_VertexID / u_size.x);
}

void write(int column, vec4 value) {
    o_value = value;
    gl_Position = vec4(0.0);
}
