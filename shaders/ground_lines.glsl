// The distance from where the nearest of UNITS outputs is zero, as a camera sees it of whose
// elevation u_sine is the sine, and from which v goes away: twin of the pixel function in
// netart/lens/landscape.py.
vec4 ground_lines() {
    float nearest = FARTHEST;
    for (int i = 0; i < UNITS; ++i) {
        vec4 z = outputs(i / 4), u = slopes_u(i / 4), v = slopes_v(i / 4);
        float slope = length(vec2(u[i % 4], v[i % 4] / u_sine));
        nearest = min(nearest, abs(z[i % 4]) / max(slope, FLATTEST));
    }
    return vec4(nearest, 0.0, 0.0, 0.0);
}
