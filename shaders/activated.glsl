// The first four outputs, through `act_output`.
vec4 activated() {
    return act_output(outputs(0));
}
