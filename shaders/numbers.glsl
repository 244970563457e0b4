// The last pass of every picture: from what the samples of its pixels add up to, to the numbers
// that are read back, packed as memory holds them: a row of the picture is a row of 32-bit words,
// four to a texel. Twin of netart/evaluate/numbers.py.
#include "dither.glsl"

uniform ivec2 u_origin;  // column and row in the picture of the first pixel
uniform int u_width;     // pixels of a row
uniform int u_samples;   // samples across a pixel, and as many down it
uniform float u_white;   // the whole number of 1
uniform int u_dither;    // 1: whole numbers follow the pattern

layout(location = 0) out uvec4 o_words;

// The bits of a number: the row's `at`th, all channels of a pixel after each other.
uint number(int at, int row) {
    ivec2 pixel = ivec2(at / CHANNELS, row);
    int channel = at % CHANNELS;
    if (pixel.x >= u_width) return 0u;
    vec4 value = sum(pixel);
    if (u_samples > 1) value = mean(value / float(u_samples * u_samples));
    if (BYTES == 4) return floatBitsToUint(value[channel]);
    float raised = u_dither == 1 ? pattern(uvec2(u_origin + pixel), uint(channel)) : 0.5;
    return uint(value[channel] * u_white + raised);
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    for (int k = 0; k < 4; ++k) {
        int first = (4 * here.x + k) * (4 / BYTES);
        uint word = 0u;
        for (int b = 0; b < 4 / BYTES; ++b)
            word |= number(first + b, here.y) << uint(8 * BYTES * b);
        o_words[k] = word;
    }
}
