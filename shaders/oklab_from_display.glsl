// Display sRGB in [0, 1] to Oklab; back goes display_from_oklab.glsl.
#include "srgb.glsl"

vec3 oklab_from_display(vec3 display) {
    return LAB_FROM_LMS * pow(LMS_FROM_LINEAR * srgb_decode(display), vec3(1.0 / 3.0));
}
