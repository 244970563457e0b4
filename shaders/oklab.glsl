// Oklab to display sRGB: Ottosson 2020; IEC 61966-2-1. What is out of gamut is clipped.

vec3 srgb_encode(vec3 linear) {
    linear = clamp(linear, 0.0, 1.0);
    vec3 curved = 1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055;
    return mix(curved, 12.92 * linear, lessThanEqual(linear, vec3(0.0031308)));
}

vec3 display_from_oklab(vec3 lab) {
    vec3 lms = vec3(
        lab.x + 0.3963377774 * lab.y + 0.2158037573 * lab.z,
        lab.x - 0.1055613458 * lab.y - 0.0638541728 * lab.z,
        lab.x - 0.0894841775 * lab.y - 1.2914855480 * lab.z);
    lms *= lms * lms;
    return srgb_encode(vec3(
        4.0767416621 * lms.x - 3.3077115913 * lms.y + 0.2309699292 * lms.z,
        -1.2684380046 * lms.x + 2.6097574011 * lms.y - 0.3413193965 * lms.z,
        -0.0041960863 * lms.x - 0.7034186147 * lms.y + 1.7076147010 * lms.z));
}
