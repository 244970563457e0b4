// Pass: the activation of a layer whose pre-activations a lens has looked at, or which has
// derivatives too.

uniform int u_layer;  // where the layer begins in the weights
uniform int u_pixels; // columns of the state that hold values; others hold derivatives

void main() {
    ivec2 here = place();
    cursor = u_layer;
    int activation = int(weight(0).x);
    vec4 z = below(here.x % u_pixels, here.y), y = activate(activation, z);
#if COLUMNS > 1 && !DIFFERENCES
    if (here.x >= u_pixels) y = slope(activation, z, y) * below(here.x, here.y);
#endif
    write_quad(y);
}
