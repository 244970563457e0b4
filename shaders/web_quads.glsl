// Where the passes of a layer go, in a page: a fragment makes four units of a sample. WebGL adds to
// floats nowhere, so read-outs are added by hand.
layout(location = 0) out vec4 o_quad;

uniform int u_adds;        // 1: to u_added, of the same shape
uniform sampler2D u_added;

// The sample's column in the state, and the quad.
ivec2 place() {
    return ivec2(gl_FragCoord.xy);
}

void write_quad(vec4 units) {
    o_quad = u_adds == 1 ? units + texelFetch(u_added, place(), 0) : units;
}
