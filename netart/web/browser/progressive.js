// A canvas that shows a picture at once, coarsely, and then refines it in slices of time.
import { GraphicsError, beginProgram, byteTexture, endProgram, framebuffer, listenForLoss, lost,
    openContext, pause, uniformSetter, whenDrawn } from "./gl.js";
import { Picture } from "./picture.js";
import { blocks, coarse, halves } from "./windows.js";

const COARSE_MS = 40; // that the first pass may take
const FRAME_MS = 12; // a frame of what moves, at the display's rate
const SLOW_FRAME_MS = 50; // where that has too few pixels: about 15 frames a second
const SLICE_MS = 16;
const SLOW_SLICE_MS = 40; // where that has fewer samples than SLOW_SLICE
const SLOW_SLICE = 1024;
const MIN_SLICE = 256, MIN_WORK = 16e6; // samples, or multiplications: fewer take as long
const MIN_OF_LINES = 4096; // samples, or that work, of a picture of lines: fewer do not show them
const FIRST_RATE = 20, FIRST_WORK = 2e5; // a millisecond, of a slow processor
const KEPT = 0.75; // of what was measured before, at each measurement
const KEPT_IF_QUICK = 0.25; // where there was time for twice as much
const PROGRESS_MS = 100; // between two updates of the canvas while it is refined
const PROGRESS_SHARE = 0.2; // of the time, that these take at most
const QUICKEN_MS = 500; // after the first pixels, before what may take a processor as long
const QUIET_MS = 300; // before samples are drawn, or all pixels of what has moved
const FINER = 4; // times finer, across and down, is a pass than the one before
const LONG_MS = 500; // a pass that takes no longer needs none before it
const BLOCK = 128; // pixels on a side of what is drawn at once, at most
const TILE = 1024; // of what is read at once

// Widths in pixels, of which a coarse pass has fewer, but so many: thinner lines fade away. That of
// lights is a glow's, too, which would fill the picture.
const WIDTHS = { u_line_width: 1, u_boundary: 1, u_width: 0.5 };

// Scales the first pixels of a texture: linearly, or, where there is time for four smooth reads, by
// cubic B-splines.
const SCALE = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D u_from;
uniform vec2 u_from_size, u_to_size;
uniform float u_flip, u_cubic;
out vec4 o_pixel;
void main() {
    vec2 place = gl_FragCoord.xy;
    if (u_flip == 1.0) place.y = u_to_size.y - place.y;
    if (u_from_size == u_to_size) {
        o_pixel = texelFetch(u_from, ivec2(place), 0);
        return;
    }
    place = place * u_from_size / u_to_size - 0.5;
    vec2 first = floor(place), f = place - first, g = 1.0 - f;
    vec2 w0 = g * g * g, w3 = f * f * f, w1 = 4.0 - 6.0 * f * f + 3.0 * w3, w2 = 6.0 - w0 - w1 - w3;
    vec2 last = u_from_size - 0.5, all = vec2(textureSize(u_from, 0));
    if (u_cubic == 0.0) {
        o_pixel = texture(u_from, clamp(place + 0.5, vec2(0.5), last) / all);
        return;
    }
    vec2 low = clamp(first - 0.5 + w1 / (w0 + w1), vec2(0.5), last) / all;
    vec2 high = clamp(first + 1.5 + w3 / (w2 + w3), vec2(0.5), last) / all;
    vec2 share = (w0 + w1) / 6.0;
    vec4 above = mix(texture(u_from, high), texture(u_from, vec2(low.x, high.y)), share.x);
    vec4 below = mix(texture(u_from, vec2(high.x, low.y)), texture(u_from, low), share.x);
    o_pixel = vec4(mix(above, below, share.y).rgb, 1.0);
}`;

export class Progressive {
    // Resolves when the first pixels can be drawn; rejected with a GraphicsError where they cannot.
    ready;
    // Called when a picture is complete, with all its samples.
    onRest = () => {};
    // Called when the canvas is updated, with the pixels of what is shown, as many as the canvas
    // has when that is not coarse, and with the values that it was drawn with.
    onPresent = () => {};
    // Called with a GraphicsError when nothing can be drawn any more.
    onLost = () => {};

    #canvas;
    #data;
    #gl;
    #picture = null;
    #scale;
    #targets = []; // two, as large as the picture
    #shown = null; // {target, size, values}: what there is of a picture, in a target's first pixels
    #speed; // {samples, ms}: those that were measured last count most
    #drawsWhole; // how the picture was drawn last: undefined before
    #firstDrawn; // when the first part of it was
    #presentMs; // that updating the canvas takes
    #asked = null; // what is to be shown next
    #last = null; // what was asked for last
    #wake = () => {}; // ends a pause
    #isRunning = false;
    #turn = Promise.resolve(); // resolves when nobody uses the GPU
    #presented = { time: 0, size: "" }; // when the canvas was updated, and its size then

    // data: what picture_data in picture.py gives. The canvas' width and height are those of the
    // picture: whoever sets them calls `show`.
    constructor(canvas, data) {
        this.#canvas = canvas;
        this.#data = data;
        this.ready = this.#open();
        this.ready.catch(() => {}); // whoever waits for it is told
        listenForLoss(canvas, {
            lose: () => {
                this.#data = { ...data, isQuick: false }; // what compiles for too long loses a GPU
                this.#picture = this.#shown = null;
            },
            restore: () => this.#build().catch(error => this.onLost(error)),
            giveUp: error => this.onLost(error),
        });
    }

    // Shows the picture with values in place of its own: see Picture. moving: another one follows
    // at once, and no more of this one is drawn than there is time for in a frame.
    show(values = {}, { moving = false } = {}) {
        this.#asked = this.#last = { values, moving };
        if (this.#presented.size !== "" + this.#canvasSize()) this.present(); // it was cleared
        this.#wake();
        this.#run();
    }

    // Puts what there is of the picture on the canvas, which can be read until the script ends.
    present() {
        if (!this.#shown) return;
        const gl = this.#gl;
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        this.#copyShown([gl.drawingBufferWidth, gl.drawingBufferHeight], true);
        this.#presented = { time: performance.now(), size: "" + this.#canvasSize() };
        this.onPresent(this.#shown.size, this.#shown.values);
    }

    // The picture of any size, with the shot's own samples: RGBA, row 0 on top. values: as for
    // `show`, by default what is shown. onProgress: called with the share that is drawn.
    async pixels(size, { values = this.#last?.values ?? {}, onProgress } = {}) {
        await this.ready;
        const gl = this.#gl, [width, height] = size, out = new Uint8Array(4 * width * height);
        const samples = this.#samplesOf(values), tiles = blocks(size, TILE);
        const target = makeTarget(gl, [Math.min(TILE, width), Math.min(TILE, height)]);
        try {
            for (const [k, tile] of tiles.entries()) {
                const draw = ({ left, top, ...sides }) => {
                    const part = { left: left + tile.left, top: top + tile.top, ...sides };
                    this.#picture.draw(size, part, values, [left, top]);
                };
                const goesOn = left => {
                    onProgress?.((k + 1 - left / (tile.width * tile.height)) / tiles.length);
                    return true;
                };
                await this.#inSlices([tile.width, tile.height], samples, target, draw, goesOn);
                gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
                const rows = new Uint8Array(4 * tile.width * tile.height);
                gl.readPixels(0, 0, tile.width, tile.height, gl.RGBA, gl.UNSIGNED_BYTE, rows);
                for (let row = 0; row < tile.height; ++row)
                    out.set(rows.subarray(4 * row * tile.width, 4 * (row + 1) * tile.width),
                        4 * ((tile.top + row) * width + tile.left));
            }
        } finally {
            releaseTarget(gl, target);
        }
        return out;
    }

    async #open() {
        this.#gl = openContext(this.#canvas);
        await this.#build();
    }

    // What a new context needs; then shows what was asked for.
    async #build() {
        const gl = this.#gl, scale = beginProgram(gl, SCALE), picture = new Picture(gl, this.#data);
        this.#targets = [];
        this.#drawsWhole = this.#firstDrawn = undefined;
        this.#speed = { samples: Math.min(FIRST_RATE, FIRST_WORK / this.#data.cost), ms: 1 };
        this.#presentMs = 0;
        await picture.ready();
        this.#scale = uniformSetter(gl, endProgram(gl, scale));
        this.#picture = picture;
        this.#asked ??= this.#last;
        this.#run();
    }

    async #run() {
        if (this.#isRunning || !this.#picture) return;
        this.#isRunning = true;
        try {
            while (this.#asked) {
                const { values, moving } = this.#asked;
                this.#asked = null;
                if (await this.#refine(values, moving)) this.onRest();
            }
        } catch (error) {
            if (!(error instanceof GraphicsError)) throw error;
            if (error.reason !== "lost") this.onLost(error); // what is lost may come back
        } finally {
            this.#isRunning = false;
        }
        if (this.#asked) this.#run(); // while the GPU was lost
    }

    // Draws the picture from coarse to exact. Returns whether it came to its end.
    async #refine(values, moving) {
        const began = performance.now(), size = this.#allocate(), all = size[0] * size[1];
        const count = moving ? this.#frame(all) : this.#samplesIn(COARSE_MS);
        const least = this.#fewest(this.#widths.length ? MIN_OF_LINES : MIN_SLICE);
        let factor = Math.max(1, Math.sqrt(all / Math.max(count, least)));
        await this.#drawCoarse(size, factor, values);
        if (moving) await this.#pause(QUIET_MS);
        while (factor > 1 && !this.#asked) {
            const isLong = factor > 2 * FINER && all > this.#samplesIn(LONG_MS);
            factor = isLong ? factor / FINER : 1;
            await this.#drawFine(size, factor, values, 1);
        }
        await this.#pause(began + QUIET_MS - performance.now());
        const samples = Math.max(this.#data.rest, this.#samplesOf(values));
        if (!this.#asked) await this.#drawFine(size, 1, values, samples);
        return !this.#asked;
    }

    // Samples of a frame of what moves: those that keep the display's rate where that is a quarter
    // of the picture's, or else more.
    #frame(all) {
        const [quick, slow] = [FRAME_MS, SLOW_FRAME_MS].map(
            frame => this.#samplesIn(Math.max(frame / 4, frame - this.#presentMs)));
        return Math.max(quick, Math.min(all / 4, slow));
    }

    // So many samples, or those of MIN_WORK where these are fewer.
    #fewest(count) {
        return Math.max(1, Math.min(count, MIN_WORK / this.#data.cost));
    }

    #samplesIn(milliseconds) {
        return milliseconds * this.#speed.samples / this.#speed.ms;
    }

    // A picture of one pixel for so many across and down, drawn at once.
    async #drawCoarse(full, factor, values) {
        const gl = this.#gl, size = coarse(full, factor), own = this.#coarseValues(values, factor);
        await this.#measure(() => {
            const target = this.#targets.find(each => each !== this.#shown?.target);
            gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
            this.#picture.draw(size, { left: 0, top: 0, width: size[0], height: size[1] }, own);
            this.#shown = { target, size, values };
            return size[0] * size[1];
        }, true);
    }

    // The same in slices, over what is shown.
    async #drawFine(full, factor, values, samples) {
        if (!this.#shown) throw lost();
        const gl = this.#gl, size = coarse(full, factor);
        const own = { ...this.#coarseValues(values, factor), u_samples: samples };
        if ("" + this.#shown.size !== "" + size) {
            const target = this.#targets.find(each => each !== this.#shown.target);
            gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
            this.#copyShown(size, false);
            this.#shown = { ...this.#shown, target, size };
        }
        const draw = part => this.#picture.draw(size, part, own, [part.left, part.top]);
        await this.#inSlices(size, samples, this.#shown.target, draw, () => !this.#asked, true);
    }

    // Draws a picture of that size into a target in parts, each slice of time some of them.
    // goesOn: called before each slice, with the pixels that are left. isShown: whether it is what is shown.
    async #inSlices(size, samples, target, draw, goesOn, isShown = false) {
        const gl = this.#gl, queue = blocks(size, BLOCK).reverse();
        const cost = part => samples * samples * part.width * part.height;
        while (queue.length && goesOn(areaOf(queue))) {
            await this.#measure(() => {
                const budget = Math.max(this.#fewest(MIN_SLICE), this.#samplesIn(SLICE_MS),
                    Math.min(SLOW_SLICE, this.#samplesIn(SLOW_SLICE_MS)));
                gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
                let count = 0;
                while (queue.length && (!count || count + cost(queue.at(-1)) <= budget)) {
                    let part = queue.pop();
                    while (cost(part) > budget && part.width * part.height > 1) {
                        const [first, second] = halves(part);
                        queue.push(second);
                        part = first;
                    }
                    draw(part);
                    count += cost(part);
                }
                return count;
            }, isShown && (!queue.length || this.#isPresentDue()));
        }
    }

    // Has the GPU do what `draw` asks, when it has done all else, and learns from the time that it
    // takes. draw: returns the samples that it draws. presents: whether they are shown then.
    #measure(draw, presents) {
        const done = this.#turn.then(async () => {
            const gl = this.#gl, picture = this.#picture, began = performance.now();
            if (!picture) throw lost();
            const isFirst = this.#drawsWhole !== picture.isWhole; // it may compile once more
            this.#drawsWhole = picture.isWhole;
            const samples = draw();
            let middle;
            const drawn = whenDrawn(gl).then(() => { middle = performance.now(); });
            if (presents) this.present();
            await Promise.all([drawn, presents && whenDrawn(gl)]);
            if (picture !== this.#picture) throw lost();
            if (presents) this.#presentMs = performance.now() - middle;
            if (!isFirst) this.#learn(samples, Math.max(1, middle - began));
            this.#firstDrawn ??= middle;
            if (middle - this.#firstDrawn > QUICKEN_MS) picture.quicken();
        });
        this.#turn = done.catch(() => {});
        return done;
    }

    #learn(samples, ms) {
        const kept = ms < SLICE_MS / 2 ? KEPT_IF_QUICK : KEPT;
        this.#speed.samples = kept * this.#speed.samples + samples;
        this.#speed.ms = kept * this.#speed.ms + ms;
    }

    #isPresentDue() {
        const passed = performance.now() - this.#presented.time;
        return passed > Math.max(PROGRESS_MS, this.#presentMs / PROGRESS_SHARE);
    }

    #canvasSize() {
        return [this.#canvas.width, this.#canvas.height];
    }

    // The targets for a picture as large as the canvas, or as a texture can be. Returns its size.
    #allocate() {
        const gl = this.#gl, sides = this.#canvasSize();
        const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) / Math.max(...sides);
        const size = sides.map(side => Math.max(1, Math.floor(Math.min(1, most) * side)));
        if ("" + size === "" + this.#targets[0]?.size) return size;
        const old = this.#targets;
        this.#targets = [makeTarget(gl, size), makeTarget(gl, size)];
        if (this.#shown) {
            const [target] = this.#targets;
            gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
            this.#copyShown(size, false);
            this.#shown = { ...this.#shown, target, size };
        }
        old.forEach(target => releaseTarget(gl, target));
        return size;
    }

    // Scales what is shown to the first pixels of what is bound. isFlipped: row 0 comes last there.
    #copyShown(size, isFlipped) {
        const gl = this.#gl, { target, size: from } = this.#shown;
        this.#scale({
            u_from: target.texture, u_from_size: from, u_to_size: size, u_flip: Number(isFlipped),
            u_cubic: Number(!this.#last?.moving),
        });
        gl.viewport(0, 0, ...size);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
    }

    // The widths of lines that the picture has.
    get #widths() {
        return Object.keys(WIDTHS).filter(name => name in this.#data.uniforms);
    }

    #samplesOf(values) {
        return values.u_samples ?? this.#data.uniforms.u_samples;
    }

    // The values for a picture of one pixel for so many across and down.
    #coarseValues(values, factor) {
        if (factor === 1) return { ...values, u_samples: 1 };
        const all = { ...this.#data.uniforms, ...values };
        const widths = this.#widths.map(name =>
            [name, Math.max(all[name] / factor, Math.min(all[name], WIDTHS[name]))]);
        return { ...values, ...Object.fromEntries(widths), u_samples: 1, u_dither: 0 };
    }

    // Waits so long, or until another picture is asked for.
    async #pause(milliseconds) {
        if (this.#asked || milliseconds <= 0) return;
        await Promise.race([pause(milliseconds), new Promise(wake => { this.#wake = wake; })]);
    }
}

// The pixels of windows.
function areaOf(parts) {
    return parts.reduce((sum, { width, height }) => sum + width * height, 0);
}

// A target of RGBA8, which is read smoothly.
function makeTarget(gl, size) {
    const texture = byteTexture(gl, ...size, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    if (gl.getError() === gl.OUT_OF_MEMORY)
        throw new GraphicsError("memory", `no memory for ${size[0]}×${size[1]} pixels`);
    return { texture, framebuffer: framebuffer(gl, texture), size };
}

function releaseTarget(gl, { texture, framebuffer }) {
    gl.deleteFramebuffer(framebuffer);
    gl.deleteTexture(texture);
}
