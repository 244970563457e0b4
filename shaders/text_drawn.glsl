// A pixel of the buffer holds four numbers of the network, one after the other along rows of
// BUFFER_WIDTH: for every four units of a layer their biases, then the weights of each unit.
#include "text_philox.glsl"

// The weighted sum of the seeds' draws. netart sums in float64 and rounds once.
vec4 mixed(int stream, int layer, int unit, int block) {
    vec4 sum = vec4(0.0);
    for (int k = ZERO; k < SEEDS.length(); ++k)
        sum += u_shares[k] * draws(SEEDS[k], stream, layer, unit, block);
    return sum;
}

// 1 for each of four numbers from `first` on that is below the limit, else 0.
vec4 below(int first, int limit) {
    return vec4(lessThan(first + ivec4(0, 1, 2, 3), ivec4(limit)));
}

// The numbers at a place of the network; inputs and units in fours.
vec4 numbers(int at) {
    for (int k = ZERO; k < LAYERS.length(); ++k) {
        Layers alike = LAYERS[k];
        int inputs = (alike.inputs + 3) / 4, units = (alike.units + 3) / 4;
        int each = 1 + 4 * inputs, layer = at / (each * units);
        if (layer < alike.count) {
            at -= layer * each * units;
            int four = at / each, place = at % each - 1;
            layer += alike.first;
            if (place < 0)
                return u_bias_scale * alike.bias_gain * below(4 * four, alike.units)
                    * mixed(alike.stream + 1, layer, 0, four);
            int unit = 4 * four + place / inputs, block = place % inputs;
            if (unit >= alike.units) return vec4(0.0);
            return u_weight_scale * alike.gain * below(4 * block, alike.inputs)
                * mixed(alike.stream, layer, unit, block);
        }
        at -= alike.count * each * units;
    }
    return vec4(0.0);
}

void mainImage(out vec4 colour, in vec2 pixel) {
    move(iTime);
    int at = int(pixel.x) + BUFFER_WIDTH * int(pixel.y);
    colour = pixel.x < float(BUFFER_WIDTH) ? numbers(at) : vec4(0.0);
}
