// The lines of units, as a texture: a row for each layer whose lines are drawn.
uniform sampler2D u_layers;

vec4 line_of(int layer, int unit) {
    return texelFetch(u_layers, ivec2(unit, layer - 1), 0);
}

int line_layers() {
    return textureSize(u_layers, 0).y;
}
