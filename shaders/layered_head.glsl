// What the lens reads in the last pass: the outputs, which are all read-outs added up, and what it
// carried through the layers.

uniform int u_columns; // pixels in a row of the tile
uniform int u_depth;   // the number of hidden layers

// The pixel's column in the state.
int column() {
    ivec2 pixel = first_pixel();
    return pixel.y * u_columns + pixel.x;
}

vec4 outputs(int i) {
    return below(column(), i);
}

vec4 carried() {
    return u_depth > 0 ? carried_below(column()) : vec4(0.0);
}
