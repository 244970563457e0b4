// Losses and accuracies over the logarithm of the step, and the slider that moves through it.
import { timeOf } from "./run_data.js";

const EM_PX = 15; // of texts of which all of this is so large
const EDGE_PX = 9; // half the slider's thumb: curves begin and end where its middle does
const LOSS_PX = 76, ACCURACY_PX = 34, BETWEEN_PX = 12, TOP_PX = 6, TICKS_PX = 18;
const CLOSEST_PX = 30; // between ticks
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes, text = "") {
    const found = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
    found.textContent = text;
    return found;
}

const short = step => step < 1000 ? `${step}` : step < 1e6 ? `${step / 1000}k` : `${step / 1e6}M`;

export class Chart {
    // colours: of the runs' curves. onTime: is called with a time that was pointed at, and onEnd
    // when a pointer lets go.
    constructor(svg, runs, colours, onTime, onEnd) {
        this.svg = svg;
        this.runs = runs;
        this.colours = colours;
        this.last = Math.max(...runs.map(run => run.times.at(-1)));
        const seek = event => {
            const { left, width } = svg.getBoundingClientRect();
            const edge = EDGE_PX * this.scale;
            const share = (event.clientX - left - edge) / (width - 2 * edge);
            onTime(Math.min(Math.max(share, 0), 1) * this.last);
        };
        svg.addEventListener("pointerdown", event => {
            svg.setPointerCapture(event.pointerId);
            seek(event);
        });
        svg.addEventListener("pointermove", event => {
            if (svg.hasPointerCapture(event.pointerId)) seek(event);
        });
        svg.addEventListener("lostpointercapture", onEnd);
    }

    // Draws the curves as wide as their place on the page.
    resize() {
        const { svg, runs } = this;
        this.scale = parseFloat(getComputedStyle(svg).fontSize) / EM_PX;
        const width = svg.clientWidth / this.scale;
        this.across = width - 2 * EDGE_PX;
        const hasAccuracy = runs.length === 1 && runs[0].accuracy;
        const lower = hasAccuracy ? BETWEEN_PX + ACCURACY_PX : 0;
        const height = TOP_PX + LOSS_PX + lower + TICKS_PX;
        svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        svg.style.height = `${height * this.scale}px`;
        svg.replaceChildren();
        this.#drawTicks(height);
        this.dots = [];
        this.#drawLoss();
        if (hasAccuracy) this.#drawAccuracy(TOP_PX + LOSS_PX + BETWEEN_PX);
        this.mark = element("line", { class: "mark", y1: 0, y2: height - TICKS_PX });
        svg.append(this.mark, ...this.dots.map(({ dot }) => dot));
    }

    // Puts the dots where the curves are at a time.
    show(time) {
        const x = this.#x(time);
        this.mark.setAttribute("x1", x);
        this.mark.setAttribute("x2", x);
        for (const { dot, run, list, y } of this.dots) {
            const value = run.value(list, time);
            dot.setAttribute("cx", this.#x(Math.min(time, run.times.at(-1))));
            dot.setAttribute("cy", y(value) ?? -100);
        }
    }

    #x(time) {
        return EDGE_PX + time / (this.last || 1) * this.across;
    }

    #drawTicks(height) {
        let before = -Infinity;
        const powers = Array.from({ length: 10 }, (_, k) => 10 ** k);
        for (const step of [0, ...powers]) {
            const x = this.#x(timeOf(step));
            if (timeOf(step) > this.last || x - before < CLOSEST_PX) continue;
            before = x;
            this.svg.append(
                element("line", { class: "grid", x1: x, x2: x, y1: 0, y2: height - TICKS_PX }),
                element("text", { class: "tick", x: Math.min(x, EDGE_PX + this.across - 8),
                    y: height - 4 }, short(step)));
        }
    }

    #drawLoss() {
        const all = this.runs.flatMap(run => run.loss).filter(loss => loss > 0);
        const high = Math.log(Math.max(...all)), low = Math.log(Math.min(...all));
        const y = loss => (loss > 0
            ? TOP_PX + (high - Math.log(loss)) / (high - low || 1) * LOSS_PX : null);
        this.runs.forEach((run, k) => this.#drawCurve(run, run.loss, y, this.colours[k]));
        this.#drawName("loss, logarithmic", TOP_PX + LOSS_PX - 4);
    }

    #drawAccuracy(top) {
        const [run] = this.runs, least = Math.min(...run.accuracy.filter(share => share !== null));
        const y = share => (share === null
            ? null : top + (1 - share) / (1 - least || 1) * ACCURACY_PX);
        this.#drawCurve(run, run.accuracy, y, "var(--accuracy)");
        this.#drawName("accuracy", top + 10);
    }

    #drawName(text, y) {
        this.svg.append(element("text", { class: "name", x: EDGE_PX + 4, y }, text));
    }

    #drawCurve(run, list, y, colour) {
        const at = run.times.map((time, k) => [this.#x(time), y(list[k])]);
        const points = at.filter(([, height]) => height !== null)
            .map(place => place.map(x => x.toFixed(1)).join()).join(" ");
        const curve = element("polyline", { class: "curve", points });
        curve.style.stroke = colour;
        this.svg.append(curve);
        const dot = element("circle", { class: "dot", r: 5 });
        dot.style.fill = colour;
        this.dots.push({ dot, run, list, y });
    }
}

// The checkpoints of all runs, in order.
export function checkpointTimes(runs) {
    return [...new Set(runs.flatMap(run => run.times))].sort((a, b) => a - b);
}
