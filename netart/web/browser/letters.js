// Letters of regions over pixels, as netart/lens/marks.py draws them. Pixels are RGBA, row 0 on
// top; places are (u, v) of the picture. style: as in marks.py.
import { lay, placeOf } from "./marks.js";

// To whole numbers, halves to even ones, as Python does.
export function roundEven(number) {
    const below = Math.floor(number), rest = number - below;
    return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
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
