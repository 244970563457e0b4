// As lens_colour.glsl, and then light. Twin of the pixel function in netart/lens/colour.py where
// the look has a light. Further names: `slope_output`, the derivative of `act_output`, and
// `finish`, from a Surface to display sRGB. Further uniforms:
//   u_drawn  outputs that the palette reads, 1 to 3; of u_used, which the light reads too
#include "lens_colour.glsl"
#include "surface.glsl"

// Numbers that can be computed with: 0 for NaN, and none beyond the limit.
vec3 bound(vec3 values, float limit) {
    bvec3 nan = are_nan(vec4(values, 0.0)).xyz;
    return clamp(mix(values, vec3(0.0), nan), -limit, limit);
}

vec4 lens_light() {
    vec4 z = outputs(0), y = act_output(z);
    vec3 t = stretched(y);
    if (is_lost(t)) return NAN_COLOUR;
    vec3 gain = slope_output(z, y).xyz * u_gain;
    Surface surface;
    surface.colour = palette(shaped(clamp(t, 0.0, 1.0)));
    t = bound(t, FARTHEST);
    surface.t = t;
    surface.t_u = bound(gain * slopes_u(0).xyz, STEEPEST);
    surface.t_v = bound(gain * slopes_v(0).xyz, STEEPEST);
    vec3 graded = t, by_t = vec3(1.0);
    if (u_power != 1.0) {
        vec3 size = max(abs(t), FLATTEST);
        graded = bound(sign(t) * pow(size, vec3(u_power)), FARTHEST);
        by_t = u_power * pow(size, vec3(u_power - 1.0));
    }
    surface.graded = mix(graded, 1.0 - graded, u_invert);
    by_t *= 1.0 - 2.0 * u_invert;
    surface.graded_u = bound(by_t * surface.t_u, STEEPEST);
    surface.graded_v = bound(by_t * surface.t_v, STEEPEST);
    return vec4(finish(surface), 1.0);
}
