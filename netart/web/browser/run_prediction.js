// What networks predict: drawn by their shaders, or without a GPU by what a page knows of colours.
import { isSoftware, listenForLoss, openContext } from "./gl.js";
import { Picture, weightsTexture } from "./picture.js";
import { ACTIVATIONS, evaluate } from "./run_network.js";
import { texelsOf } from "./texels.js";

const FIRST_RATE = 2000; // pixels that a GPU draws a millisecond, before any was measured
const STRIP_MS = 30; // between two looks at whether something else is to be drawn
const PER_MS = 3e5; // products a millisecond without a GPU
const AT_A_TIME = 2048; // points, whose numbers stay in the processor's cache
const FEWEST_PIXELS = 24; // along a side
const MOST_PIXELS = 4096; // along a side of what a GPU draws at once: any takes so many

export class Predictions {
    #gl = null;
    #data;
    #pictures = []; // of the data, where there is a GPU

    // pictures: what picture_data in picture.py gives, without weights.
    constructor(pictures) {
        this.canvas = document.createElement("canvas");
        this.samples = pictures.map(data => Math.max(data.rest, data.uniforms.u_samples));
        this.rate = FIRST_RATE;
        this.turns = 0; // how often the GPU went or came back: what was drawn before may be wrong
        this.onTurn = () => {};
        this.#data = pictures;
    }

    // The GPU, null where there is none now.
    get gl() {
        return this.#gl?.isContextLost() ? null : this.#gl;
    }

    // Resolves when the shaders are compiled, or it is clear that there is no GPU for them: what
    // imitates one is slower than what is here. A GPU that is lost may come back.
    async open(runs) {
        listenForLoss(this.canvas, {
            lose: () => this.#turn(null),
            restore: async () => {
                await this.#build(runs);
                this.#turn(this.#gl);
            },
            giveUp: () => {}, // what is here goes on
        });
        await this.#build(runs);
    }

    #turn(gl) {
        this.#gl = gl;
        ++this.turns;
        this.onTurn();
    }

    async #build(runs) {
        try {
            const gl = openContext(this.canvas);
            if (isSoftware(gl) && runs.every(run => run.tints)) return;
            this.#pictures = this.#data.map(data => new Picture(gl, data));
            await Promise.all(this.#pictures.map(picture => picture.ready()));
            this.#gl = gl;
        } catch (error) {
            if (error.name !== "GraphicsError") throw error;
        }
    }

    // Draws a network's prediction over a whole canvas, as finely as the time allows. Returns
    // whether nothing is left to be refined.
    drawCoarse(context, network, view, budgetMs) {
        const { width, height } = context.canvas, { gl } = this;
        const rate = gl ? this.rate : PER_MS / workOf(network.layers);
        const most = gl ? MOST_PIXELS / Math.max(width, height) : 1;
        const share = Math.min(1, most, Math.sqrt(budgetMs * rate / (width * height)));
        const size = [width, height].map(
            side => Math.max(FEWEST_PIXELS, Math.round(side * share)));
        if (gl && this.#draw(network, view, size, wholeOf(size), 1)) {
            this.#copy(context, wholeOf([width, height]));
        } else if (network.run.tints) {
            const small = document.createElement("canvas");
            [small.width, small.height] = size;
            small.getContext("2d").putImageData(tinted(network, view, size, wholeOf(size)), 0, 0);
            context.drawImage(small, 0, 0, width, height);
        } else {
            context.fillStyle = "#808080";
            context.fillRect(0, 0, width, height);
        }
        return share === 1 && !(gl && this.samples[network.run.picture] > 1);
    }

    // Draws it strip by strip with all samples; stops where isWanted() no longer holds.
    async refine(context, network, view, isWanted) {
        const { width, height } = context.canvas, size = [width, height];
        for (let top = 0, rows; top < height && isWanted(); top += rows) {
            const { gl } = this, samples = gl ? this.samples[network.run.picture] : 1;
            const rate = gl ? this.rate / samples ** 2 : PER_MS / workOf(network.layers);
            const fitting = Math.max(Math.ceil(STRIP_MS * rate / width), 1);
            rows = Math.min(fitting, MOST_PIXELS, height - top);
            const strip = { left: 0, top, width, height: rows };
            const isDrawn = gl && partsOf(strip).every(part => {
                const could = this.#draw(network, view, size, part, samples);
                if (could) this.#copy(context, part);
                return could;
            });
            if (!isDrawn && network.run.tints)
                context.putImageData(tinted(network, view, size, strip), 0, top);
            await new Promise(requestAnimationFrame);
        }
    }

    // Draws a strip by the GPU. Returns whether it could.
    #draw({ run, layers }, view, size, strip, samples) {
        const { canvas } = this, gl = this.#gl, began = performance.now();
        if (canvas.width !== strip.width) canvas.width = strip.width;
        if (canvas.height !== strip.height) canvas.height = strip.height;
        try {
            this.#pictures[run.picture].draw(size, strip, {
                u_weights: weightsTexture(packLayers(layers, run)),
                u_inputs: inputsOf(view).flat(),
                u_samples: samples,
            });
        } catch (error) {
            if (error.name !== "GraphicsError") throw error;
            this.#gl = null; // until it comes back, if it was lost
            return false;
        }
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits
        const tookMs = Math.max(performance.now() - began, 0.2);
        const rate = strip.width * strip.height * samples ** 2 / tookMs;
        this.rate = Math.sqrt(this.rate * rate);
        return !gl.isContextLost();
    }

    // Copies what was drawn to a place on a canvas. WebGL counts rows from below.
    #copy(context, { left, top, width, height }) {
        context.save();
        context.translate(left, top + height);
        context.scale(1, -1);
        context.drawImage(this.canvas, 0, 0, width, height);
        context.restore();
    }
}

// The parts of a strip that a GPU draws at once.
function partsOf(strip) {
    return Array.from({ length: Math.ceil(strip.width / MOST_PIXELS) }, (_, k) => {
        const left = k * MOST_PIXELS;
        return { ...strip, left, width: Math.min(MOST_PIXELS, strip.width - left) };
    });
}

const wholeOf = ([width, height]) => ({ left: 0, top: 0, width, height });
const workOf = layers => layers.reduce((sum, { units, inputs }) => sum + units * (inputs + 8), 0);

// A strip of a prediction of that size, without a GPU.
function tinted({ run, layers }, view, size, { top, width, height }) {
    const image = new ImageData(width, height), shorter = Math.min(...size);
    const us = Array.from({ length: width }, (_, k) => (2 * k + 1 - size[0]) / shorter);
    const rows = Math.max(1, Math.floor(AT_A_TIME / width));
    for (let row = 0; row < height; row += rows) {
        const vs = Array.from({ length: Math.min(rows, height - row) },
            (_, k) => (size[1] - 1 - 2 * (top + row + k)) / shorter);
        const outputs = evaluate(layers, run.features, view.at, us, vs).at(-1);
        tint(run, outputs, width, image.data.subarray(4 * row * width));
    }
    return image;
}

// A view's inputs as shaders read them: x, then y, as c + a·u + b·v.
export function inputsOf({ center, radius, basis }) {
    return center.map((c, k) => [c, radius * basis[k][0], radius * basis[k][1]]);
}

// Writes the levels of outputs' colours.
function tint({ tints, outputs, outputActivation }, z, width, pixels) {
    const values = outputs ? outputs.map(k => z[k]) : z, act = ACTIVATIONS[outputActivation];
    const level = x => Math.min(Math.max(Math.round(255 * act(x)), 0), 255);
    const colourAt = {
        ramp: k => tints.colours[level(values[0][k])],
        rgb: k => [0, 1, 2].map(c => level(values[c][k])),
        regions: k => regionColour(tints, values, width, k),
    }[tints.kind];
    for (let k = 0; k < values[0].length; ++k) {
        pixels.set(colourAt(k), 4 * k);
        pixels[4 * k + 3] = 255;
    }
}

// The colour of the region of a point; at its edge, mixed with that of the next one over a pixel.
function regionColour({ colours, level }, values, width, k) {
    let own = 0, next = 1;
    const isOne = values.length === 1; // which is compared with a level
    const of = (region, at) => (isOne && region ? level : values[region][at]);
    if (of(next, k) > of(own, k)) [own, next] = [next, own];
    for (let region = 2; region < values.length; ++region)
        if (of(region, k) > of(own, k)) [own, next] = [region, own];
        else if (of(region, k) > of(next, k)) next = region;
    const margin = at => of(own, at) - of(next, at), here = margin(k), count = values[0].length;
    const beside = k % width + 1 < width ? k + 1 : k - 1;
    const below = [k + width, k - width].find(at => at >= 0 && at < count) ?? k;
    const slope = Math.hypot(margin(beside) - here, margin(below) - here);
    const share = Math.max(0, 0.5 - here / (slope || 1e-30));
    return colours[own].map((c, i) => c + share * (colours[next][i] - c));
}

// The layers as texels, of the last one the outputs that are drawn.
function packLayers(layers, { codes, outputs }) {
    const texels = layers.map(({ units, inputs, numbers }, k) => {
        const isLast = k === layers.length - 1;
        const some = isLast && outputs ? outputs : [...Array(units).keys()];
        const rows = some.map(unit => unit * (inputs + 1));
        return texelsOf({
            weight: Float32Array.from(
                rows.flatMap(row => [...numbers.subarray(row, row + inputs)])),
            bias: Float32Array.from(rows, row => numbers[row + inputs]),
        }, isLast ? 0 : codes[k]);
    });
    const all = new Float32Array(texels.reduce((sum, layer) => sum + layer.length, 0));
    texels.reduce((at, layer) => (all.set(layer, at), at + layer.length), 0);
    return all;
}
