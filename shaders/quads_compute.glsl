// Where the passes of a layer go: an invocation makes four units of a pixel.
layout(local_size_x = 64) in; // COLUMN_GROUP in netart/evaluate/dialects.py

layout(std430) buffer u_units {
    float units[];
};

uniform int u_adds; // 1: add to what is there

// The pixel's column in the state, and the quad.
ivec2 place() {
    return ivec2(gl_GlobalInvocationID.xy);
}

void write_quad(vec4 quad) {
    int at = 4 * place().y * u_stride + place().x;
    for (int k = 0; k < 4; ++k, at += u_stride)
        units[at] = u_adds == 1 ? units[at] + quad[k] : quad[k];
}
