// How far the largest output lies above the second, or one output from its level: the margin of
// lens_regions.glsl by itself.
vec4 margin() {
    if (u_regions == 1) return vec4(abs(outputs(0).x - u_level));
    float first = outputs(0).x, second = -1e38;
    for (int k = 1; k < u_regions; ++k) {
        float value = outputs(k / 4)[k % 4];
        second = max(second, min(value, first));
        first = max(first, value);
    }
    return vec4(first - second);
}
