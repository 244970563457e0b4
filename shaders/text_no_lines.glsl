void after_layer(int unit, vec4 z, vec4 z_u, vec4 z_v) {
}
