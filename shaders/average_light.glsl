// The samples of a pixel, display sRGB in [0, 1] and alpha, are added up as linear light.
#include "srgb.glsl"

vec4 average_light(vec4 colour) {
    return vec4(srgb_decode(colour.rgb), colour.a);
}

// The mean of samples, as display sRGB.
vec4 mean_light(vec4 light) {
    return vec4(srgb_encode(light.rgb), light.a);
}
