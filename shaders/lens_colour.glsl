// From outputs to display sRGB in [0, 1] and alpha. Twin of the pixel function in
// netart/lens/colour.py, which gives the uniforms:
//   u_low, u_gain, u_middle  t = (z - u_low) u_gain + u_middle
//   u_used                   outputs that the palette reads, 1 to 3
//   u_power                  1 / gamma
//   u_invert                 1 to run through the palette backwards, else 0
//   u_levels                 flat steps of the palette, 0 for none
// and names two functions: `act_output`, which outputs go through first, giving z, and `palette`,
// from t in [0, 1] to display sRGB.
#include "nan.glsl"

// t in [0, 1] after gamma, invert and posterize.
vec3 shaped(vec3 t) {
    t = u_power == 1.0 ? t : pow(t, vec3(u_power));
    t = mix(t, 1.0 - t, u_invert);
    return u_levels > 0.0 ? min(floor(t * u_levels), u_levels - 1.0) / (u_levels - 1.0) : t;
}

// t of what went through act_output, not clipped.
vec3 stretched(vec4 y) {
    return (y.xyz - u_low) * u_gain + u_middle;
}

// Whether one of the values that are read is NaN.
bool is_lost(vec3 t) {
    bvec4 nan = are_nan(vec4(t, 0.0));
    return nan.x || (u_used > 1 && nan.y) || (u_used > 2 && nan.z);
}

vec4 lens_colour() {
    vec3 t = stretched(act_output(outputs(0)));
    if (is_lost(t)) return NAN_COLOUR;
    return vec4(palette(shaped(clamp(t, 0.0, 1.0))), 1.0);
}
