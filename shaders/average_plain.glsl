// The samples of a pixel, any numbers, are added up as they are.
vec4 average_plain(vec4 value) {
    return value;
}

vec4 mean_plain(vec4 value) {
    return value;
}
