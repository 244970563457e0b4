// Layers of the network that a recipe describes, which is what network_data in network.py gives.
import { HIDDEN_STREAM, OUTPUT_STREAM, sampleLayer } from "./sampling.js";

// What weights and biases are multiplied by, `auto` and `same` resolved.
export function scalesOf({ weightScale, biasScale, detail, distribution, autoWeightScales }) {
    const weight = weightScale === "auto" ? autoWeightScales[distribution] * detail : weightScale;
    const bias = { same: weight, auto: 0.5 }[biasScale] ?? biasScale;
    return [weight, bias];
}

// Hidden layer k, from 0.
export function sampleHidden(recipe, k) {
    return sampleShape(recipe, HIDDEN_STREAM, k, [recipe.widths[k], inputsAbove(recipe, k)]);
}

// The layer from hidden layer `depth` (0: the inputs) to the outputs.
export function sampleReadOut(recipe, depth) {
    return sampleShape(recipe, OUTPUT_STREAM, 0, [recipe.outputs, inputsAbove(recipe, depth)]);
}

// The inputs of a layer above so many hidden ones.
export function inputsAbove({ widths, inputs }, depth) {
    return depth ? widths[depth - 1] : inputs;
}

function sampleShape(recipe, stream, k, shape) {
    // Sums are rounded: their order decides the last bit.
    const mix = [...recipe.mix].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1));
    return sampleLayer(mix, recipe.distribution, stream, k, shape, scalesOf(recipe));
}
