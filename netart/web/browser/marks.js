// Points of classes over pixels, as netart/lens/marks.py draws them. Pixels are RGBA, row 0 on top;
// places are (u, v) of the picture. style: as in marks.py.

// The signed distances of shapes of radius 1: x to the right, y down.
const disc = (x, y) => Math.hypot(x, y) - 1;
const square = (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.88;
const triangle = (x, y) => Math.max(0.866025 * Math.abs(x) - 0.5 * y, y) - 0.72;
const diamond = (x, y) => (Math.abs(x) + Math.abs(y)) * 0.707107 - 0.86;
const cross = (x, y) => {
    const a = Math.abs(x), b = Math.abs(y);
    return Math.max(a - 1.1, b - 1.1, Math.min(a, b) - 0.4);
};
const SHAPES = [disc, disc, square, triangle, diamond, cross], HOLLOW = 1;

const coverOf = share => Math.min(1, Math.max(0, share));

// Lays points [u, v, class] over the pixels of a picture. Fills lie over all rims, later ones over
// earlier ones.
export function addPoints(pixels, size, style, points) {
    const radius = style.pointSize * radiusOfPoints(size, style, points.length);
    const rim = Math.max(1, style.rim * radius), shade = Math.max(1.5, style.shade * radius);
    const { paper, darkest, colours } = style, hollow = style.hollow * radius;
    for (const point of points) eachPixel(size, point, radius, style.farthest, rim + shade,
        (at, edge) => {
            const left = 1 - coverOf((edge - rim) / shade), cover = coverOf(0.5 - edge + rim);
            const around = darkest * left * left, alpha = 1 - (1 - around) * (1 - cover);
            lay(pixels, at, alpha, cover * paper[0], cover * paper[1], cover * paper[2]);
        });
    for (const point of points) {
        const [red, green, blue] = colours[(point[2] - 1) % colours.length];
        const isHollow = (point[2] - 1) % SHAPES.length === HOLLOW;
        eachPixel(size, point, radius, style.farthest, 0, (at, edge) => {
            const inner = isHollow ? coverOf(0.5 - edge - hollow) : 0;
            const outer = coverOf(0.5 - edge) * (1 - inner);
            lay(pixels, at, inner + outer, inner * paper[0] + outer * red,
                inner * paper[1] + outer * green, inner * paper[2] + outer * blue);
        });
    }
}

// In pixels, of each of so many points, where their size is 1.
export function radiusOfPoints(size, style, count) {
    const many = Math.min(1, style.many / count) ** 0.25;
    return Math.max(style.leastRadius, Math.min(...size) * style.radius * many);
}

// Calls `act` with pixels that a point, and what lies so far beyond it, may touch, and how far
// their middles lie from its edge.
function eachPixel(size, [u, v, number], radius, farthest, beyond, act) {
    const [x, y] = placeOf(size, u, v), reach = farthest * radius + beyond + 1;
    const distance = SHAPES[(number - 1) % SHAPES.length];
    const first = at => Math.max(0, Math.floor(at - reach));
    const [right, bottom] = [x, y].map((at, k) => Math.min(size[k], Math.ceil(at + reach)));
    for (let row = first(y); row < bottom; ++row)
        for (let column = first(x); column < right; ++column) {
            const edge = radius * distance((column + 0.5 - x) / radius, (row + 0.5 - y) / radius);
            if (edge < beyond + 0.5) act(4 * (row * size[0] + column), edge);
        }
}

// Columns and rows from the picture's corner; middles of pixels lie at halves.
export function placeOf([width, height], u, v) {
    const shorter = Math.min(width, height);
    return [(width + u * shorter) / 2, (height - v * shorter) / 2];
}

// Lays a colour over a pixel, which need not be opaque. red, green, blue: times alpha.
export function lay(pixels, at, alpha, red, green, blue) {
    const under = pixels[at + 3] / 255 * (1 - alpha), whole = alpha + under;
    if (!alpha) return;
    pixels[at] = Math.round((red + under * pixels[at]) / whole);
    pixels[at + 1] = Math.round((green + under * pixels[at + 1]) / whole);
    pixels[at + 2] = Math.round((blue + under * pixels[at + 2]) / whole);
    pixels[at + 3] = Math.round(255 * whole);
}
