// Four numbers of the network, as Buffer A has them.
vec4 texel(int at) {
    return texelFetch(iChannel0, ivec2(at % BUFFER_WIDTH, at / BUFFER_WIDTH), 0);
}
