// Several samples of a pixel, display sRGB, add up in linear light; a single one stays as it is.
#include "srgb.glsl"

vec4 average_light(vec4 colour) {
    return u_samples > 1 ? vec4(srgb_decode(colour.rgb), colour.a) : colour;
}
