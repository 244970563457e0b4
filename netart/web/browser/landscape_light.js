// How light falls on a landscape and on the floor around it, on coarse grids: twin of
// netart/lens/terrain_light.py, whose numbers the page carries. A grid is a Float32Array, rows by
// v, columns by u, whose samples are the middles of equal steps.
import { shadowDirection } from "./landscape_camera.js";

const sampleAt = (k, count, reach) => ((2 * k + 1) / count - 1) * reach;
const smooth = t => t * t * (3 - 2 * t);
const clipShare = t => Math.min(1, Math.max(0, t));

// The value of a grid over ±1 at a point of it, linear between its samples.
function readGrid(grid, columns, rows, u, v) {
    const x = Math.min(Math.max((u + 1) * (columns / 2) - 0.5, 0), columns - 1.001);
    const y = Math.min(Math.max((v + 1) * (rows / 2) - 0.5, 0), rows - 1.001);
    const i = Math.floor(x), j = Math.floor(y), at = j * columns + i, p = x - i;
    const low = grid[at] + p * (grid[at + 1] - grid[at]);
    const above = at + columns;
    const high = grid[above] + p * (grid[above + 1] - grid[above]);
    return low + (y - j) * (high - low);
}

// Heights on a lattice whose rows go the way that shadows fall, over ±√2 across and ±√2 reach
// along; −∞ beside the ground.
function fillLattice(heights, count, [u, v], lines, steps, reach) {
    const found = new Float32Array(lines * steps).fill(-Infinity);
    for (let j = 0; j < lines; ++j) {
        const across = sampleAt(j, lines, Math.SQRT2);
        for (let i = 0; i < steps; ++i) {
            const along = sampleAt(i, steps, Math.SQRT2 * reach);
            const x = along * u - across * v, y = along * v + across * u;
            if (Math.max(Math.abs(x), Math.abs(y)) <= 1)
                found[j * steps + i] = readGrid(heights, count, count, x, y);
        }
    }
    return found;
}

// Adds what a lattice has to a grid over ±reach, each times `weight`; 0 beside the lattice.
function addLattice(sum, count, weight, values, steps, lines, [u, v], reach) {
    const width = Math.SQRT2;
    for (let j = 0; j < count; ++j) {
        const y = sampleAt(j, count, reach);
        for (let i = 0; i < count; ++i) {
            const x = sampleAt(i, count, reach);
            const along = x * u + y * v, across = y * u - x * v;
            if (Math.abs(across) > width) continue;
            const value = readGrid(values, steps, lines, along / (reach * width), across / width);
            sum[j * count + i] += weight * value;
        }
    }
}

// Adds the share of a point light that reaches the surface, on its own grid.
function addOwnShadow(sum, weight, heights, count, direction, softness) {
    const found = fillLattice(heights, count, direction, count, count, 1);
    const lit = new Float32Array(count * count).fill(1), rise = direction[2];
    const step = 2 * Math.SQRT2 / count;
    const at = k => (found[k] === -Infinity ? 0 : found[k]);
    // The slope in samples, from one side alone at an end.
    const gradient = (k, away, first, last) => Math.abs(
        (at(last ? k : k + away) - at(first ? k : k - away)) / (first || last ? 1 : 2));
    for (let j = 0; j < count; ++j)
        for (let i = 0, highest = -Infinity; i < count; ++i) {
            const k = j * count + i;
            if (found[k] === -Infinity) continue;
            const ray = found[k] + rise * (-Math.SQRT2 + (i + 0.5) * step);
            highest = Math.max(highest, ray);
            // Between samples a steep surface is off by about a step of it.
            const steps = gradient(k, 1, i === 0, i === count - 1)
                + gradient(k, count, j === 0, j === count - 1);
            lit[k] = clipShare(1 - (highest - ray) / (softness + steps));
        }
    addLattice(sum, count, weight, lit, count, count, direction, 1);
}

// Takes away the share of a point light that the landscape keeps from the floor: a ray passes below
// a sheet, and comes out beyond it, where it never crosses it.
function addFloorShadow(sum, weight, heights, count, direction, { floor, solid }, numbers) {
    const reach = numbers.floorReach, rise = direction[2], size = Math.sqrt(sum.length);
    const lines = Math.max(numbers.lines, Math.floor(3 * size / 4));
    const steps = Math.max(numbers.along, size);
    const found = fillLattice(heights, count, direction, lines, steps, reach);
    const shade = new Float32Array(lines * steps);
    const soft = 0.5 / (rise * 2 * Math.SQRT2 * reach / steps);
    for (let j = 0; j < lines; ++j)
        for (let i = 0, highest = -Infinity, lowest = Infinity; i < steps; ++i) {
            const k = j * steps + i, along = rise * sampleAt(i, steps, Math.SQRT2 * reach);
            if (found[k] !== -Infinity) {
                highest = Math.max(highest, found[k] + along);
                lowest = Math.min(lowest, found[k] + along);
            }
            const ray = floor + along;
            const over = clipShare(0.5 + (highest - ray) * soft);
            shade[k] = solid ? over : Math.min(over, clipShare(0.5 + (ray - lowest) * soft));
        }
    addLattice(sum, size, -weight, shade, steps, lines, direction, reach);
}

// The share of the sky that the surface sees, on a grid half as fine: 1 − sin(horizon), the mean
// over directions.
function openSky(heights, count, numbers) {
    const half = count / 2, sky = new Float32Array(half * half);
    const turns = Math.ceil(numbers.skies * count / numbers.ground);
    const ratio = (0.9 / 0.018) ** (1 / (numbers.steps - 1));
    for (let j = 0; j < half; ++j)
        for (let i = 0; i < half; ++i) {
            const u = sampleAt(i, half, 1), v = sampleAt(j, half, 1);
            const own = readGrid(heights, count, count, u, v);
            let open = 0;
            for (let k = 0; k < turns; ++k) {
                const turn = 2 * Math.PI * (k + 0.3) / turns;
                const p = Math.cos(turn), q = Math.sin(turn);
                let tangent = 0;
                for (let n = 0, away = 0.018; n < numbers.steps; ++n, away *= ratio) {
                    const x = u + away * p, y = v + away * q;
                    if (Math.max(Math.abs(x), Math.abs(y)) > 1) continue;
                    const rise = readGrid(heights, count, count, x, y) - own;
                    tangent = Math.max(tangent, rise / away);
                }
                open += 1 - tangent / Math.sqrt(1 + tangent * tangent);
            }
            sky[j * half + i] = open / turns;
        }
    return sky;
}

// The sky on the surface's own grid: samples count whose heights are about what they should be.
function refineSky(coarse, heights, count, { alike, further }) {
    const half = count / 2, fine = new Float32Array(count * count);
    const below = new Float32Array(half * half);
    for (let j = 0, k = 0; j < half; ++j)
        for (let i = 0; i < half; ++i, ++k)
            below[k] = readGrid(heights, count, count, sampleAt(i, half, 1), sampleAt(j, half, 1));
    // The smaller of the two slopes to the neighbours: beside a cliff, that of flat ground.
    const least = (k, away, first, last) => Math.min(
        ...(first ? [] : [Math.abs(heights[k] - heights[k - away])]),
        ...(last ? [] : [Math.abs(heights[k + away] - heights[k])])) * (count / 2);
    for (let j = 0, k = 0; j < count; ++j)
        for (let i = 0; i < count; ++i, ++k) {
            const x = Math.min(Math.max((i + 0.5) / 2 - 0.5, 0), half - 1.001);
            const y = Math.min(Math.max((j + 0.5) / 2 - 0.5, 0), half - 1.001);
            const p = x - Math.floor(x), q = y - Math.floor(y);
            const at = Math.floor(y) * half + Math.floor(x);
            const slope = Math.hypot(least(k, 1, i === 0, i === count - 1),
                                     least(k, count, j === 0, j === count - 1));
            const near = alike + slope * 2 * further / half;
            let total = 0, weights = 0;
            for (const [step, share] of [
                [0, (1 - p) * (1 - q)], [1, p * (1 - q)], [half, (1 - p) * q], [half + 1, p * q],
            ]) {
                const away = Math.abs(below[at + step] - heights[k]) / near;
                const weight = share * Math.max(1 - away, 1e-3);
                total += weight * coarse[at + step];
                weights += weight;
            }
            fine[k] = total / weights;
        }
    return fine;
}

// The mean of three neighbours each way, twice: no edge of a single direction is seen. And towards
// its ends the grid goes over to the light of the open.
function softenFloor(grid) {
    const count = Math.sqrt(grid.length);
    for (let pass = 0; pass < 2; ++pass)
        for (const away of [count, 1]) {
            const before = grid.slice();
            for (let k = 0; k < grid.length; ++k) {
                const place = away === 1 ? k % count : Math.floor(k / count);
                const low = before[place > 0 ? k - away : k];
                const high = before[place < count - 1 ? k + away : k];
                grid[k] = (low + 2 * before[k] + high) / 4;
            }
        }
    for (let j = 0, k = 0; j < count; ++j)
        for (let i = 0; i < count; ++i, ++k) {
            const u = Math.abs(sampleAt(i, count, 1)), v = Math.abs(sampleAt(j, count, 1));
            grid[k] = 1 - (1 - grid[k]) * clipShare((1 - Math.max(u, v)) * 4);
        }
    return grid;
}

// The samples across the ground, an even number. shorter: the picture's side, in samples.
export function groundSamples(shorter, { ground, fine, coarsest }) {
    return 2 * Math.round(ground / 2 * Math.min(1, Math.max(coarsest, shorter / fine)));
}

// Light that does not depend on where the sun stands: what the sky gives the surface, and the floor.
// heights: (count, count) of a surface, as lengths. body: { floor, solid }.
export function makeSkyLight(heights, count, body, camera, numbers) {
    const around = Math.ceil(numbers.around * count / numbers.ground);
    const rings = numbers.dome.flatMap(
        height => Array.from({ length: around }, (_, k) => [height, k]));
    const weightOf = height => Math.sin(2 * height * Math.PI / 180); // on a level floor
    const total = rings.reduce((sum, [height]) => sum + weightOf(height), 0);
    const floor = new Float32Array(numbers.domeFloor ** 2).fill(1);
    for (const [height, k] of rings) {
        const direction = shadowDirection(camera, (k + height / 90) * 360 / around, height);
        addFloorShadow(floor, weightOf(height) / total, heights, count, direction, body, numbers);
    }
    const sky = openSky(heights, count, numbers);
    return { ground: refineSky(sky, heights, count, numbers), floor: softenFloor(floor) };
}

// Light of the sun: the share that the surface sees, and the floor. suns: points of its disc.
export function makeSunLight(
    heights, count, body, camera, azimuth, elevation, numbers,
    suns = Math.ceil(numbers.suns * count / numbers.ground),
) {
    const ground = new Float32Array(count * count);
    const size = Math.round(numbers.floor * count / numbers.ground);
    const floor = new Float32Array(size * size).fill(1);
    const wide = Math.max(0.2, Math.cos(elevation * Math.PI / 180));
    for (let k = 0; k < suns; ++k) {
        const radius = numbers.disc * Math.sqrt((k + 0.5) / suns) * 180 / Math.PI;
        const turn = k * Math.PI * (3 - Math.sqrt(5));
        const direction = shadowDirection(
            camera, azimuth + radius * Math.cos(turn) / wide, elevation + radius * Math.sin(turn));
        addOwnShadow(ground, 1 / suns, heights, count, direction, numbers.softness);
        addFloorShadow(floor, 1 / suns, heights, count, direction, body, numbers);
    }
    return { ground: ground.map(t => smooth(clipShare(t))), floor: softenFloor(floor) };
}
