// Reads the weights of a layer from shared memory, where all invocations of a group have copied
// them: each weight is fetched once a group. The stream is that of weights_buffer.glsl.

layout(std430) readonly buffer u_weights {
    vec4 weights[];
};

shared vec4 s_layer[LAYER_TEXELS];

int cursor = 0; // where in the stream the layer begins that is read

// Before a layer is read: so many of its texels. All invocations come here together.
void begin_layer(int texels) {
    int group = int(gl_WorkGroupSize.x * gl_WorkGroupSize.y);
    barrier(); // all have read the layer before
    for (int k = int(gl_LocalInvocationIndex); k < texels; k += group)
        s_layer[k] = weights[cursor + k];
    barrier();
}

// A texel of the layer.
vec4 weight(int at) {
    return s_layer[at];
}
