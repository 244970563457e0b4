// Pass: a lens looks at a layer's pre-activations, all of one pixel. Out: what it makes of them and
// of what it carried from the layers before.

uniform int u_layer; // where the layer begins in the weights
uniform int u_depth; // its number, from 1

void main() {
    int column = place().x;
    cursor = u_layer;
    int width = int(weight(0).y);
    vec4 carry = u_depth > 1 ? carried_below(column) : vec4(0.0);
    for (int i = 0; 4 * i < width; ++i)
        carry = layer_function(carry, u_depth, 4 * i, width, below(column, i));
    write_quad(carry);
}
