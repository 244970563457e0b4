// Where the passes of a layer go: a fragment makes four units of a pixel.
layout(location = 0) out vec4 o_quad;

// The pixel's column in the state, and the quad.
ivec2 place() {
    return ivec2(gl_FragCoord.xy);
}

void write_quad(vec4 units) {
    o_quad = units;
}
