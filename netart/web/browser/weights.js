// The weights of a network as its shader reads them: what netart/evaluate/weights.py packs, bit for
// bit. A network is what network_data in network.py gives, a recipe or explicit weights.
import { floatsOf } from "./data.js";
import { inputsAbove, sampleHidden, sampleReadOut, scalesOf } from "./recipe.js";
import { texelsOf } from "./texels.js";

// The network with its arrays read, where it carries any.
export function readNetwork(data) {
    const layers = data.layers?.map(layer => (
        { weight: floatsOf(layer.weight), bias: floatsOf(layer.bias) }));
    return { ...data, layers };
}

// The network as fields in a page's state have it: seed or mix, scales, detail, distribution.
export function changeNetwork(network, { seed, mix, ...state }) {
    const changes = {
        mix: seed === undefined ? mix : [[String(seed), 1]],
        weightScale: state.weight_scale,
        biasScale: state.bias_scale,
        detail: state.detail,
        distribution: state.distribution,
    };
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    return { ...network, ...Object.fromEntries(given) };
}

// The texels, four float32 each, of all layers that the heads need, in the order of their work.
// heads: read-outs {depth, share, outputs} above so many hidden layers; units {depth, units} of the
// hidden layer there; {depth, zeros}: so many outputs of 0, for which layers are evaluated.
// Throws a RangeError where a scale makes numbers infinite.
export function packNetwork(network, heads) {
    const deepest = Math.max(...heads.map(head => head.depth));
    const activations = network.activations.slice(0, deepest);
    const codes = [...new Set(activations)].sort();
    const parts = [];
    for (let depth = 0; depth <= deepest; ++depth) {
        for (const head of heads)
            if (head.depth === depth) parts.push(texelsOf(headLayer(network, head), 0));
        if (depth < deepest)
            parts.push(texelsOf(hiddenLayer(network, depth), codes.indexOf(activations[depth])));
    }
    const texels = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        texels.set(part, at);
        at += part.length;
    }
    return texels;
}

function headLayer(network, { depth, share, outputs, units, zeros }) {
    if (zeros) {
        const inputs = inputsAbove(network, depth);
        return { weight: new Float32Array(zeros * inputs), bias: new Float32Array(zeros) };
    }
    if (units) return onlyUnits(hiddenLayer(network, depth), units);
    const { weight, bias } = readOutLayer(network, depth);
    const layer = { weight: weight.map(x => x * share), bias: bias.map(x => x * share) };
    return outputs ? onlyUnits(layer, outputs) : layer;
}

// The layer with these of its units alone, which count from 0.
function onlyUnits({ weight, bias }, units) {
    const inputs = weight.length / bias.length;
    const row = unit => [...weight.subarray(unit * inputs, (unit + 1) * inputs)];
    return {
        weight: Float32Array.from(units.flatMap(row)),
        bias: Float32Array.from(units, unit => bias[unit]),
    };
}

function hiddenLayer(network, depth) {
    const own = network.layers?.[depth];
    return checkFinite(network, own ? scaledLayer(network, own) : sampleHidden(network, depth));
}

function readOutLayer(network, depth) {
    const own = network.layers?.at(-1);
    return checkFinite(network, own ? scaledLayer(network, own) : sampleReadOut(network, depth));
}

function scaledLayer(network, { weight, bias }) {
    const [weightScale, biasScale] = scalesOf(network);
    return { weight: weight.map(x => x * weightScale), bias: bias.map(x => x * biasScale) };
}

function checkFinite(network, layer) {
    const [weightScale, biasScale] = scalesOf(network);
    const fields = [["weight", layer.weight, weightScale], ["bias", layer.bias, biasScale]];
    for (const [name, numbers, scale] of fields)
        if (!numbers.every(Number.isFinite))
            throw new RangeError(
                `${name}_scale ${scale}: what it scales must stay finite in float32`);
    return layer;
}
