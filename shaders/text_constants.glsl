// Four numbers of the network.
vec4 texel(int at) {
    return NUMBERS[at];
}
