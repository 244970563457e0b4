// Lines at the levels k / levels of a value, their widths in pixels, and ink on a ground.
#include "surface.glsl"
#include "srgb.glsl"

// What lines follow, and its derivatives to u and v: the mean of the first two outputs that the
// palette reads.
vec3 followed(Surface surface) {
    vec3 first = vec3(surface.graded.x, surface.graded_u.x, surface.graded_v.x);
    vec3 second = vec3(surface.graded.y, surface.graded_u.y, surface.graded_v.y);
    return u_drawn > 1 ? 0.5 * (first + second) : first;
}

// How many pixels the nearest line is away, and how many lines are in a pixel.
vec2 lines(vec3 value, float levels) {
    float f = levels * value.x;
    float density = levels * pixel_width() * length(value.yz) + FLATTEST;
    return vec2((abs(f - floor(f + 0.5)) + NEAREST) / density, density);
}

// How much of a pixel a line covers; less where lines come closer to each other than pixels.
float stroke(float away, float density, float width) {
    float fade = sqrt(clamp(1.2 - 1.2 * density, 0.0, 1.0));
    return clamp(0.5 * width + 0.5 - away, 0.0, 1.0) * fade;
}

// Display sRGB of a ground, linear light, of which ink covers a share.
vec3 inked(vec3 ground, float share) {
    return srgb_encode(mix(ground, u_ink, share));
}
