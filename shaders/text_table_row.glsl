vec4 table(ivec2 at) {
    return TABLE[at.x];
}

ivec2 table_size() {
    return ivec2(TABLE.length(), 1);
}
