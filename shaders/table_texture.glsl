// The table of a lens or a palette, as a texture.
uniform sampler2D u_table;

vec4 table(ivec2 at) {
    return texelFetch(u_table, at, 0);
}

ivec2 table_size() {
    return textureSize(u_table, 0);
}
