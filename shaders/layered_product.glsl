// Pass: a wide layer's weights times units, plus biases, as a product of matrices in tiles. A group
// makes TILE units of TILE pixels, an invocation 8 of the units for 4 of the pixels; they go
// through the inputs STEP at a time, which the group has copied to shared memory.
const int TILE = 64; // PRODUCT_TILE in netart/evaluate/dialects.py
const int STEP = 8;
const int QUADS = TILE / 4;

layout(local_size_x = 128) in; // TILE / 8 * TILE / 4

layout(std430) readonly buffer u_below {
    vec4 units_below[]; // of the layer before: a row for each unit, a vec4 for each four pixels
};
layout(std430) writeonly buffer u_units {
    vec4 units[]; // of this layer
};

uniform int u_stride;      // columns of a row
uniform int u_layer;       // where the layer begins in the weights
uniform int u_quads_below; // width of the layer before, in quads
uniform int u_quads;       // width of this layer, in quads
uniform int u_activates;   // 1: apply the activation, 0: leave pre-activations
uniform int u_pixels;      // columns of the state that hold values; others hold derivatives

shared vec4 s_weights[STEP * QUADS];
shared vec4 s_below[STEP * QUADS];

// A unit of this layer for four pixels. at: the unit's number and the pixels' place in a row.
void write_unit(ivec2 at, vec4 z) {
    if (at.x >= 4 * u_quads) return;
    if (4 * at.y < u_pixels) z += weight(1 + at.x / 4)[at.x % 4];
    units[at.x * (u_stride / 4) + at.y] = u_activates == 1 ? activate(int(weight(0).x), z) : z;
}

void main() {
    int t = int(gl_LocalInvocationIndex), stride = u_stride / 4;
    int first_pixels = QUADS * int(gl_WorkGroupID.x), first_quad = QUADS * int(gl_WorkGroupID.y);
    int quad = t / QUADS * 2, pixels = t % QUADS; // of this invocation, in the tile
    int copied = t % QUADS, row = t / QUADS;      // what it copies
    cursor = u_layer;
    vec4 z0 = vec4(0.0), z1 = z0, z2 = z0, z3 = z0, z4 = z0, z5 = z0, z6 = z0, z7 = z0;
    for (int first = 0; first < 4 * u_quads_below; first += STEP) {
        int i = first + row;
        bool inside = i < 4 * u_quads_below;
        barrier(); // all have read the step before
        s_weights[t] = inside && first_quad + copied < u_quads
            ? weight(1 + (1 + i) * u_quads + first_quad + copied) : vec4(0.0);
        s_below[t] = inside ? units_below[i * stride + first_pixels + copied] : vec4(0.0);
        barrier();
        for (int k = 0; k < STEP; ++k) {
            vec4 a = s_weights[k * QUADS + quad], b = s_weights[k * QUADS + quad + 1];
            vec4 y = s_below[k * QUADS + pixels];
            z0 += a.x * y;
            z1 += a.y * y;
            z2 += a.z * y;
            z3 += a.w * y;
            z4 += b.x * y;
            z5 += b.y * y;
            z6 += b.z * y;
            z7 += b.w * y;
        }
    }
    ivec2 at = ivec2(4 * (first_quad + quad), first_pixels + pixels);
    write_unit(at, z0);
    write_unit(at + ivec2(1, 0), z1);
    write_unit(at + ivec2(2, 0), z2);
    write_unit(at + ivec2(3, 0), z3);
    write_unit(at + ivec2(4, 0), z4);
    write_unit(at + ivec2(5, 0), z5);
    write_unit(at + ivec2(6, 0), z6);
    write_unit(at + ivec2(7, 0), z7);
}
