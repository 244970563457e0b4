// Films: the fields of a shot that move, as functions of the time t from 0 to 1.
//
// The same formulas as in netart/shot/timeline.py, easing.py and interpolation.py, in float64 where
// those take decimals of 60 digits. That is 2^29 times finer than the float32 in which a page draws:
// of a zoom it is the pixels that run out of digits, not the path.

const TAU_DEGREES = 360;
const MIX_DIGITS = 12;
const SINE_DIGITS = 12;
const NEARLY_0 = 1e-6; // radians between mixes

const rounded = (number, digits) => Number(number.toFixed(digits));

// How fast a value goes from one key to the next: the share of the time to the share of the change.
const EASINGS = {
    linear: s => s,
    hold: s => Number(s >= 1),
    smooth: s => s * s * (3 - 2 * s),
    in: s => s * s,
    out: s => s * (2 - s),
    sine: s => rounded((1 - Math.cos(Math.PI * s)) / 2, SINE_DIGITS),
    "sine-in": s => rounded(1 - Math.cos(Math.PI * s / 2), SINE_DIGITS),
    "sine-out": s => rounded(Math.sin(Math.PI * s / 2), SINE_DIGITS),
};

export function easing(name) {
    const [kind, numbers] = name.split(":");
    if (kind !== "bezier") return EASINGS[name];
    const [x1, y1, x2, y2] = numbers.split(",").map(Number);
    return s => cubic(shareOf(s, x1, x2), y1, y2);
}

// One coordinate at u of the cubic Bézier curve with the points 0, a, b, 1.
function cubic(u, a, b) {
    return u * (3 * (1 - u) * ((1 - u) * a + u * b) + u * u);
}

// The u at which the curve's x is s, by halving.
function shareOf(s, x1, x2) {
    let low = 0, high = 1;
    for (let k = 0; k < 60; ++k) {
        const middle = (low + high) / 2;
        if (cubic(middle, x1, x2) < s) low = middle;
        else high = middle;
    }
    return s > 0 && s < 1 ? high : s;
}

// The first value until the second is reached.
function holdValue(a, b, s) {
    return s >= 1 ? b : a;
}

// Equal steps in equal times, for numbers and lists of them; other values hold.
function linear(a, b, s) {
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
        return a.map((value, k) => linear(value, b[k], s));
    if (typeof a !== "number" || typeof b !== "number") return holdValue(a, b, s);
    return s < 1 ? a + (b - a) * s : b;
}

// Equal ratios in equal times; words hold.
function geometric(a, b, s) {
    if (typeof a !== "number" || typeof b !== "number") return holdValue(a, b, s);
    if (s === 0 || s === 1) return s ? b : a;
    return a * Math.pow(b / a, s);
}

// Degrees, turned by at most half a turn.
function short(a, b, s) {
    let turn = (b - a + 180) % TAU_DEGREES;
    if (turn < 0) turn += TAU_DEGREES;
    return linear(a, a + turn - 180, s);
}

// Mixes, lists of [seed, coefficient], spherically; the norm goes linearly.
function mixBetween(a, b, s) {
    if (s === 0 || s === 1) return s ? b : a;
    const first = new Map(a), second = new Map(b);
    const seeds = [...new Set([...first.keys(), ...second.keys()])];
    seeds.sort((x, y) => (BigInt(x) < BigInt(y) ? -1 : 1));
    const norms = [first, second].map(shares => Math.hypot(...shares.values()));
    const at = (shares, seed) => shares.get(seed) ?? 0;
    const dot = seeds.reduce((sum, seed) => sum + at(first, seed) * at(second, seed), 0);
    const angle = Math.acos(Math.max(-1, Math.min(1, dot / (norms[0] * norms[1]))));
    const norm = norms[0] + (norms[1] - norms[0]) * s;
    const shares = angle < NEARLY_0 ? [1 - s, s]
        : [Math.sin((1 - s) * angle) / Math.sin(angle), Math.sin(s * angle) / Math.sin(angle)];
    return seeds.map(seed => {
        const [one, other] = [at(first, seed) / norms[0], at(second, seed) / norms[1]];
        return [seed, rounded(norm * (shares[0] * one + shares[1] * other), MIX_DIGITS)];
    });
}

const WAYS = { hold: holdValue, linear, geometric, short, mix: mixBetween };

// The value of a track, {field, way, keys: [[t, value, easing], …]}, at time t.
function valueAt({ way, keys }, t) {
    const later = keys.findIndex(([time]) => time > t);
    if (later === 0) return keys[0][1];
    if (later < 0) return keys.at(-1)[1];
    const [start, first, name] = keys[later - 1], [end, second] = keys[later];
    if (t <= start) return first;
    return WAYS[way](first, second, easing(name)((t - start) / (end - start)));
}

export class Timeline {
    // data: what film_data in film.py gives.
    constructor(data) {
        this.data = data;
        this.frames = data.frames;
        this.rate = data.rate; // frames a second
        this.loops = data.loop !== "none";
    }

    // How long it is, in seconds.
    get duration() {
        return this.frames / this.rate;
    }

    // The time t at so many seconds from the start: what a frame shows at its beginning, and
    // between frames what lies between. The last frame of a film that is no loop stays.
    timeAt(seconds) {
        const count = this.frames;
        if (count === 1) return 0;
        const place = this.loops ? (seconds * this.rate) % count
            : Math.min(seconds * this.rate, count - 1);
        if (this.data.loop === "cycle") return place / count;
        if (this.data.loop === "bounce") return 1 - Math.abs(1 - 2 * place / count);
        if (this.data.loop === "none") return place / (count - 1);
        const turn = Math.floor(count / 2); // ping-pong
        return place < turn ? place / turn : (count - place) / (count - turn);
    }

    // Field → its value at time t, of the fields that move.
    at(t) {
        const fields = {};
        for (const track of this.data.tracks) {
            if (track.field.startsWith("center.")) {
                fields.center ??= [...this.data.center];
                fields.center[track.place] = valueAt(track, t);
            } else {
                fields[track.field] = valueAt(track, t);
            }
        }
        if (this.data.pinned) fields.center = this.pinnedCenter(fields.radius);
        return fields;
    }

    // The centre of a view that is zoomed so that a point stays at its place on screen. What the
    // centre is away from it comes as one number, which no zoom can cancel.
    pinnedCenter(radius) {
        const { target, offset, radius: first } = this.data.pinned;
        const share = radius === undefined ? 1 : radius / first;
        return target.map((aim, k) => aim + offset[k] * share);
    }
}
