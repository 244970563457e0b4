// A run's checkpoints, as run_data.py packs them, and the networks between them.
import { bytesOf } from "./data.js";

// Reads a run. data: what weights_data in run_data.py gives, and what else the page knows of it.
export async function readRun(data) {
    const packed = new Blob([bytesOf(data.weights)]).stream();
    const inflated = packed.pipeThrough(new DecompressionStream("deflate"));
    const planes = new Uint8Array(await new Response(inflated).arrayBuffer());
    return new Checkpoints(data, unpackNumbers(planes, data.bits, data.steps.length));
}

// The numbers of all parameters at `count` steps, of so many bits, whose order in `planes` is that
// of _pack in run_data.py: differences of differences, all lowest bytes first.
function unpackNumbers(planes, bits, count) {
    const size = bits / 8, total = planes.length / size, words = new Int32Array(total);
    const unused = 32 - bits, sign = 1 << (bits - 1);
    for (let k = 0, before = 0, last = 0; k < total; ++k) {
        if (k % count === 0) before = last = 0;
        let zigzag = 0;
        for (let plane = 0; plane < size; ++plane) zigzag |= planes[plane * total + k] << 8 * plane;
        const change = zigzag >>> 1 ^ -(zigzag & 1);
        const ordered = (change + 2 * last - before) << unused >> unused;
        [before, last] = [last, ordered];
        words[k] = ordered < 0 ? sign | -ordered : ordered;
    }
    return bits === 32 ? new Float32Array(words.buffer) : Float32Array.from(words, fromHalf);
}

// The number of a float16's bits, none of which is infinite.
function fromHalf(half) {
    const exponent = half >> 10 & 31, fraction = half & 1023, sign = half >> 15 & 1 ? -1 : 1;
    return sign * (exponent ? 2 ** (exponent - 25) * (1024 + fraction) : 2 ** -24 * fraction);
}

// Time is the logarithm of the step, to which 1 is added: step 0 has none.
export const timeOf = step => Math.log1p(step);
export const stepAt = time => Math.expm1(time);

class Checkpoints {
    // numbers: those of a parameter at all steps, then of the next one.
    constructor(data, numbers) {
        Object.assign(this, data);
        this.numbers = numbers;
        this.times = this.steps.map(timeOf);
    }

    // The last checkpoint that is not later, and how far towards the next one the time lies, as a
    // share of its steps.
    around(time) {
        const last = this.steps.length - 1;
        const index = this.times.findLastIndex(own => own <= time + 1e-12);
        if (index < 0) return { index: 0, share: 0 };
        if (index === last) return { index: last, share: 0 };
        const [a, b] = [this.steps[index], this.steps[index + 1]];
        const share = (stepAt(time) - a) / (b - a);
        return { index, share: share < 1e-9 ? 0 : share };
    }

    // The step at a time: that of the last checkpoint after the end.
    step(time) {
        return Math.min(stepAt(time), this.steps.at(-1));
    }

    // Of the losses, or of what else stands in a list: the value at a time, null where it has none.
    value(list, time) {
        const { index, share } = this.around(time), a = list[index];
        if (!share || a === null || list[index + 1] === null) return a;
        return a + share * (list[index + 1] - a);
    }

    // The layers at a time, the outputs' last: { units, inputs, numbers, slopes, activation },
    // numbers a row a unit, its weights and then its bias. Between checkpoints they are mixed.
    layers(time) {
        const { index, share } = this.around(time), count = this.steps.length;
        let at = 0;
        return this.widths.map((units, k) => {
            const inputs = k ? this.widths[k - 1] : this.inputs;
            const slopes = this.slopes[k], activation = this.activations[k];
            const numbers = new Float64Array(units * (inputs + 1));
            for (let j = 0; j < numbers.length; ++j, ++at) {
                const own = this.numbers[at * count + index];
                const step = share ? this.numbers[at * count + index + 1] - own : 0;
                numbers[j] = own + share * step;
            }
            return { units, inputs, numbers, slopes, activation };
        });
    }
}
