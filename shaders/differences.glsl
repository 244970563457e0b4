// Where a pixel's further columns hold values one pixel further on, to the right and upwards: what
// they say of the slope.
vec4 slope_of(vec4 value, vec4 column) {
    return (column - value) / pixel_width();
}

// Four features there, of column 1 or 2.
vec4 feature_slopes(int i, vec2 uv, int column) {
    return features(i, uv + pixel_width() * vec2(2 - column, column - 1));
}
