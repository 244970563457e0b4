// A page's pixel over the picture that a network learns, of which it shows the average of what it
// covers: twin of netart/lens/target.py, which sums up where this looks at each pixel of that.
#include "srgb.glsl"

uniform sampler2D u_target;       // its levels, row 0 on top
uniform sampler2D u_target_light; // of each level the linear light, less the paper's
uniform int u_target_channels;    // 1 for grey, or 3
uniform float u_target_middle;    // of its span in x and y
uniform float u_target_scale;     // its pixels in a unit of x and y
uniform vec3 u_target_paper;      // linear light around it

// Of what a pixel covers, `reach` to both sides of `at`, the part in the pixel `place` of it.
vec2 covered(ivec2 place, vec2 at, vec2 reach) {
    vec2 low = vec2(place) - at;
    return max(min(reach, low + 1.0) - max(-reach, low), 0.0);
}

// Display sRGB.
vec3 under() {
    vec2 size = vec2(u_size / u_samples);
    vec2 pixel = 2.0 * vec2(u_origin + first_pixel()) + 1.0;
    vec2 uv = vec2(pixel.x - size.x, size.y - pixel.y) / min(size.x, size.y);
    vec2 sides = vec2(textureSize(u_target, 0));
    vec2 away = vec2(coordinate(0, uv), coordinate(1, uv)) - u_target_middle;
    vec2 at = vec2(1, -1) * u_target_scale * away + 0.5 * sides;
    vec2 along = vec2(length(u_inputs[0].yz), length(u_inputs[1].yz));
    vec2 reach = max(pixel_width() * u_target_scale * along, 1e-11) / 2.0;
    ivec2 first = ivec2(clamp(floor(at - reach), vec2(0.0), sides));
    ivec2 last = ivec2(clamp(floor(at + reach), vec2(-1.0), sides - 1.0));
    vec3 light = vec3(0.0);
    for (int y = first.y; y <= last.y; ++y)
        for (int x = first.x; x <= last.x; ++x) {
            vec3 found = texelFetch(u_target, ivec2(x, y), 0).rgb;
            ivec3 level = ivec3((u_target_channels == 1 ? found.rrr : found) * 255.0 + 0.5);
            vec2 part = covered(ivec2(x, y), at, reach) / (2.0 * reach);
            light += part.x * part.y * vec3(
                texelFetch(u_target_light, ivec2(level.r, 0), 0).r,
                texelFetch(u_target_light, ivec2(level.g, 0), 0).g,
                texelFetch(u_target_light, ivec2(level.b, 0), 0).b);
        }
    return srgb_encode(u_target_paper + light);
}
#define OVER
#include "web_main.glsl"
