// The height of a landscape and its derivatives to u and v, and 0: twin of the pixel function in
// netart/lens/landscape.py, which gives the uniforms:
//   u_low, u_gain, u_middle  t = (y - u_low) u_gain + u_middle
// and names `act_output`, what the first output goes through, and its derivative `slope_output`.
vec4 lens_height() {
    vec4 z = outputs(0), y = act_output(z);
    float gain = slope_output(z, y).x * u_gain;
    return vec4(
        (y.x - u_low) * u_gain + u_middle, gain * slopes_u(0).x, gain * slopes_v(0).x, 0.0
    );
}
