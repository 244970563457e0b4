// The colour of a layer's lines, and how opaque they are.
vec4 line_of(int layer, int unit) {
    return LINES[layer - 1];
}

int line_layers() {
    return LINES.length();
}
