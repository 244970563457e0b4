// What lies over a picture and moves with it: points of classes, and letters of regions.
import { floatsOf } from "./data.js";
import { GraphicsError, pause } from "./gl.js";
import { addLabels } from "./letters.js";
import { addPoints } from "./marks.js";
import { NUMBERED, gridOf, numberedTable, placeLabels } from "./region_labels.js";

// Until letters are placed again: so many times as long as it took, and no longer than that.
const REST = 4, MAX_REST_MS = 400;

export class Overlay {
    #marks;
    #axes;
    #uniforms;
    #table;
    #progressive;
    #points; // [a, b, class], a and b along the view's axes
    #letters = []; // [a, b, outline], as they were placed last
    #shown = null; // {size, values} of the picture below
    #placed = null; // the one for which letters were placed
    #isPlacing = false;

    // data: {marks, picture, view} of what shot_data in shot_page.py gives. progressive: what draws
    // the picture.
    constructor({ marks, picture, view }, progressive) {
        const numbers = marks.points ? floatsOf(marks.points) : [];
        this.#marks = marks;
        this.#axes = view.axes;
        this.#uniforms = picture.uniforms;
        this.#table = marks.letters && numberedTable(picture.textures.u_table);
        this.#progressive = progressive;
        this.#points = Array.from(
            { length: numbers.length / 3 }, (_, k) => numbers.slice(3 * k, 3 * k + 3));
        this.canvas = document.createElement("canvas");
        this.canvas.id = "overlay";
        this.canvas.setAttribute("aria-hidden", "true");
    }

    // Draws what lies over a picture of that size, drawn with these values: see Progressive.
    show(size, values) {
        if (this.#shown?.values !== values || "" + this.#shown.size !== "" + size) {
            this.#shown = { size, values };
            this.#draw();
        }
        if (this.#table) this.#place(); // again, too, where the GPU was lost before
    }

    // Lays it over the pixels of a picture of any size: RGBA, row 0 on top.
    async addTo(pixels, size, values) {
        this.#add(pixels, size, values, this.#table ? await this.#lettersOf(size, values) : []);
    }

    #draw() {
        const { canvas } = this, { size, values } = this.#shown, [width, height] = size;
        if (canvas.width !== width || canvas.height !== height)
            Object.assign(canvas, { width, height });
        const context = canvas.getContext("2d", { willReadFrequently: true });
        const image = context.createImageData(width, height);
        this.#add(image.data, size, values, this.#letters);
        context.putImageData(image, 0, 0);
    }

    #add(pixels, size, values, letters) {
        const plane = this.#planeOf(values), { style } = this.#marks;
        const placed = ([a, b, what]) => [...placeIn(plane, a, b), what];
        addPoints(pixels, size, style, this.#points.map(placed));
        addLabels(pixels, size, style, letters.map(placed));
    }

    // Places letters for the picture that is shown, and then for the one that is shown by then.
    async #place() {
        if (this.#isPlacing) return;
        this.#isPlacing = true;
        try {
            while (this.#placed !== this.#shown) {
                const began = performance.now(), shown = this.#shown;
                this.#letters = await this.#lettersOf(shown.size, shown.values);
                this.#placed = shown;
                this.#draw();
                await pause(Math.min(MAX_REST_MS, REST * (performance.now() - began)));
            }
        } catch (error) {
            if (!(error instanceof GraphicsError)) throw error; // what draws the picture says so
        } finally {
            this.#isPlacing = false;
        }
    }

    // [a, b, outline] of each letter, a and b along the view's axes.
    async #lettersOf(size, values) {
        const { letters, grid } = this.#marks, own = gridOf(size, grid);
        const numbered = { ...values, ...NUMBERED, u_table: this.#table };
        const pixels = await this.#progressive.pixels(own, { values: numbered });
        const plane = this.#planeOf(values);
        return placeLabels(pixels, own).map(([number, u, v]) => [
            ...plane.map(([c, a, b]) => c + a * u + b * v), letters[number % letters.length]]);
    }

    // (c, a, b) of each of the view's axes: the coordinate c + a·u + b·v.
    #planeOf({ u_inputs: rows = this.#uniforms.u_inputs }) {
        return this.#axes.map(axis => rows.slice(3 * axis, 3 * axis + 3));
    }
}

// (u, v) of a point of the plane.
function placeIn([[c, a, b], [d, e, f]], x, y) {
    const determinant = a * f - b * e, [right, up] = [x - c, y - d];
    return [(f * right - b * up) / determinant, (a * up - e * right) / determinant];
}
