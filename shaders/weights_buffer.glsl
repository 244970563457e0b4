// Reads the weights from a buffer: a stream of texels, in the order that netart/evaluate/weights.py
// packs them.

layout(std430) readonly buffer u_weights {
    vec4 weights[];
};

int cursor = 0; // where in the stream the layer begins that is read

// A texel of the layer.
vec4 weight(int at) {
    return weights[cursor + at];
}
