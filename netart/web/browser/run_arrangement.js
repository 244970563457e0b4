// The exact lines on which units of a piecewise linear network switch: what arrangement.py,
// folding.py and polylines.py of netart/lens do, step by step in the same order, so that both come
// to the same lines. docs/lines.md says how and why. All is in picture coordinates (u, v).

export const FRAME = -1; // stands for a unit in edges of the picture's own frame
const CROSSING = -2; // stands for the unit that a line bends on where it is none

const ROUNDING = 1e-12; // of the numbers that are summed up: what is nearer to 0 counts as above
const MERGED = 1e-11; // between vertices that are one point
const STRAIGHT = 1e-13; // off the way between its neighbours a vertex is no bend

const clip = (x, low, high) => Math.min(Math.max(x, low), high);

// Hidden layers as affine functions of differences to the picture's centre.
//
// layers: { units, inputs, numbers, slopes }: numbers a row a unit, its weights and then its bias;
// slopes of the activation below and above 0. inputs: (c, a, b) of each, c + a·u + b·v.
export function fold(layers, inputs) {
    let values = inputs.map(row => row[0]);
    return layers.map((layer, depth) => {
        const { units, numbers, slopes: [below, above] } = layer;
        const stride = layer.inputs + 1, columns = depth ? layer.inputs : 2;
        const weight = new Float64Array(units * columns), centre = new Float64Array(units);
        for (let i = 0; i < units; ++i) {
            const row = numbers.subarray(i * stride, (i + 1) * stride);
            let sum = 0;
            for (let j = 0; j < layer.inputs; ++j) {
                sum += row[j] * values[j];
                if (depth) weight[i * columns + j] = row[j];
                else for (const k of [0, 1]) weight[2 * i + k] += row[j] * inputs[j][k + 1];
            }
            centre[i] = sum + row[layer.inputs];
        }
        values = Array.from(centre, z => (z >= 0 ? above : below) * z);
        return { units, columns, weight, centre, below, above };
    });
}

// Numbers of vertices, a row each, to which rows are added.
class Rows {
    constructor(width, count) {
        this.width = width;
        this.count = count;
        this.numbers = new Float64Array(2 * width * count);
    }

    // A row between two others, at that share of the way.
    addBetween(a, b, share) {
        const { width } = this, from = a * width, to = b * width, at = this.count++ * width;
        if (at + width > this.numbers.length) {
            const larger = new Float64Array(2 * this.numbers.length + width);
            larger.set(this.numbers);
            this.numbers = larger;
        }
        const numbers = this.numbers;
        for (let i = 0; i < width; ++i)
            numbers[at + i] = numbers[from + i] + share * (numbers[to + i] - numbers[from + i]);
    }
}

// How pre-activations of a layer differ from those at the centre, at all vertices.
function differences({ units, columns, weight }, { numbers, count }) {
    const rows = new Rows(units, count);
    for (let k = 0; k < count; ++k)
        for (let i = 0; i < units; ++i) {
            let sum = 0;
            for (let j = 0; j < columns; ++j)
                sum += numbers[k * columns + j] * weight[i * columns + j];
            rows.numbers[k * units + i] = sum;
        }
    return rows;
}

// What counts as 0 in a unit's pre-activation.
function tolerances({ units, columns, weight }, { numbers, count }) {
    const largest = new Float64Array(columns);
    for (let k = 0; k < count * columns; ++k)
        largest[k % columns] = Math.max(largest[k % columns], Math.abs(numbers[k]));
    return Float64Array.from({ length: units }, (_, i) =>
        ROUNDING * largest.reduce((sum, x, j) => sum + x * Math.abs(weight[i * columns + j]), 0));
}

// How units' values differ from those at the centre: on its side of 0 the activation has one
// slope, and beyond 0 another, so that no number is formed from one that hardly differs.
function activate({ units, centre, below, above }, rows) {
    const values = new Rows(units, rows.count);
    for (let k = 0; k < rows.count * units; ++k) {
        const i = k % units, change = rows.numbers[k];
        const own = centre[i] >= 0 ? above : below, sign = centre[i] >= 0 ? -1 : 1;
        const beyond = Math.max(change * sign + sign * centre[i], 0);
        values.numbers[k] = beyond * (above - below) + own * change;
    }
    return values;
}

// The arrangement of the units of folded layers over the rectangle from low to high: its vertices
// (u, v), and the chords of its lines.
//
// chords: pairs of vertices, chordUnits: whose line that is, counted through all layers from 0.
// bendsOn: of each vertex the unit of an earlier layer on which a line bends there.
export function arrange(layers, [left, bottom], [right, top]) {
    const found = {
        u: [left, right, right, left], v: [bottom, bottom, top, top],
        bendsOn: [FRAME, FRAME, FRAME, FRAME], chords: [], chordUnits: [],
    };
    const edges = { from: [0, 1, 2, 3], to: [1, 2, 3, 0], units: [FRAME, FRAME, FRAME, FRAME] };
    let cells = [{ vertices: [0, 1, 2, 3], edges: [0, 1, 2, 3] }];
    let values = new Rows(2, 4), first = 0;
    values.numbers.set([left, bottom, right, bottom, right, top, left, top]);
    layers.forEach((layer, depth) => {
        const z = differences(layer, values);
        const cuts = cutEdges(layer, z, tolerances(layer, values), edges, found);
        const { open, chords, units } = findChords(cells, cuts, edges);
        chords.forEach(vertex => found.chords.push(vertex));
        units.forEach(unit => found.chordUnits.push(first + unit));
        if (depth < layers.length - 1) { // cells that nothing divides further hold no lines
            cells = cutCells(open, { chords, units, first, centre: layer.centre, z }, edges, found);
            values = activate(layer, z);
        }
        first += layer.units;
    });
    return found;
}

function addVertex(found, z, a, b, share, bendsOn) {
    found.u.push(found.u[a] + share * (found.u[b] - found.u[a]));
    found.v.push(found.v[a] + share * (found.v[b] - found.v[a]));
    found.bendsOn.push(bendsOn);
    z.addBetween(a, b, share);
    return z.count - 1;
}

// Adds a vertex wherever a unit changes its sign along an edge, in order along each edge, and
// divides the edges there. Returns the units, and of each edge where its own begin among them.
function cutEdges({ units, centre }, z, tolerance, edges, found) {
    const starts = [0], cutUnits = [], vertex = z.count, count = edges.from.length;
    for (let e = 0; e < count; ++e) {
        const a = edges.from[e], b = edges.to[e], here = [];
        for (let i = 0; i < units; ++i) {
            const za = centre[i] + z.numbers[a * units + i];
            const zb = centre[i] + z.numbers[b * units + i];
            // Zero counts as above: so that no vertex ever lies on a line.
            if (za >= -tolerance[i] !== zb >= -tolerance[i])
                here.push({ unit: i, share: clip(za / (za - zb), 0, 1) });
        }
        here.sort((one, other) => one.share - other.share);
        for (const { unit, share } of here) {
            addVertex(found, z, a, b, share, edges.units[e]);
            cutUnits.push(unit);
        }
        starts.push(cutUnits.length);
    }
    for (let e = 0; e < count; ++e) {
        const end = edges.to[e];
        for (let k = starts[e]; k < starts[e + 1]; ++k) {
            if (k === starts[e]) edges.to[e] = vertex + k;
            edges.from.push(vertex + k);
            edges.to.push(k + 1 < starts[e + 1] ? vertex + k + 1 : end);
            edges.units.push(edges.units[e]);
        }
    }
    return { starts, units: cutUnits, vertex, edge: count };
}

// The cells with the new vertices on their rims, and the chords between these.
function findChords(cells, cuts, edges) {
    const chords = [], units = [];
    const open = cells.map(cell => {
        const ring = { vertices: [], edges: [], ends: [], shares: [] }, places = [];
        const add = (vertex, edge) => {
            ring.vertices.push(vertex);
            ring.edges.push(edge);
            ring.ends.push(-1);
            ring.shares.push(0);
        };
        cell.vertices.forEach((vertex, place) => {
            const edge = cell.edges[place], start = cuts.starts[edge];
            const count = cuts.starts[edge + 1] - start, forwards = edges.from[edge] === vertex;
            for (let step = 0; step <= count; ++step) {
                const part = forwards ? step : count - step;
                const index = start + (forwards ? part - 1 : part);
                if (step) places.push({ place: ring.vertices.length, unit: cuts.units[index] });
                add(step ? cuts.vertex + index : vertex,
                    part ? cuts.edge + start + part - 1 : edge);
            }
        });
        // A convex cell has none or two cuts by a unit. Rounding may bend a thin one so that it has
        // four: neighbours along its rim then belong together.
        places.sort((one, other) => one.unit - other.unit);
        places.forEach(({ place, unit }, k) => {
            ring.ends[place] = chords.length;
            ring.shares[place] = chords.length & 1;
            chords.push(ring.vertices[place]);
            if (k % 2) units.push(unit);
        });
        return ring;
    });
    return { open, chords, units };
}

// Divides cells along their chords, round by round: each cell along one of its chords.
function cutCells(open, layer, edges, found) {
    const done = [];
    while (open.length) {
        const parts = [];
        for (const cell of open)
            if (cell.ends.some(end => end >= 0)) parts.push(...divide(cell, layer, edges, found));
            else done.push(cell);
        open = parts;
    }
    return done;
}

// The cell in two, along its chord of the lowest number.
function divide(cell, layer, edges, found) {
    const { vertices, ends, shares } = cell, { chords, units, centre, z } = layer;
    const own = Math.min(...ends.filter(end => end >= 0)) >> 1;
    const low = ends.findIndex(end => end >> 1 === own);
    const high = ends.findLastIndex(end => end >> 1 === own);
    const span = [shares[low], shares[high]].sort((a, b) => a - b);
    const crossings = crossingChords(ends, low, high).map(({ chord, inner, outer }) => {
        const others = [shares[inner], shares[outer]].sort((a, b) => a - b);
        const [z0, z1] = [0, 1].map(end =>
            centre[units[chord]] + z.numbers[chords[2 * own + end] * z.width + units[chord]]);
        const [share, other] = meet(found, chords, own, chord, span, others, z0, z1);
        return { inner, outer, share, other };
    });
    const sign = ends[low] & 1 ? -1 : 1; // whether the chord runs from the low place to the high
    crossings.sort((one, other) => sign * (one.share - other.share));
    const [a, b] = [chords[2 * own], chords[2 * own + 1]];
    const way = [vertices[low],
        ...crossings.map(({ share }) => addVertex(found, z, a, b, share, CROSSING)),
        vertices[high]];
    const firstEdge = edges.from.length, count = crossings.length;
    for (let k = 0; k <= count; ++k) {
        edges.from.push(way[k]);
        edges.to.push(way[k + 1]);
        edges.units.push(layer.first + units[own]);
    }
    // A part is a stretch of the rim, from one end of the chord up to the other, and the way back;
    // a chord that crosses ends there: with its second end where the part has its first.
    return [[low, high], [high, low]].map(([start, stop], side) => {
        const part = { vertices: [], edges: [], ends: [], shares: [] };
        const add = (vertex, edge, end, share) => {
            part.vertices.push(vertex);
            part.edges.push(edge);
            part.ends.push(end);
            part.shares.push(share);
        };
        for (let at = start; at !== stop; at = (at + 1) % vertices.length)
            add(vertices[at], cell.edges[at], at === start ? -1 : ends[at], shares[at]);
        for (let back = 0; back <= count; ++back) {
            const k = side ? back : count + 1 - back; // of the way
            const edge = firstEdge + (side ? back : count - back);
            const crossing = back ? crossings[k - 1] : null;
            const end = crossing ? ends[side ? crossing.outer : crossing.inner] ^ 1 : -1;
            add(way[k], edge, end, crossing ? crossing.other : 0);
        }
        return part;
    });
}

// Chords with one end between two places of a rim: where that is, and the other end.
function crossingChords(ends, low, high) {
    const inside = new Map(), found = [];
    for (let at = low + 1; at < high; ++at)
        if (ends[at] >= 0 && !inside.delete(ends[at] >> 1)) inside.set(ends[at] >> 1, at);
    if (!inside.size) return found;
    ends.forEach((end, at) => {
        if (end >= 0 && (at < low || at > high) && inside.has(end >> 1))
            found.push({ chord: end >> 1, inner: inside.get(end >> 1), outer: at });
    });
    return found.sort((one, other) => one.chord - other.chord);
}

// Where two chords cross, as shares of the way of the first and of the second. span, others: the
// shares between which what is left of each runs; z0, z1: of the second one's unit at the ends of
// the first. Where they coincide the place is one that lies on both.
function meet({ u, v }, chords, first, second, span, others, z0, z1) {
    const [a, b, c, d] = [chords[2 * first], chords[2 * first + 1], chords[2 * second],
        chords[2 * second + 1]];
    const along = (from, to, x, y) => {
        const du = u[to] - u[from], dv = v[to] - v[from];
        return divided((x - u[from]) * du + (y - v[from]) * dv, du * du + dv * dv, 0);
    };
    const reach = others.map(share =>
        along(a, b, u[c] + share * (u[d] - u[c]), v[c] + share * (v[d] - v[c])));
    const low = clip(Math.min(...reach), ...span), high = clip(Math.max(...reach), ...span);
    const share = clip(divided(z0, z0 - z1, (low + high) / 2), low, high);
    const x = u[a] + share * (u[b] - u[a]), y = v[a] + share * (v[b] - v[a]);
    return [share, clip(along(c, d, x, y), ...others)];
}

function divided(a, b, otherwise) {
    const found = a / b;
    return Number.isFinite(found) ? found : otherwise;
}

// The lines of all units, unit by unit: { unit, u, v, bendsOn }, of whose points all but the ends
// are bends. A closed one ends with its first.
export function polylines({ u, v, bendsOn, chords, chordUnits }) {
    const following = linkEnds(chords), seen = new Uint8Array(chordUnits.length), lines = [];
    const walkFrom = start => {
        const walk = [chords[start]];
        for (let at = start; at >= 0 && !seen[at >> 1]; at = following[at ^ 1]) {
            seen[at >> 1] = 1;
            walk.push(chords[at ^ 1]);
        }
        const kept = bends(apart(walk, u, v), u, v);
        lines.push({
            unit: chordUnits[start >> 1],
            u: kept.map(vertex => u[vertex]), v: kept.map(vertex => v[vertex]),
            bendsOn: kept.map(vertex => bendsOn[vertex]),
        });
    };
    following.forEach((next, end) => { if (next < 0 && !seen[end >> 1]) walkFrom(end); });
    seen.forEach((was, chord) => { if (!seen[chord]) walkFrom(2 * chord); });
    return lines.sort((one, other) => one.unit - other.unit);
}

// Of each end of a chord, that of another chord at the same vertex, or −1. That with number k is
// the other end of k ^ 1.
function linkEnds(chords) {
    const following = new Int32Array(chords.length).fill(-1), at = new Map();
    chords.forEach((vertex, end) => {
        const other = at.get(vertex);
        if (other === undefined) at.set(vertex, end);
        else [following[other], following[end]] = [end, other];
    });
    return following;
}

function apart(walk, u, v) {
    return walk.filter((vertex, k) => {
        if (k === 0 || k === walk.length - 1) return true;
        const before = walk[k - 1];
        return Math.max(Math.abs(u[vertex] - u[before]), Math.abs(v[vertex] - v[before])) > MERGED;
    });
}

function bends(walk, u, v) {
    return walk.filter((vertex, k) => {
        if (k === 0 || k === walk.length - 1) return true;
        const a = walk[k - 1], b = walk[k + 1];
        const du = u[vertex] - u[a], dv = v[vertex] - v[a];
        const nextU = u[b] - u[vertex], nextV = v[b] - v[vertex];
        const wayU = du + nextU, wayV = dv + nextV;
        const off = Math.abs(wayU * dv - wayV * du);
        return du * nextU + dv * nextV < 0 || off > STRAIGHT * Math.hypot(wayU, wayV);
    });
}
