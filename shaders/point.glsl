// From a pixel to its place in input space, the only coordinates there are.

uniform ivec2 u_size;          // of the whole picture, in pixels
uniform ivec2 u_origin;        // first pixel of what is drawn now; rows count downwards here
uniform vec3 u_inputs[INPUTS]; // of each input (c, a, b): its coordinate is c + a u + b v

// (u, v) of a pixel's centre: +-1 at the ends of the shorter side, v upwards.
vec2 plane(ivec2 pixel) {
    float shorter = float(min(u_size.x, u_size.y));
    return vec2(float(2 * pixel.x + 1 - u_size.x), float(u_size.y - 1 - 2 * pixel.y)) / shorter;
}

float coordinate(int input_index, vec2 uv) {
    vec3 row = u_inputs[input_index];
    return row.x + (row.y * uv.x + row.z * uv.y);
}
