// From linear light of samples to display sRGB of a page's pixels.
#include "srgb.glsl"

uniform sampler2D u_drawn;
uniform float u_samples; // across a pixel; 0.5 for one over two pixels

layout(location = 0) out vec4 o_pixel;

void main() {
    ivec2 first = ivec2(u_samples * floor(gl_FragCoord.xy));
    int count = int(u_samples);
    vec3 sum = vec3(0.0);
    for (int k = 0; k < count * count; ++k)
        sum += texelFetch(u_drawn, first + ivec2(k % count, k / count), 0).rgb;
    vec3 light = count > 0 ? sum / float(count * count)
        : texture(u_drawn, u_samples * gl_FragCoord.xy / vec2(textureSize(u_drawn, 0))).rgb;
    o_pixel = vec4(srgb_encode(light), 1.0);
}
