// What a page of runs shows, as a link says it, and the view of its pictures.

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

    // Moved so that what lies at (u, v) comes to another place.
    moved([u, v], [toU, toV]) {
        return new View({ ...this, center: this.at(u - toU, v - toV) });
    }

    // Its radius times a factor; what lies at (u, v) stays there. start: the first view.
    zoomed(factor, [u, v], start) {
        const radius = Math.min(
            Math.max(this.radius * factor, start.radius / MAX_ZOOM), start.radius * MAX_AWAY);
        const away = 1 - radius / this.radius;
        return new View({ ...this, radius, center: this.at(away * u, away * v) });
    }
}

// The fragment of a link to the state, by the names of netart's fields. What is as at the start is
// left out.
export function toLink({ time, view, backdrop, bends, units }, start, stepOf) {
    const fields = { step: Math.round(stepOf(time)), ...units.fields(), backdrop, bends };
    if (view.radius !== start.view.radius || view.center.join() !== start.view.center.join()) {
        const digits = Math.max(0, 4 - Math.floor(Math.log10(view.radius)));
        fields.center = view.center.map(x => Number(x.toFixed(Math.min(digits, 20)))).join();
        fields.radius = Number(view.radius.toPrecision(6));
    }
    if (backdrop === start.backdrop) delete fields.backdrop;
    if (bends === start.bends) delete fields.bends;
    return Object.entries(fields).map(([name, value]) => `${name}=${value}`).join("&");
}

// What a fragment says, where it makes sense: { step, layers, units, backdrop, bends, center,
// radius }, of which any may be missing.
export function fromLink(fragment, backdrops) {
    const texts = new URLSearchParams(fragment.replace(/^#/, "")), found = {};
    const numbers = name => texts.get(name).split(",").filter(Boolean).map(Number);
    const isGood = values => values.every(Number.isFinite);
    if (texts.has("step") && isGood(numbers("step"))) [found.step] = numbers("step");
    if (texts.has("line_layers") || texts.has("units")) {
        found.layers = texts.has("line_layers") ? numbers("line_layers") : [];
        const names = (texts.get("units") ?? "").split(",").filter(Boolean);
        found.units = names.map(name => name.split(".").map(Number));
    }
    if (backdrops.includes(texts.get("backdrop"))) found.backdrop = texts.get("backdrop");
    if (texts.has("bends")) found.bends = texts.get("bends") === "true";
    if (texts.has("center") && texts.has("radius")) {
        const center = numbers("center"), [radius] = numbers("radius");
        if (center.length === 2 && isGood([...center, radius]) && radius > 0)
            Object.assign(found, { center, radius });
    }
    return found;
}
