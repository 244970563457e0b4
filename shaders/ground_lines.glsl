// The distance in u and v from where the nearest of UNITS outputs is zero: twin of the pixel
// function in netart/lens/landscape.py.
vec4 ground_lines() {
    float nearest = FARTHEST;
    for (int i = 0; i < UNITS; ++i) {
        vec4 z = outputs(i / 4), u = slopes_u(i / 4), v = slopes_v(i / 4);
        float slope = length(vec2(u[i % 4], v[i % 4]));
        nearest = min(nearest, abs(z[i % 4]) / max(slope, FLATTEST));
    }
    return vec4(nearest, 0.0, 0.0, 0.0);
}
