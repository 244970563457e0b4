// The lines of a network's units over a picture, as polygons where they are, else traced.
import { arrange, fold, polylines } from "./run_arrangement.js";
import { evaluate } from "./run_network.js";
import { inputsOf } from "./run_prediction.js";
import { traceZeros } from "./run_trace.js";

const TRACED_PRODUCTS = { moving: 8e6, resting: 60e6 }; // of the grid that lines are traced on
const GRID_PX = 3; // between its points
const FEWEST_POINTS = 24; // points along a side
// As in netart/lens/bends.py, of the grid on which lines are looked up that meet.
const MEETING_POINTS = { moving: 96, resting: 256 }, MEETING_REACH = 1.5;

// Lines { layer, unit, u, v, bendsOn, pairs }: layers and units from 0; pairs: whether they are
// pieces of two points each; bendsOn: at each point the [layer, unit] on which the line bends, null
// where it does not. isShown(layer, unit): whose lines are found; bends: whether those too on which
// these bend, with `faint`.
export function linesOf(run, layers, view, size, isShown, bends, isMoving) {
    const hidden = layers.slice(0, -1);
    const shown = hidden.map(({ units }, k) => [...Array(units).keys()].filter(i => isShown(k, i)));
    const depth = shown.findLastIndex(units => units.length) + 1;
    if (!depth) return [];
    const shorter = Math.min(...size), reach = size.map(side => side / shorter);
    const find = run.exact ? exactLines : tracedLines;
    return find(run, hidden.slice(0, depth), { view, size, reach, shown, bends, isMoving });
}

function exactLines(run, layers, { view, reach, shown, bends, isMoving }) {
    const firsts = [0];
    layers.forEach(({ units }) => firsts.push(firsts.at(-1) + units));
    const named = unit => {
        if (unit < 0) return null;
        const layer = firsts.findLastIndex(first => first <= unit);
        return [layer, unit - firsts[layer]];
    };
    const [x, y] = inputsOf(view), inputs = run.features.map(([name]) => ({ x, y }[name]));
    const found = arrange(fold(layers, inputs), reach.map(side => -side), reach);
    const isShown = layers.map(({ units }) => new Uint8Array(units));
    shown.forEach((units, layer) => units.forEach(unit => { isShown[layer][unit] = 1; }));
    const lines = polylines(found).map(({ unit, u, v, bendsOn }) => {
        const [layer, own] = named(unit);
        return { layer, unit: own, u, v, bendsOn: bendsOn.map(named), faint: false };
    });
    const own = lines.filter(({ layer, unit }) => isShown[layer][unit]);
    if (!bends) return own;
    const met = metUnits(run, layers, view, shown, isMoving);
    const others = lines.filter(({ layer, unit }) => met.has(`${layer},${unit}`));
    return [...others.map(line => ({ ...line, faint: true })), ...own];
}

function tracedLines(run, layers, { view, size, reach, shown, bends, isMoving }) {
    const work = layers.reduce((sum, { units, inputs }) => sum + units * inputs, 0);
    const points = TRACED_PRODUCTS[isMoving ? "moving" : "resting"] / work;
    const share = Math.min(1 / GRID_PX, Math.sqrt(points / (size[0] * size[1])));
    const [columns, rows] = size.map(side => Math.max(FEWEST_POINTS, Math.round(side * share)));
    const us = evenly(-reach[0], reach[0], columns), vs = evenly(reach[1], -reach[1], rows);
    const z = evaluate(layers, run.features, view.at, us, vs);
    const trace = (layer, unit) => (
        { layer, unit, ...traceZeros(z[layer][unit], reach, columns, rows), pairs: true });
    const own = shown.flatMap((units, layer) => units.map(unit => trace(layer, unit)));
    if (!bends) return own;
    const met = [...metUnits(run, layers, view, shown, isMoving)];
    const faint = met.map(pair => ({ ...trace(...pair.split(",").map(Number)), faint: true }));
    return [...faint, ...own];
}

// Units, as "layer,unit", whose lines meet those of later layers that are shown, in or near the
// picture, which bend there; without those that are shown.
function metUnits(run, layers, view, shown, isMoving) {
    const side = MEETING_POINTS[isMoving ? "moving" : "resting"];
    const reach = MEETING_REACH * (1 - 1 / side); // middles of pixels
    const us = evenly(-reach, reach, side), vs = evenly(reach, -reach, side);
    const z = evaluate(layers, run.features, view.at, us, vs);
    const later = new Uint8Array(side * side), met = new Set();
    const someCell = (values, act) => {
        for (let row = 0; row + 1 < side; ++row)
            for (let at = row * side; at + 1 < (row + 1) * side; ++at) {
                const above = (values[at] > 0) + (values[at + 1] > 0)
                    + (values[at + side] > 0) + (values[at + side + 1] > 0);
                if (above % 4 && act(at)) return true;
            }
        return false;
    };
    for (let layer = layers.length - 1; layer >= 0; --layer) {
        if (run.bent[layer]) z[layer].forEach((values, unit) => {
            if (!shown[layer].includes(unit) && someCell(values, at => later[at]))
                met.add(`${layer},${unit}`);
        });
        for (const unit of shown[layer]) someCell(z[layer][unit], at => { later[at] = 1; });
    }
    return met;
}

// Numbers from one to another, evenly.
function evenly(from, to, count) {
    return Array.from({ length: count }, (_, k) => from + (to - from) * k / (count - 1));
}

// The line that is nearest to a point, null where none is within reach, and how far it is.
export function nearestLine(lines, u, v, reach) {
    let found = null, least = reach;
    for (const line of lines) {
        const step = line.pairs ? 2 : 1;
        for (let k = 0; k + 1 < line.u.length; k += step) {
            const du = line.u[k + 1] - line.u[k], dv = line.v[k + 1] - line.v[k];
            const along = (u - line.u[k]) * du + (v - line.v[k]) * dv;
            const share = Math.min(Math.max(along / (du * du + dv * dv || 1), 0), 1);
            const away = Math.hypot(u - line.u[k] - share * du, v - line.v[k] - share * dv);
            if (away <= least) [found, least] = [line, away];
        }
    }
    return found;
}
