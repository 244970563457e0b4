// Where a pixel's further columns hold derivatives to u and to v: what they say of the slope.
vec4 slope_of(vec4 value, vec4 column) {
    return column;
}
