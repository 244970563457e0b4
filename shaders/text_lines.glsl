// The lines of a layer's units are laid over those of the layers before.
vec4 carry = vec4(0.0); // their colour, times the share of the pixel that they cover, and that share

void after_layer(int unit, vec4 z, vec4 z_u, vec4 z_v) {
    if (layers_done + unit == 0) carry = vec4(0.0);
    carry = layer_function(carry, layers_done + 1, unit, 4 * QUADS, z, z_u, z_v);
}

vec4 carried() {
    return carry;
}
