// The fields of a shot that a page changes: their values as text, and back.
//
// A state is a plain object of values by the fields' names: numbers, words such as `auto`, switches,
// for `mix` pairs [seed, coefficient] with the seed as text, for `center` a list of numbers, for
// `contrast` pairs [low, high]. In text, the mix of one seed alone is `seed`.

const NUMBER_TEXT = /^[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,3})?$/i;
const SEED_TEXT = /^\d{1,20}$/;

// The control of a page by this field's name, as controls.py describes it.
export function controlOf(controls, name) {
    return controls.find(control => control.name === (name === "seed" ? "mix" : name));
}

export function spellValue(value) {
    if (!Array.isArray(value)) return String(value);
    return value.map(item => (Array.isArray(item) ? item.join(":") : String(item))).join(",");
}

// The fields in which a state differs from another one: name → text.
export function differingTexts(state, base) {
    const texts = {};
    for (const [name, value] of Object.entries(state)) {
        if (spellValue(value) === spellValue(base[name])) continue;
        const isSeed = name === "mix" && value.length === 1 && value[0][1] === 1;
        if (isSeed) texts.seed = value[0][0];
        else texts[name] = spellValue(value);
    }
    return texts;
}

// The state whose picture looks the same where so many pixels are one of the page's: its lines are
// as many times as wide.
export function scaleWidths(state, controls, pixels) {
    const scaled = { ...state };
    for (const { name, least, most } of controls.filter(({ inPixels }) => inPixels)) {
        const width = Number((pixels * state[name]).toPrecision(6));
        scaled[name] = width && Math.min(most, Math.max(least, width)); // 0 draws none
    }
    return scaled;
}

// What is said of widths that were scaled by so many pixels as far as they may be; empty where all
// are as wide as that.
export function sayLimits(state, scaled, controls, pixels) {
    const isLimited = ({ name, inPixels }) =>
        inPixels && Math.abs(scaled[name] - pixels * state[name]) > 1e-5 * scaled[name];
    return controls.filter(isLimited)
        .map(({ name }) => `   ${name} is limited to ${scaled[name]}`).join("");
}

// The value that a text says of the field `name`. Throws a RangeError where it may not be.
export function parseValue(control, name, text) {
    if (name === "seed") return [[seedOf(control, text), 1]];
    switch (control.kind) {
    case "mix": return parseMix(control, text);
    case "center": {
        const centre = text.split(",").map(part => parseNumber(control, part));
        if (centre.length !== control.value.length) throw new RangeError(name);
        return centre;
    }
    case "contrast": return parseContrast(control, text);
    case "switch":
        if (text !== "true" && text !== "false") throw new RangeError(name);
        return text === "true";
    default: return control.words?.includes(text) ? text : parseNumber(control, text);
    }
}

function parseNumber({ name, least = -1e30, most = 1e30 }, text) {
    const number = NUMBER_TEXT.test(text.trim()) ? Number(text) : NaN;
    if (!(number >= least && number <= most)) throw new RangeError(name);
    return number;
}

function seedOf({ most }, text) {
    if (!SEED_TEXT.test(text) || BigInt(text) > BigInt(most)) throw new RangeError("seed");
    return String(BigInt(text));
}

function parseMix(control, text) {
    const pairs = text.split(",").map(part => {
        const [seed, share = "1", ...more] = part.split(":");
        if (more.length) throw new RangeError("mix");
        return [seedOf(control, seed.trim()), parseNumber({ name: "mix" }, share)];
    });
    const seeds = new Set(pairs.map(([seed]) => seed));
    if (seeds.size < pairs.length || pairs.length > 256) throw new RangeError("mix");
    return pairs;
}

function parseContrast({ name, spans }, text) {
    if (text === "auto") return text;
    const pairs = text.split(",").map(part => {
        const limits = part.split(":").map(limit => parseNumber({ name }, limit));
        if (limits.length !== 2 || limits[0] > limits[1]) throw new RangeError(name);
        return limits;
    });
    if (pairs.length !== 1 && pairs.length !== spans.length) throw new RangeError(name);
    return pairs;
}
