// What a page of runs shows, as a link says it, and the view of its pictures.
import { parseValue } from "./fields.js";
import { stepAt, timeOf } from "./run_data.js";

const MAX_ZOOM = 1e4, MAX_AWAY = 100; // times the first view

// A piece of the plane: x and y are center + radius · basis · (u, v).
export class View {
    constructor(data) {
        Object.assign(this, data);
    }

    // (x, y) at (u, v).
    at = (u, v) => this.center.map(
        (c, k) => c + this.radius * (this.basis[k][0] * u + this.basis[k][1] * v));

    // (u, v) at (x, y).
    uv(x, y) {
        const [[a, b], [c, d]] = this.basis, area = (a * d - b * c) * this.radius;
        const [left, up] = [x - this.center[0], y - this.center[1]];
        return [(d * left - b * up) / area, (a * up - c * left) / area];
    }

    // With another centre, another radius, or both.
    with({ center = this.center, radius = this.radius }) {
        return new View({ basis: this.basis, center, radius }); // and an `at` of its own
    }

    // Moved so that what lies at (u, v) comes to another place.
    moved([u, v], [toU, toV]) {
        return this.with({ center: this.at(u - toU, v - toV) });
    }

    // Its radius times a factor; what lies at (u, v) stays there. start: the first view.
    zoomed(factor, [u, v], start) {
        const radius = Math.min(
            Math.max(this.radius * factor, start.radius / MAX_ZOOM), start.radius * MAX_AWAY);
        const away = 1 - radius / this.radius;
        return this.with({ radius, center: this.at(away * u, away * v) });
    }
}

// What a state says in the names of netart's fields, as text; what is as at the start is left out.
// Both states: { time, view, backdrop, bends, layers, units }.
export function textsOf(state, start) {
    const own = fieldTexts(state), first = fieldTexts(start);
    const differs = name => own[name] !== first[name];
    // One without the other would say something else.
    const lines = ["line_layers", "units"], isOther = lines.some(differs);
    return Object.fromEntries(Object.entries(own).filter(
        ([name]) => (lines.includes(name) ? isOther : differs(name))));
}

function fieldTexts({ time, view, backdrop, bends, layers, units }) {
    const digits = Math.min(20, Math.max(0, 4 - Math.floor(Math.log10(view.radius))));
    return {
        step: `${Math.round(stepAt(time))}`,
        line_layers: layers.join(),
        units: units.map(unit => unit.join(".")).join(),
        backdrop,
        bends: `${bends}`,
        center: view.center.map(x => Number(x.toFixed(digits))).join(),
        radius: `${Number(view.radius.toPrecision(6))}`,
    };
}

// {state, ignored}: what a fragment says, the rest as at the start; and what of it the page does
// not have. may: the lists of words that `line_layers`, `units` and `backdrop` may hold, and the
// last `step`.
export function readLink(fragment, start, may) {
    const found = {}, picked = {}, ignored = [];
    for (const [name, text] of new URLSearchParams(fragment.replace(/^#/, ""))) {
        try {
            if (name === "line_layers" || name === "units") {
                const words = text.split(",").filter(Boolean);
                const known = words.filter(word => may[name].includes(word));
                const others = words.filter(word => !known.includes(word));
                ignored.push(...others.map(word => `${name} ${word}`));
                if (known.length || !words.length) picked[name] = known;
            } else found[name] = parseField(name, text, start.view, may);
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            ignored.push(name);
        }
    }
    const { step, center, radius, ...others } = found, state = { ...start, ...others };
    if (step !== undefined) state.time = timeOf(Math.round(step));
    if (center || radius) state.view = start.view.with({ center, radius });
    if (picked.line_layers || picked.units) {
        state.layers = (picked.line_layers ?? []).map(Number);
        state.units = (picked.units ?? []).map(name => name.split(".").map(Number));
    }
    return { state, ignored };
}

function parseField(name, text, { radius, center }, may) {
    const number = (least, most) => parseValue({ kind: "number", name, least, most }, name, text);
    switch (name) {
    case "step": return number(0, may.step);
    case "radius": return number(radius / MAX_ZOOM, radius * MAX_AWAY);
    case "center": return parseValue({ kind: "center", name, value: center }, name, text);
    case "bends": return parseValue({ kind: "switch" }, name, text);
    case "backdrop": if (may.backdrop.includes(text)) return text;
    }
    throw new RangeError(name);
}
