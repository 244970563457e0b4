// A canvas that shows a landscape at once, coarsely, and then refines it in slices of time: for
// landscapes what Progressive is for pictures.
import { MIN_SPAN } from "./contrast.js";
import { GraphicsError, listenForLoss, openContext } from "./gl.js";
import { placeCamera } from "./landscape_camera.js";
import { Evaluator, cutTriangles } from "./landscape_grid.js";
import { groundSamples, makeSkyLight, makeSunLight } from "./landscape_light.js";
import { Scene, bodyOf } from "./landscape_scene.js";

const COARSE_POINTS = 96; // points across, while it moves
// At rest: the second where what is drawn with the first takes no time, and of pictures whose heights
// jump where they have more pixels than the first, since cliffs are as ragged as the grid.
const FINE_POINTS = [256, 640];
const WORK_MS = 30; // of work between two looks at what the user does
const FULL_MS = 25; // in which what is drawn in full is drawn while it moves, too
const SPARSE_MS = 300; // beyond, what moves is drawn with a sample for four pixels
const MOVING_SUNS = 4;
const MAX_SAMPLES = 5e6; // of a picture that is refined
const STILL_MS = 80; // after the last change

export class LandscapeView {
    // Resolves when something can be drawn; rejected with a GraphicsError where nothing can.
    ready;
    // Called when the canvas was updated.
    onPresent = () => {};
    // Called when a picture is complete.
    onRest = () => {};
    // Called with a GraphicsError when nothing can be drawn any more.
    onLost = () => {};

    #canvas;
    #data;
    #gl;
    #scene = null;
    #heights;
    #colours;
    #values = null; // that are shown
    #key = ""; // of what the surface depends on
    #measured = {}; // limits of a network's heights, by its weights
    #meshes = new Map();
    #lights = new Map();
    #mesh = 0; // that the scene has: points across
    #drawMs = Infinity; // that a whole picture took
    #work = null;
    #timer = 0;

    // data: what landscape_data in landscape_page.py gives. The canvas' width and height are those
    // of the picture: whoever sets them calls `show`.
    constructor(canvas, data) {
        this.#canvas = canvas;
        this.#data = data;
        this.ready = this.#open();
        this.ready.catch(() => {}); // whoever waits for it is told
        listenForLoss(canvas, {
            lose: () => {
                clearTimeout(this.#timer);
                this.#scene = null;
            },
            restore: () => {
                this.#build();
                this.#measured = {};
                this.#forget(); // a GPU that is lost evaluates nothing
                if (this.#values) this.show(this.#values);
            },
            giveUp: error => this.onLost(error),
        });
    }

    // Shows the landscape. values: of the page's state, `state`; of what the network is asked for,
    // in place of its own; and `isOwn`, whether the network is the page's own. moving: another one
    // follows at once.
    show(values, { moving = false } = {}) {
        clearTimeout(this.#timer);
        if (!this.#scene) {
            this.#values = values;
            return;
        }
        this.#take(values);
        const isQuick = this.#drawMs < FULL_MS;
        this.#useMesh(isQuick ? this.#mesh : COARSE_POINTS);
        this.#useLight(this.#size, groundSamples(0, this.#data.light), MOVING_SUNS);
        const coarse = this.#drawMs < SPARSE_MS ? 1 : 0.5;
        this.#draw(isQuick ? 2 : coarse);
        this.#work = this.#refine();
        if (!moving) this.#timer = setTimeout(() => this.#continue(), STILL_MS);
    }

    // The picture of any size that the GPU draws at once: RGBA, row 0 on top. values: as for `show`.
    // Throws a GraphicsError.
    async pixels(size, { values = this.#values } = {}) {
        await this.ready;
        const gl = this.#gl, [width, height] = size;
        const most = Math.min(
            gl.getParameter(gl.MAX_RENDERBUFFER_SIZE), gl.getParameter(gl.MAX_TEXTURE_SIZE));
        if (Math.max(width, height) > most)
            throw new GraphicsError("memory", `this GPU draws at most ${most} pixels a side`);
        const rows = new Uint8Array(4 * width * height);
        const shown = this.#values, pixels = gl.createRenderbuffer(), into = gl.createFramebuffer();
        gl.bindRenderbuffer(gl.RENDERBUFFER, pixels);
        gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
        gl.bindFramebuffer(gl.FRAMEBUFFER, into);
        gl.framebufferRenderbuffer(
            gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, pixels);
        this.#take(values);
        this.#useMesh(this.#gridsOf(size).at(this.#drawMs < FULL_MS ? -1 : 0));
        this.#useLight(size, groundSamples(2 * Math.min(...size), this.#data.light));
        this.#scene.draw(size, values.state, this.#samplesOf(size), 1, into);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rows);
        const out = new Uint8Array(rows.length), row = 4 * width;
        for (let k = 0; k < height; ++k)
            out.set(rows.subarray(k * row, (k + 1) * row), (height - 1 - k) * row);
        gl.deleteFramebuffer(into);
        gl.deleteRenderbuffer(pixels);
        this.show(shown);
        return out;
    }

    get #size() {
        return [this.#canvas.width, this.#canvas.height];
    }

    // Points across, of what rests, one after the other.
    #gridsOf(size) {
        const isFine = this.#data.jumps && Math.min(...size) > FINE_POINTS[0];
        return isFine ? FINE_POINTS.slice(-1) : FINE_POINTS;
    }

    #samplesOf([width, height]) {
        return 4 * width * height <= MAX_SAMPLES ? 2 : 1;
    }

    async #open() {
        this.#gl = openContext(this.#canvas);
        // What stands in the canvas' place is painted first: shaders take a while to compile.
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        this.#build();
        if (this.#values) this.show(this.#values);
    }

    #build() {
        this.#scene = new Scene(this.#gl, this.#data);
        this.#heights = new Evaluator(this.#gl, this.#data.heights);
        this.#colours = this.#data.colours && new Evaluator(this.#gl, this.#data.colours);
    }

    get #state() {
        return this.#values.state;
    }

    #draw(samples) {
        this.#scene.draw(this.#size, this.#state, samples, devicePixelRatio);
        this.onPresent();
    }

    // Forgets what does not hold for these values.
    #take({ state, isOwn, ...asked }) {
        const { u_weights: weights, ...numbers } = asked, last = this.#values;
        const key = JSON.stringify(numbers);
        const isSame = key === this.#key && weights === last?.u_weights;
        if (!isSame || !this.#heights.weights) this.#ask(asked, isOwn);
        if (!isSame) this.#forget();
        if (state.rise !== last?.state.rise) this.#lights.clear();
        this.#key = key;
        this.#values = { state, isOwn, ...asked };
    }

    // Forgets what was evaluated.
    #forget() {
        this.#meshes.clear();
        this.#lights.clear();
        this.#mesh = 0;
    }

    // Has the network evaluated as the values say; another network has limits of its own.
    #ask(asked, isOwn) {
        this.#heights.change(asked);
        this.#colours?.change(asked);
        if (isOwn || !this.#data.measures) return;
        if (this.#measured.weights !== asked.u_weights) {
            const [low, high] = this.#heights.measure(this.#data.measured);
            const gain = high - low > MIN_SPAN ? 1 / (high - low) : 0;
            this.#measured = {
                weights: asked.u_weights,
                limits: { u_low: low, u_gain: gain, u_middle: gain ? 0 : 0.5 },
            };
        }
        this.#heights.change({ ...asked, ...this.#measured.limits });
    }

    #continue() {
        const end = performance.now() + WORK_MS;
        while (performance.now() < end)
            if (this.#work.next().done) {
                this.onRest();
                return;
            }
        this.#timer = setTimeout(() => this.#continue(), 0);
    }

    // What is left to do at rest, in steps.
    *#refine() {
        const gl = this.#gl, samples = this.#samplesOf(this.#size);
        const shorter = samples * Math.min(...this.#size);
        for (const [k, count] of this.#gridsOf(this.#size).entries()) {
            if (k > 0 && this.#drawMs > FULL_MS) return;
            yield* this.#evaluateMesh(count);
            this.#useMesh(count);
            this.#useLight(this.#size, groundSamples(shorter, this.#data.light));
            yield;
            const begin = performance.now();
            this.#draw(samples);
            gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits
            this.#drawMs = performance.now() - begin;
        }
    }

    *#evaluateMesh(count) {
        if (this.#meshes.has(count)) return;
        const values = new Float32Array(4 * count * count);
        const drawn = this.#colours && new Float32Array(4 * count * count);
        const colours = drawn && new Uint8Array(drawn.length).fill(255);
        for (let row = 0, rows = 8, left; row < count; row += left) {
            const begin = performance.now();
            left = Math.min(rows, count - row);
            this.#heights.evaluateHeights(count, true, row, left, values);
            if (drawn) {
                this.#colours.evaluate(count, true, row, left, drawn);
                for (let k = 4 * count * row; k < 4 * count * (row + left); ++k)
                    if (k % 4 < 3) colours[k] = Math.round(255 * drawn[k]);
            }
            yield;
            rows = Math.max(1, Math.min(64, Math.floor(
                left * WORK_MS / Math.max(1, performance.now() - begin))));
        }
        this.#meshes.set(count, { count, values, colours, triangles: cutTriangles(values, count) });
    }

    #useMesh(count) {
        for (const step of this.#evaluateMesh(count)) void step;
        if (this.#mesh !== count) this.#scene.setMesh(this.#meshes.get(count));
        this.#mesh = count;
    }

    // Light on a grid of so many samples, by so many points of the sun, all where it says none.
    #useLight(size, count, suns) {
        const { light } = this.#data, state = this.#state, body = bodyOf(state, this.#data);
        const camera = placeCamera(
            size, state.azimuth, state.elevation, body.floor, body.height, 1, this.#data.frame);
        if (!this.#lights.has(count)) {
            const values = new Float32Array(4 * count * count);
            this.#heights.evaluateHeights(count, false, 0, count, values);
            const heights = new Float32Array(count * count);
            for (let j = 0; j < count; ++j)
                for (let i = 0; i < count; ++i)
                    heights[(count - 1 - j) * count + i]
                        = values[4 * (j * count + i)] * body.height;
            const sky = makeSkyLight(heights, count, body, camera, light);
            this.#lights.set(count, { count, heights, sky });
        }
        const own = this.#lights.get(count);
        const sun = makeSunLight(
            own.heights, count, body, camera, state.sun_azimuth, state.sun_elevation, light, suns);
        this.#scene.setLight({ ...own, sun });
    }
}
