// Pass: the activation of a layer whose pre-activations a lens has looked at.

uniform int u_layer; // where the layer begins in the weights

void main() {
    ivec2 here = place();
    cursor = u_layer;
    write_quad(activate(int(weight(0).x), below(here.x, here.y)));
}
