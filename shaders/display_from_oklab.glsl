// Oklab to display sRGB in [0, 1], clipped where sRGB has no such colour: Ottosson 2020, "A
// perceptual color space for image processing". The matrices are those of netart/shot/oklab.py.
#include "srgb.glsl"

vec3 display_from_oklab(vec3 lab) {
    vec3 lms = LMS_FROM_LAB * lab;
    return srgb_encode(LINEAR_FROM_LMS * (lms * lms * lms));
}
