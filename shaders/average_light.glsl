// What the samples of a pixel, display sRGB, are added up as: linear light. A single sample stays
// as it is. colour: red, green, blue in [0, 1] and alpha.
#include "srgb.glsl"

vec4 average_light(vec4 colour) {
    return u_samples > 1 ? vec4(srgb_decode(colour.rgb), colour.a) : colour;
}
