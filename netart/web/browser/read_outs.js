// The read-outs of hidden layers, of a shader that draws all of them: see read_outs.py.

// The heads that read out a layer, from 1; a fraction is between two. outputs: those that are
// drawn, from 0; null for all.
export function readOutPair(layer, outputs) {
    const lower = lowerLayer(layer), share = layer - lower;
    return [{ depth: lower + 1, share, outputs }, { depth: lower, share: 1 - share, outputs }];
}

// The layers of each loop of the shader. counts: of another layer.
export function loopCounts(counts, layer) {
    const lower = lowerLayer(layer);
    return counts.length > 2 ? [1, lower - 1, 1] : [lower, 1];
}

function lowerLayer(layer) {
    return Math.max(1, Math.ceil(layer) - 1);
}
