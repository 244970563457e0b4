// Base draws from seeds, and layers of them: the contract of netart/net/sampling.py, bit for bit.
// Draws are multiples of 2^-23 or of 2^-20, which float32 holds.
import { philoxWords } from "./philox.js";

// Streams of weights; one more gives that of their biases.
export const HIDDEN_STREAM = 0, OUTPUT_STREAM = 2;
const SIREN_OMEGA = 30;
const MAX_CACHED_DRAWS = 1 << 23; // 32 MiB

// Each: `draw`, from the upper half of a word to a draw; what weights are multiplied by, of fan-in,
// fan-out and whether the layer is the first; what biases are; and what becomes of all weights.
export const DISTRIBUTIONS = {
    uniform: { draw: drawUniform },
    normal: { draw: drawNormal },
    he_uniform: { draw: drawUniform, gain: n => Math.sqrt(6 / n) },
    he_normal: { draw: drawNormal, gain: n => Math.sqrt(2 / n) },
    glorot_uniform: { draw: drawUniform, gain: (n, m) => Math.sqrt(6 / (n + m)) },
    glorot_normal: { draw: drawNormal, gain: (n, m) => Math.sqrt(2 / (n + m)) },
    lecun_uniform: { draw: drawUniform, gain: n => Math.sqrt(3 / n) },
    lecun_normal: { draw: drawNormal, gain: n => Math.sqrt(1 / n) },
    orthogonal: {
        draw: drawNormal,
        gain: (n, m) => Math.sqrt(Math.max(1, m / n)),
        transform: orthonormal,
    },
    torch_linear: {
        draw: drawUniform,
        gain: n => 1 / Math.sqrt(n),
        biasGain: n => 1 / Math.sqrt(n),
    },
    siren: {
        draw: drawUniform,
        gain: (n, m, first) => (first ? SIREN_OMEGA / n : Math.sqrt(6 / n)),
    },
};

// One layer's weights, row by row, and biases: Σ coefficient · draw over the mix, times the
// distribution's gain, times the scale, in float64, rounded to float32 once. mix: pairs of a seed's
// digits and a coefficient, by ascending seeds. layer: from 0. scales: of weights and of biases.
export function sampleLayer(mix, distribution, stream, layer, [units, inputs], scales) {
    const { gain = () => 1, biasGain = () => 1 } = DISTRIBUTIONS[distribution];
    const isFirst = stream === HIDDEN_STREAM && layer === 0;
    const mixed = (own, rows, columns, factor, scale) => {
        const sums = new Float64Array(rows * columns);
        for (const [seed, coefficient] of mix) {
            const draws = baseDraws(seed, distribution, own, layer, rows, columns);
            for (let k = 0; k < sums.length; ++k) sums[k] += coefficient * draws[k];
        }
        const found = new Float32Array(sums.length);
        for (let k = 0; k < sums.length; ++k) found[k] = sums[k] * factor * scale;
        return found;
    };
    return {
        weight: mixed(stream, units, inputs, gain(inputs, units, isFirst), scales[0]),
        bias: mixed(stream + 1, 1, units, biasGain(inputs), scales[1]),
    };
}

const cachedDraws = new Map(); // those that were used last come last
let cachedCount = 0;

// Draws of one seed for the units of a layer, unit by unit: scales and coefficients change from
// frame to frame, draws do not. Biases are one unit's, of another stream.
function baseDraws(seed, distribution, stream, layer, units, inputs) {
    const { draw, transform } = DISTRIBUTIONS[distribution];
    const change = stream % 2 ? undefined : transform;
    const key = [draw.name, change?.name, seed, stream, layer, units, inputs].join();
    let draws = cachedDraws.get(key);
    cachedDraws.delete(key);
    if (!draws) {
        draws = new Float32Array(units * inputs);
        for (let unit = 0; unit < units; ++unit) {
            const words = philoxWords(seed, stream, layer, unit, inputs);
            for (let k = 0; k < inputs; ++k) draws[unit * inputs + k] = draw(words[2 * k + 1]);
        }
        if (change) draws = change(draws, units, inputs);
        cachedCount += draws.length;
    }
    cachedDraws.set(key, draws);
    for (const [oldest, { length }] of cachedDraws) {
        if (cachedCount <= MAX_CACHED_DRAWS) break;
        cachedDraws.delete(oldest);
        cachedCount -= length;
    }
    return draws;
}

// Uniform in [-1, 1), of the upper 24 bits of a word.
function drawUniform(high) {
    return (high >>> 8) * 2 ** -23 - 1;
}

// Standard normal. Rounding hides the last bits of `log`, in which platforms differ: none of the
// draws that need it, before it is rounded, is closer than 335 of its last bits to a tie.
function drawNormal(high) {
    return roundDraw(inverseNormal(((high >>> 8) + 0.5) * 2 ** -24));
}

// To the nearest multiple of 2^-20, of two as near the even one: adding 2^52 · 1.5 leaves no bit
// for what is smaller than 1.
function roundDraw(number) {
    return (number * 2 ** 20 + 1.5 * 2 ** 52 - 1.5 * 2 ** 52) * 2 ** -20;
}

// The normal quantile function: Wichura 1988, algorithm AS 241, PPND16, without its third branch,
// which words of 24 bits never reach.
function inverseNormal(p) {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) return q * as241Ratio(AS241_CENTRAL, 0.180625 - q * q);
    const tail = as241Ratio(AS241_TAIL, Math.sqrt(-Math.log(Math.min(p, 1 - p))) - 1.6);
    return q < 0 ? -tail : tail;
}

function as241Ratio([numerator, denominator], r) {
    const horner = coefficients => coefficients.reduceRight((sum, c) => c + sum * r);
    return horner(numerator) / horner(denominator);
}

const AS241_CENTRAL = [
    [3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105,
        2509.0809287301226727],
    [1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674,
        5226.4952788528545610],
];
const AS241_TAIL = [
    [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
        3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
        0.0227238449892691845833, 7.74545014278341407640e-4],
    [1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
        1.05075007164441684324e-9],
];

// The draws of a layer made orthonormal: its rows, or its columns where there are more rows. That
// is Q of their QR decomposition, by Householder's reflections, unique by a positive diagonal of R,
// and rounded.
function orthonormal(draws, rows, columns) {
    const [height, width] = [Math.max(rows, columns), Math.min(rows, columns)];
    const place = (i, j) => (rows >= columns ? i * columns + j : j * columns + i);
    // The vectors that become orthonormal, each after those before it.
    const vectors = Array.from({ length: width }, (_, j) =>
        Float64Array.from({ length: height }, (_, i) => draws[place(i, j)]));
    const signs = vectors.map((vector, k) => {
        const diagonal = makeReflection(vector, k);
        for (const later of vectors.slice(k + 1)) reflect(vector, later, k);
        return diagonal < 0 ? -1 : 1;
    });
    const found = new Float32Array(rows * columns);
    for (let j = 0; j < width; ++j) {
        const q = new Float64Array(height);
        q[j] = 1;
        for (let k = j; k >= 0; --k) reflect(vectors[k], q, k);
        for (let i = 0; i < height; ++i) found[place(i, j)] = roundDraw(signs[j] * q[i]);
    }
    return found;
}

// Turns a vector, from element k on, into v of the reflection 1 − v·vᵀ that takes it to a vector
// whose other elements are 0. Returns what then is element k.
function makeReflection(vector, k) {
    const tail = vector.subarray(k);
    const norm = Math.sqrt(tail.reduce((sum, x) => sum + x * x, 0));
    const left = tail[0] > 0 ? -norm : norm;
    tail[0] -= left;
    // So that |v|² is 2. A vector of zeros stays as it is.
    const scale = left && 1 / Math.sqrt(-left * tail[0]);
    tail.forEach((x, i) => { tail[i] = x * scale; });
    return left;
}

function reflect(v, vector, k) {
    let dot = 0;
    for (let i = k; i < v.length; ++i) dot += v[i] * vector[i];
    for (let i = k; i < v.length; ++i) vector[i] -= dot * v[i];
}
