// The read-outs of hidden layers, which one shader draws: twin of read_outs.py.
import { inputsAbove } from "./recipe.js";

// The heads that read out a layer, from 1; a fraction is between two. outputs: those that are
// drawn, from 0; null for all.
export function readOutPair(layer, outputs) {
    const lower = lowerLayer(layer), share = layer - lower;
    return [{ depth: lower + 1, share, outputs }, { depth: lower, share: 1 - share, outputs }];
}

// What a picture reads of a layer beside the weights: the layers of each loop of its one shader, and
// of its passes the steps. counts: of another layer. network: as in weights.js. heads: its pair.
export function layerValues(counts, network, heads, layer) {
    const lower = lowerLayer(layer), steps = [];
    let start = 0;
    const add = (depth, units, isHead) => {
        const quadsBelow = Math.ceil(inputsAbove(network, depth) / 4), quads = Math.ceil(units / 4);
        steps.push({ start, quadsBelow, quads, isHead, depth });
        start += 1 + quads * (1 + 4 * quadsBelow);
    };
    for (let depth = 0; depth <= lower + 1; ++depth) {
        const head = heads.find(each => each.depth === depth);
        if (head) add(depth, head.outputs?.length ?? network.outputs, true);
        if (depth <= lower) add(depth, network.widths[depth], false);
    }
    const loops = counts.length > 2 ? [1, lower - 1, 1] : [lower, 1];
    return { u_counts: loops, steps, depth: lower + 1 };
}

function lowerLayer(layer) {
    return Math.max(1, Math.ceil(layer) - 1);
}
