// What jumps has no derivatives: all is evaluated a pixel further on, too.
vec4 bias_of_slope(vec4 bias) {
    return bias;
}

vec4 activated_slope(vec4 z, vec4 y, vec4 beside) {
    return activate(beside);
}

vec4 slope_of(vec4 value, vec4 beside) {
    return (beside - value) / pixel_width();
}

vec4 feature_slopes(int i, vec2 uv, vec2 along) {
    return features(i, uv + pixel_width() * along);
}
