// A page's numbers as they are, one sample a pixel: as floats, or, where a GPU does not draw into
// these, the bytes of one of them.
uniform int u_channel; // 0 to 3: that one's bytes, the lowest first; -1: all as floats

void main() {
    sum = vec4(0.0);
    u_sample = ivec2(0);
    draw_sample();
    uint bits = floatBitsToUint(sum[max(u_channel, 0)]);
    vec4 bytes = vec4((uvec4(bits) >> uvec4(0, 8, 16, 24)) & 255u) / 255.0;
    o_pixel = u_channel < 0 ? sum : bytes;
}
