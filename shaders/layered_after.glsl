// Pass: a lens looks at a layer's pre-activations, all of one pixel. Out: what it makes of them and
// of what it carried from the layers before.

uniform int u_layer; // where the layer begins in the weights
uniform int u_depth; // its number, from 1
uniform int u_pixels; // columns of the state that hold values; others hold derivatives

void main() {
    int column = place().x;
    if (column >= u_pixels) {
        write_quad(vec4(0.0));
        return;
    }
    cursor = u_layer;
    int width = int(weight(0).y);
    vec4 carry = u_depth > 1 ? carried_below(column) : vec4(0.0);
    for (int i = 0; 4 * i < width; ++i) {
        vec4 z = below(column, i), z_u = vec4(0.0), z_v = z_u;
#if COLUMNS > 1
        z_u = slope_of(z, below(u_pixels + column, i));
        z_v = slope_of(z, below(2 * u_pixels + column, i));
#endif
        carry = layer_function(carry, u_depth, 4 * i, width, z, z_u, z_v);
    }
    write_quad(carry);
}
