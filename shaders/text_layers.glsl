// Layers alike: how many, the inputs and the units of each, the number of the first, the stream of
// their weights (0 of hidden layers, 2 of outputs; the next is that of their biases), and what
// weights and biases are multiplied by.
struct Layers {
    int count, inputs, units, first, stream;
    float gain, bias_gain;
};
