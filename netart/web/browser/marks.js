// Points of classes and letters over pixels, as netart/lens/marks.py draws them. Pixels are RGBA,
// row 0 on top; places are (u, v) of the picture. style: as in marks.py.

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

// To whole numbers, halves to even ones, as Python does.
export function roundEven(number) {
    const below = Math.floor(number), rest = number - below;
    return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

const clip = share => Math.min(1, Math.max(0, share));

// Lays points [u, v, class] over the pixels of a picture. Fills lie over all rims, later ones over
// earlier ones.
export function addPoints(pixels, size, style, points) {
    const shorter = Math.min(...size), many = Math.min(1, style.many / points.length) ** 0.25;
    const radius = style.pointSize * Math.max(style.leastRadius, shorter * style.radius * many);
    const rim = Math.max(1, style.rim * radius), shade = Math.max(1.5, style.shade * radius);
    const { paper, darkest, colours } = style, hollow = style.hollow * radius;
    for (const point of points) eachPixel(size, point, radius, style.farthest, rim + shade,
        (at, edge) => {
            const left = 1 - clip((edge - rim) / shade), cover = clip(0.5 - edge + rim);
            const around = darkest * left * left, alpha = 1 - (1 - around) * (1 - cover);
            lay(pixels, at, alpha, cover * paper[0], cover * paper[1], cover * paper[2]);
        });
    for (const point of points) {
        const [red, green, blue] = colours[(point[2] - 1) % colours.length];
        const isHollow = (point[2] - 1) % SHAPES.length === HOLLOW;
        eachPixel(size, point, radius, style.farthest, 0, (at, edge) => {
            const inner = isHollow ? clip(0.5 - edge - hollow) : 0;
            const outer = clip(0.5 - edge) * (1 - inner);
            lay(pixels, at, inner + outer, inner * paper[0] + outer * red,
                inner * paper[1] + outer * green, inner * paper[2] + outer * blue);
        });
    }
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

// Lays letters [u, v, outline] over the pixels of a picture.
export function addLabels(pixels, size, style, labels) {
    const pixelsOfFont = Math.max(style.leastFont, roundEven(Math.min(...size) * style.fontSize));
    for (const [u, v, outline] of labels) {
        const { width, height, ink, halo } = drawLetter(style, outline, pixelsOfFont);
        // Places come from the plane: what was half a pixel there shall be it again.
        const [x, y] = placeOf(size, u, v).map(each => Number(each.toFixed(6)));
        const left = roundEven(x - width / 2), top = roundEven(y - height / 2);
        for (let row = Math.max(0, -top); row < Math.min(height, size[1] - top); ++row)
            for (let k = Math.max(0, -left); k < Math.min(width, size[0] - left); ++k) {
                const from = 4 * (row * width + k) + 3, inner = ink[from] / 255;
                const outer = style.haloCover * halo[from] / 255 * (1 - inner);
                const [red, green, blue] = style.paper.map(
                    (paper, channel) => inner * style.ink[channel] + outer * paper);
                if (inner + outer) lay(pixels, 4 * ((row + top) * size[0] + k + left),
                    inner + outer, red, green, blue);
            }
    }
}

// Where there is ink and where there is halo, as the alpha of RGBA.
function drawLetter({ em, halo, ascent, descent, lineHeight }, outline, pixelsOfFont) {
    const stroke = Math.max(2, roundEven(pixelsOfFont * halo)), scale = pixelsOfFont / em;
    const width = Math.round(outline.width * scale) + 4 * stroke;
    const height = roundEven(lineHeight * pixelsOfFont) + 4 * stroke;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const path = new Path2D(outline.path);
    // The baseline is between pixels, as heights above and below it are whole pixels.
    const down = Math.round((Math.ceil(ascent * scale) - Math.ceil(descent * scale)) / 2);
    context.setTransform(scale, 0, 0, scale, width / 2, height / 2 + down);
    context.fill(path);
    const { data: ink } = context.getImageData(0, 0, width, height);
    Object.assign(context, { lineWidth: 2 * stroke / scale, lineJoin: "round" });
    context.stroke(path);
    return { width, height, ink, halo: context.getImageData(0, 0, width, height).data };
}

// Columns and rows from the picture's corner; middles of pixels lie at halves.
function placeOf([width, height], u, v) {
    const shorter = Math.min(width, height);
    return [(width + u * shorter) / 2, (height - v * shorter) / 2];
}

// Lays a colour over a pixel, which need not be opaque. red, green, blue: times alpha.
function lay(pixels, at, alpha, red, green, blue) {
    const under = pixels[at + 3] / 255 * (1 - alpha), whole = alpha + under;
    if (!alpha) return;
    pixels[at] = Math.round((red + under * pixels[at]) / whole);
    pixels[at + 1] = Math.round((green + under * pixels[at + 1]) / whole);
    pixels[at + 2] = Math.round((blue + under * pixels[at + 2]) / whole);
    pixels[at + 3] = Math.round(255 * whole);
}
