// A background of one colour, u_ground.
vec4 ground_plain() {
    return vec4(u_ground, 1.0);
}
