vec4 line_of(int layer, int unit) {
    return LINES[(layer - 1) * UNIT_LINES + unit];
}

int line_layers() {
    return LINES.length() / UNIT_LINES;
}
