// Reads what a pass before has made, where a network that is too large for onepass.glsl is drawn
// layer by layer: textures with a column for each pixel of a tile, and more for derivatives, and a
// row for each quad of units.

uniform sampler2D u_below;   // units of the layer before
uniform sampler2D u_carried; // what the lens has made of the layers before

// Units 4 quad to 4 quad + 3 of the layer before.
vec4 below(int column, int quad) {
    return texelFetch(u_below, ivec2(column, quad), 0);
}

vec4 carried_below(int column) {
    return texelFetch(u_carried, ivec2(column, 0), 0);
}
