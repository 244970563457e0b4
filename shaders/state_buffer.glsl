// Reads what a pass before has made, where a network that is too wide for registers is drawn layer
// by layer: buffers with a row for each unit and a column for each pixel of a tile.

layout(std430) readonly buffer u_below {
    float units_below[]; // of the layer before
};
layout(std430) readonly buffer u_carried {
    float carried_units[]; // what the lens has made of the layers before
};

uniform int u_stride; // columns of a row; what lies beyond it is read from its last one

// Units 4 quad to 4 quad + 3 of the layer before.
vec4 below(int column, int quad) {
    int at = 4 * quad * u_stride + min(column, u_stride - 1);
    return vec4(units_below[at], units_below[at + u_stride], units_below[at + 2 * u_stride],
        units_below[at + 3 * u_stride]);
}

vec4 carried_below(int column) {
    column = min(column, u_stride - 1);
    return vec4(carried_units[column], carried_units[column + u_stride],
        carried_units[column + 2 * u_stride], carried_units[column + 3 * u_stride]);
}
