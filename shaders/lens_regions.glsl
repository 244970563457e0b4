// Which output is the largest, or on which side of a level one lies, as a region's colour, and lines
// between regions. Twin of the pixel function in netart/lens/regions.py, which gives the uniforms:
//   u_regions   outputs that are compared; 1 for one output and its level
//   u_level     of one output
//   u_jumps     1 where outputs jump and derivatives are differences, else 0
//   u_boundary  width in pixels of the line between regions
//   u_ink       its colour, display sRGB
//   u_low, u_gain, u_power, u_levels  shade = clamp((margin - u_low) u_gain)^u_power in flat steps,
//               0 for none; u_gain is 0 where all of a region has one shade, u_shade
// and the table: a row of shades for each region, from pale to full.
#include "nan.glsl"
#include "table_texture.glsl"

const float FAR = 1e30;

// An output at the point (0), or a pixel to the right (1) or above (2) by its derivatives.
float output_at(int k, int place) {
    float value = outputs(k / 4)[k % 4];
    if (place == 1) value += pixel_width() * slopes_u(k / 4)[k % 4];
    if (place == 2) value += pixel_width() * slopes_v(k / 4)[k % 4];
    return value;
}

// The number of the largest output, the first of equals, but for one.
int largest(int place, int but) {
    int found = but == 0 ? 1 : 0;
    for (int k = found + 1; k < u_regions; ++k)
        if (k != but && output_at(k, place) > output_at(found, place)) found = k;
    return found;
}

int region_at(int place) {
    if (u_regions == 1) return output_at(0, place) > u_level ? 0 : 1;
    return largest(place, -1);
}

vec2 gradient(int k) {
    return vec2(slopes_u(k / 4)[k % 4], slopes_v(k / 4)[k % 4]);
}

vec3 region_colour(int region, float shade) {
    int last = table_size().x - 1;
    float place = shade * float(last);
    int below = min(int(place), last - 1);
    vec3 pale = table(ivec2(below, region)).xyz;
    return mix(pale, table(ivec2(below + 1, region)).xyz, place - float(below));
}

vec4 lens_regions() {
    for (int k = 0; k < u_regions; ++k)
        if (are_nan(vec4(outputs(k / 4)[k % 4])).x) return NAN_COLOUR;
    int here = region_at(0), there = 1 - here;
    float margin = abs(output_at(0, 0) - u_level);
    vec2 slope = gradient(0);
    if (u_regions > 1) {
        there = largest(0, here);
        margin = output_at(here, 0) - output_at(there, 0);
        slope = gradient(here) - gradient(there);
    }
    float away = FAR; // pixels to the boundary
    if (u_jumps == 1) {
        if (region_at(1) != here || region_at(2) != here) away = 0.0;
    } else {
        float steep = pixel_width() * length(slope);
        if (margin < FAR * steep) away = margin / steep;
    }
    float shade = u_shade;
    if (u_gain > 0.0) {
        shade = pow(clamp((margin - u_low) * u_gain, 0.0, 1.0), u_power);
        if (u_levels > 0.0)
            shade = min(floor(shade * u_levels), u_levels - 1.0) / (u_levels - 1.0);
    }
    vec3 colour = mix(region_colour(here, shade), region_colour(there, shade),
        u_jumps == 1 ? 0.0 : clamp(0.5 - away, 0.0, 1.0));
    float line = clamp(0.5 * u_boundary + 0.5 - away, 0.0, min(u_boundary, 1.0));
    return vec4(mix(colour, u_ink, line), 1.0);
}
