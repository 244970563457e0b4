// A page's pixel: the mean of its samples as 8 bits, rounded, or dithered by a pattern. Where OVER
// is defined, they are ink over what `under` gives.
#include "dither.glsl"

uniform int u_dither; // 1: dithered

void main() {
    sum = vec4(0.0);
    for (int k = 0; k < u_samples * u_samples; ++k) {
        u_sample = ivec2(k % u_samples, k / u_samples);
        draw_sample();
    }
    vec4 value = u_samples > 1 ? mean(sum / float(u_samples * u_samples)) : sum;
#ifdef OVER
    value.rgb += (1.0 - value.a) * under();
#endif
    uvec2 pixel = uvec2(u_origin + first_pixel());
    vec3 raised = vec3(0.5);
    if (u_dither == 1) raised = vec3(pattern(pixel, 0u), pattern(pixel, 1u), pattern(pixel, 2u));
    o_pixel = vec4(floor(value.rgb * 255.0 + raised) / 255.0, 1.0);
}
