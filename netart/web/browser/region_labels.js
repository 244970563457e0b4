// Where regions bear their letters: each in its widest part, as netart/lens/regions.py places them.
import { roundEven } from "./letters.js";

const BYTE = 256;

// Values of a picture whose pixels are numbers of regions, where its table is `numberedTable`: no
// line, no shade and no mixing at boundaries.
export const NUMBERED = {
    u_jumps: 1, u_boundary: 0, u_gain: 0, u_shade: 1, u_samples: 1, u_dither: 0,
};

// In place of a table of colours, a row a region: its number, in red and green.
export function numberedTable({ width, height }) {
    const numbers = new Float32Array(4 * width * height);
    for (let k = 0; k < width * height; ++k) {
        const region = Math.floor(k / width);
        numbers.set([region % BYTE / 255, Math.floor(region / BYTE) / 255, 0, 1], 4 * k);
    }
    return { width, height, numbers };
}

// Columns and rows of the picture on which regions are looked at. least: of its shorter side.
export function gridOf(size, least) {
    return size.map(side => roundEven(least * side / Math.min(...size)));
}

// Of each region of a picture of numbers its own, counted from 0, and (u, v) of its label.
export function placeLabels(pixels, [width, height]) {
    const regions = new Map(), shorter = Math.min(width, height);
    for (let k = 0; k < width * height; ++k) {
        const [low, high, isNone] = pixels.subarray(4 * k, 4 * k + 3), number = low + BYTE * high;
        if (isNone) continue; // what is no number has a colour of its own
        if (!regions.has(number)) regions.set(number, new Uint8Array((width + 2) * (height + 2)));
        regions.get(number)[(Math.floor(k / width) + 1) * (width + 2) + k % width + 1] = 1;
    }
    return [...regions].sort(([one], [other]) => one - other).map(([number, inside]) => {
        const at = widest(inside, width + 2), column = at % (width + 2) - 1;
        const row = Math.floor(at / (width + 2)) - 1;
        const place = [2 * column + 1 - width, height - 1 - 2 * row].map(each => each / shorter);
        return [number, ...place];
    });
}

// The index of a point that lies as far as any from the region's boundary. inside: 1 in the
// region, 0 elsewhere and in the first and last rows and columns.
function widest(inside, width) {
    for (let left = inside; ;) {
        const inner = left.map((here, k) => here
            && left[k - 1] && left[k + 1] && left[k - width] && left[k + width]);
        if (inner.some(Boolean)) left = inner;
        else return middleOf(left, width);
    }
}

// The index that is nearest to the middle of those that are set.
function middleOf(set, width) {
    const all = [...set.keys()].filter(k => set[k]);
    const mean = read => all.reduce((sum, k) => sum + read(k), 0) / all.length;
    const column = mean(k => k % width), row = mean(k => Math.floor(k / width));
    const away = k => Math.hypot(k % width - column, Math.floor(k / width) - row);
    return all.reduce((best, k) => (away(k) < away(best) ? k : best));
}
