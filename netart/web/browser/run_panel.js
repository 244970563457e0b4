// A run's picture: what its network predicts or learned, and the lines of its units over that.
import { addPoints, radiusOfPoints } from "./marks.js";
import { linesOf, nearestLine } from "./run_lines.js";

const FAINT = 0.4; // of lines on which others bend
const NEAR_PX = { mouse: 7, pen: 10, touch: 18 }; // to a line
const DOT_PX = 2.6; // radius of a bend
const FULL_PX = 420; // of the shorter side: lines of smaller pictures are thinner
const THINNEST = 0.1, THICKEST = 100; // lines of shots, in pixels
const MANY_DOTS = 400; // of more, each is smaller

export class Panel {
    // own: { run, ground, image, shown, colours, predictions }: what the run learned, that as an
    // image where it is a picture, and what its shots say by backdrops.
    constructor(host, own) {
        Object.assign(this, own, { own });
        this.canvas = document.createElement("canvas");
        this.canvas.setAttribute("role", "img");
        this.canvas.tabIndex = 0;
        this.context = this.canvas.getContext("2d");
        [this.under, this.over] = [0, 1].map(
            () => document.createElement("canvas").getContext("2d"));
        this.lines = [];
        host.append(this.canvas);
    }

    // Fits the canvas to its place on the page. scale: of its pixels to those of the page.
    resize(width, height, scale = Math.min(devicePixelRatio || 1, 3)) {
        this.scale = scale;
        this.canvas.parentElement.style.width = `${width}px`;
        this.canvas.style.width = `${width}px`;
        this.canvas.style.height = `${height}px`;
        const size = [width, height].map(side => Math.round(side * this.scale));
        if (size.join() === this.size.join()) return; // it would be emptied
        for (const canvas of [this.canvas, this.under.canvas])
            [canvas.width, canvas.height] = size;
    }

    get size() {
        return [this.canvas.width, this.canvas.height];
    }

    // Draws the state. budgetMs: for the prediction, whose pixels become larger where it takes
    // more.
    draw(state, budgetMs, isMoving) {
        const { time, view, backdrop } = state, layers = this.run.layers(time);
        this.network = { run: this.run, layers };
        this.lines = linesOf(
            this.run, layers, view, this.size, state.isShown, state.bends, isMoving);
        const under = JSON.stringify([time, view, backdrop, this.size, this.predictions.turns]);
        if (under !== this.drawnUnder) {
            this.drawnUnder = under;
            this.isFine = this.#drawUnder(state, budgetMs);
        }
        this.compose(state);
    }

    // Refines what the last draw left coarse, and draws the lines over it again.
    async refine(state, isWanted) {
        if (this.isFine) return;
        await this.predictions.refine(this.under, this.network, state.view, () => {
            this.compose(state);
            return isWanted();
        });
        this.compose(state);
        this.isFine = isWanted();
    }

    // What lies under the lines, these, and points over them.
    compose(state) {
        const { context } = this;
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.drawImage(this.under.canvas, 0, 0);
        this.#drawLines(state);
        if (this.points(state).length) this.#drawPoints(state);
    }

    // The points that lie over a state's backdrop.
    points({ backdrop }) {
        const { points = [] } = this.ground;
        return ["prediction", "target"].includes(backdrop) ? points : [];
    }

    // Of points, as shots have it. They are never small in pixels of the page; netart knows no
    // others than those of the picture.
    get pointSize() {
        const { points, style } = this.ground;
        const own = radiusOfPoints(this.size, style, points.length);
        return Number(Math.max(1, style.leastRadius * this.scale / own).toPrecision(4));
    }

    // Of lines, in pixels of the canvas: as wide as shots may have them.
    lineWidth(state) {
        const side = Math.min(...this.size) / this.scale;
        const own = state.lineWidth * this.scale * Math.min(1, Math.max(0.6, side / FULL_PX));
        return Number(Math.min(THICKEST, Math.max(THINNEST, own)).toPrecision(4));
    }

    // The line at a place of the page, null where none is near.
    lineAt({ clientX, clientY, pointerType }) {
        const [u, v] = this.place(clientX, clientY), shorter = Math.min(...this.size);
        const near = 2 * (NEAR_PX[pointerType] ?? NEAR_PX.mouse) * this.scale / shorter;
        return nearestLine(this.lines.filter(line => !line.faint), u, v, near);
    }

    // (u, v) of a place of the page.
    place(clientX, clientY) {
        const box = this.canvas.getBoundingClientRect(), shorter = Math.min(box.width, box.height);
        return [(2 * (clientX - box.left) - box.width) / shorter,
            (box.height - 2 * (clientY - box.top)) / shorter];
    }

    // Columns and rows of pixels from the canvas' corner to (u, v).
    #at(u, v) {
        const [width, height] = this.size, shorter = Math.min(width, height);
        return [(width + u * shorter) / 2, (height - v * shorter) / 2];
    }

    #drawUnder(state, budgetMs) {
        const { under } = this, [width, height] = this.size;
        if (state.backdrop === "prediction")
            return this.predictions.drawCoarse(under, this.network, state.view, budgetMs);
        under.fillStyle = state.backdrop === "night" ? this.colours.night : this.colours.paper;
        under.fillRect(0, 0, width, height);
        if (state.backdrop === "target" && this.image) this.#drawTarget(state.view);
        return true;
    }

    #drawTarget(view) {
        const { under, image } = this, [low, high] = this.ground.span;
        const unit = (high - low) / Math.max(image.width, image.height);
        const left = (low + high - image.width * unit) / 2;
        const top = (low + high + image.height * unit) / 2;
        const corner = this.#at(...view.uv(left, top));
        const right = this.#at(...view.uv(left + unit, top));
        const down = this.#at(...view.uv(left, top - unit));
        under.save();
        under.setTransform(right[0] - corner[0], right[1] - corner[1],
            down[0] - corner[0], down[1] - corner[1], ...corner);
        under.imageSmoothingEnabled = Math.hypot(right[0] - corner[0], right[1] - corner[1]) < 4;
        under.imageSmoothingQuality = "high";
        under.drawImage(image, 0, 0);
        under.restore();
    }

    #drawPoints({ view }) {
        const { over, size, pointSize } = this, { points, style } = this.ground;
        const drawn = JSON.stringify([view, size]);
        if (drawn !== this.drawnOver) {
            this.drawnOver = drawn;
            [over.canvas.width, over.canvas.height] = size;
            const image = over.createImageData(...size);
            addPoints(image.data, size, { ...style, pointSize },
                points.map(([x, y, number]) => [...view.uv(x, y), number]));
            over.putImageData(image, 0, 0);
        }
        this.context.drawImage(over.canvas, 0, 0);
    }

    #drawLines(state) {
        const { context } = this, width = this.lineWidth(state);
        const inks = this.colours.lines[this.shown[state.backdrop]?.lens.backdrop ?? "target"];
        context.lineJoin = context.lineCap = "round";
        const ink = ({ layer }) => inks[layer % inks.length];
        const isHeld = line => state.held?.layer === line.layer && state.held.unit === line.unit;
        for (const line of this.lines) {
            context.globalAlpha = line.faint ? FAINT : 1;
            context.strokeStyle = ink(line);
            context.lineWidth = width;
            this.#stroke(line);
        }
        context.globalAlpha = 1;
        for (const line of this.lines.filter(isHeld)) {
            context.lineWidth = 2 * width + 3 * this.scale;
            context.strokeStyle = state.backdrop === "night" ? this.colours.night : "#ffffff";
            this.#stroke(line);
            context.lineWidth = 1.8 * width;
            context.strokeStyle = ink(line);
            this.#stroke(line);
        }
        if (state.bends) this.#drawBends(inks);
    }

    #stroke({ u, v, pairs }) {
        const { context } = this;
        context.beginPath();
        for (let k = 0; k < u.length; ++k) {
            const [x, y] = this.#at(u[k], v[k]);
            if (k === 0 || (pairs && k % 2 === 0)) context.moveTo(x, y);
            else context.lineTo(x, y);
        }
        context.stroke();
    }

    // A dot wherever a line bends, in the colour of the line on which it does.
    #drawBends(inks) {
        const { context } = this;
        const dots = this.lines.filter(({ faint, pairs }) => !faint && !pairs)
            .flatMap(({ u, v, bendsOn }) => bendsOn.map((on, k) => ({ on, u: u[k], v: v[k] })))
            .filter(({ on }) => on);
        const size = this.scale * Math.min(1, Math.sqrt(MANY_DOTS / dots.length));
        context.lineWidth = size;
        context.strokeStyle = "#ffffff";
        for (const { on, u, v } of dots) {
            context.beginPath();
            context.arc(...this.#at(u, v), DOT_PX * size, 0, 2 * Math.PI);
            context.fillStyle = inks[on[0] % inks.length];
            context.stroke();
            context.fill();
        }
    }
}
