// A layer as shaders read it: what netart/evaluate/weights.py packs, bit for bit.

// (activation, units, 0, 0), then the biases, then the weights of one input after the other; these
// rows and the number of inputs are padded with zeros to fours.
export function texelsOf({ weight, bias }, code) {
    const units = bias.length, inputs = weight.length / units;
    const row = 4 * Math.ceil(units / 4);
    const texels = new Float32Array(4 + row * (1 + 4 * Math.ceil(inputs / 4)));
    texels.set([code, units]);
    texels.set(bias, 4);
    for (let i = 0; i < units; ++i)
        for (let j = 0; j < inputs; ++j) texels[4 + row * (1 + j) + i] = weight[i * inputs + j];
    return texels;
}
