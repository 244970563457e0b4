// The colour of lines, times the share of it, and the share of the pixel that they cover.
vec4 ink() {
    return carried();
}
