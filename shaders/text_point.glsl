// From a pixel, counted from the lower left corner, to its point (u, v) of the picture: 0 in the
// middle, 1 at the ends of the shorter side, v upwards.
vec2 plane(vec2 pixel) {
    return (2.0 * pixel - u_resolution.xy) / min(u_resolution.x, u_resolution.y);
}

// The width of a pixel, in u and v.
float pixel_width() {
    return 2.0 / min(u_resolution.x, u_resolution.y);
}
