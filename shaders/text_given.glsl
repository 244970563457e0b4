// A pixel of the buffer holds four numbers of the network, one after the other along rows of
// BUFFER_WIDTH: for every four units of a layer their biases, then the weights of each unit.

void mainImage(out vec4 colour, in vec2 pixel) {
    int at = int(pixel.x) + BUFFER_WIDTH * int(pixel.y);
    bool there = pixel.x < float(BUFFER_WIDTH) && at < NUMBERS.length();
    colour = there ? NUMBERS[at] : vec4(0.0);
}
