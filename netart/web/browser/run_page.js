// The page of runs: their pictures, the time that they share, and what is drawn of them.
import { readData } from "./data.js";
import { listenToGestures } from "./gestures.js";
import { readRun, stepAt, timeOf } from "./run_data.js";
import { Panel } from "./run_panel.js";
import { Predictions } from "./run_prediction.js";
import { fromLink, toLink, View } from "./run_state.js";
import { Sweep } from "./run_sweep.js";
import { checkpointTimes, Chart, spellLoss, spellShare, spellStep } from "./run_timeline.js";
import { Units } from "./run_units.js";

const FRAME_MS = 24; // of a frame, for predictions
const REST_MS = 140; // after the last change, before pictures are refined
const SAY_MS = 700; // after the last change, before it is said aloud
const GAP_PX = 12, CAPTION_PX = 46; // around pictures
const CLICK_PX = 5; // that a click may travel
const MAX_NAMED = 8; // units on which one bends
const PAN = 0.25, ZOOM = 1.25, FAR = 10; // as in netart live
const BACKDROPS = { prediction: "Prediction", target: "Target", white: "Paper", night: "Night" };

const byId = id => document.getElementById(id);

class RunPage {
    // images: what was learned, of each ground of the data; null where that is no picture.
    constructor(data, runs, images, predictions) {
        Object.assign(this, { data, runs });
        this.times = checkpointTimes(runs);
        const { start, grounds } = data;
        const hasTarget = grounds.some(({ image, points }) => image || points);
        const names = Object.keys(BACKDROPS).filter(name => name !== "target" || hasTarget);
        this.names = { ...BACKDROPS, ...(images.some(Boolean) ? {} : { target: "Points" }) };
        this.start = {
            view: new View(data.view),
            backdrop: names.includes(start.backdrop) ? start.backdrop : "prediction",
            bends: start.bends ?? false,
        };
        const depth = Math.max(...runs.map(run => run.widths.length - 1));
        const widths = Array.from({ length: depth }, (_, k) =>
            Math.max(...runs.map(run => (k < run.widths.length - 1 ? run.widths[k] : 0))));
        this.units = new Units(byId("units"), widths, () => this.show(), held => this.hold(held));
        this.state = {
            ...this.start,
            time: timeOf(start.step),
            lineWidth: start.lineWidth ?? 1.5,
            held: null, // the unit that is pointed at
            units: this.units,
            isShown: (layer, unit) => this.units.isShown(layer, unit)
                || (this.state.held?.layer === layer && this.state.held.unit === unit),
        };
        if (start.lineLayers?.length || start.units?.length)
            this.units.set(start.lineLayers, start.units);
        this.panels = runs.map((run, k) => this.addPanel(run, k, images, predictions));
        this.chart = new Chart(byId("chart"), runs, runs.map((_, k) => this.colour(k)),
            time => this.seek(time));
        const calm = matchMedia("(prefers-reduced-motion: reduce)");
        this.sweep = new Sweep(this.times, time => this.show({ time }), () => calm.matches);
        this.addControls(names, predictions);
        this.followLink();
        addEventListener("hashchange", () => this.followLink());
        addEventListener("resize", () => this.resize());
        this.resize();
        if (start.playing && !calm.matches && !location.hash) this.play();
    }

    // Of a run's curve, where there are several.
    colour(k) {
        return this.runs.length > 1 ? this.data.colours.runs[k] : "var(--loss)";
    }

    addPanel(run, k, images, predictions) {
        const figure = document.createElement("figure");
        byId("stage").append(figure);
        const panel = new Panel(figure, run, this.data.grounds[run.ground], images[run.ground],
            this.data.colours, predictions);
        if (this.runs.length > 1) {
            panel.caption = document.createElement("figcaption");
            panel.caption.style.setProperty("--run", this.colour(k));
            figure.append(panel.caption);
        }
        const zoom = (factor, at) =>
            this.show({ view: this.state.view.zoomed(1 / factor, at, this.start.view) });
        const pan = (du, dv) => this.show({ view: this.state.view.moved([du, dv], [0, 0]) });
        listenToGestures(panel.canvas, { pan, zoom, light: pan, point() {}, end() {},
            pinch: (before, after) => {
                const [[from, was], [to, is]] = [before, after].map(([p, q]) => [
                    [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], Math.hypot(q[0] - p[0], q[1] - p[1])]);
                pan(from[0] - to[0], from[1] - to[1]);
                zoom(is / (was || 1), to);
            } });
        let pressed = null; // where, for what is a click is no drag
        panel.canvas.addEventListener("pointerdown", event => { pressed = event; });
        panel.canvas.addEventListener("click", event => {
            const away = [event.clientX - pressed?.clientX, event.clientY - pressed?.clientY];
            if (!(Math.hypot(...away) < CLICK_PX)) return;
            const line = panel.lineAt(event);
            if (line) this.units.only(line.layer, line.unit);
            this.point(panel, event);
        });
        panel.canvas.addEventListener("pointermove", event => {
            if (!event.buttons) this.point(panel, event);
        });
        panel.canvas.addEventListener("pointerleave", () => this.point(panel, null));
        panel.canvas.addEventListener("keydown", event => {
            const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, -1],
                ArrowDown: [0, 1] }[event.key];
            if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            event.stopPropagation();
            this.show({ view: this.state.view.moved([0, 0], way.map(x => PAN * x)) });
        });
        return panel;
    }

    addControls(names, predictions) {
        const { data, runs } = this;
        byId("title").textContent = data.name;
        byId("about").textContent = data.about;
        document.body.classList.toggle("several", runs.length > 1);
        const isDrawn = runs.every(run => run.tints || predictions.gl);
        byId("kept").textContent = keptText(runs)
            + (isDrawn ? "" : " This browser has no WebGL 2, which draws their predictions.");
        byId("play").addEventListener("click", () => this.play());
        this.slider = byId("slider");
        this.slider.max = this.times.at(-1);
        this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
        for (const name of names) {
            const label = document.createElement("label"), input = document.createElement("input");
            Object.assign(input, { type: "radio", name: "backdrop", value: name });
            input.addEventListener("change", () => this.show({ backdrop: name }));
            const text = document.createElement("span");
            text.textContent = this.names[name];
            label.append(input, text);
            byId("backdrops").append(label);
        }
        byId("units").hidden = !this.units.shown.length;
        byId("bends").hidden = !runs.some(run => run.bent.slice(0, -1).some(Boolean));
        const click = { bends: () => this.show({ bends: !this.state.bends }),
            all: () => this.units.all(), none: () => this.units.none(),
            view: () => this.show({ view: this.start.view }), save: () => this.save(),
            full: () => this.toggleFull(), fold: () => this.fold(),
            keys: () => byId("help").showModal() };
        for (const [id, action] of Object.entries(click))
            byId(id).addEventListener("click", action);
        addEventListener("keydown", event => this.press(event));
    }

    press(event) {
        const { target, key } = event;
        if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
        const isButton = target.closest("button, input:not([type=range])");
        const later = count => this.goBy(count), { view } = this.state;
        const zoom = factor => this.show({ view: view.zoomed(factor, [0, 0], this.start.view) });
        const actions = {
            " ": () => this.play(), j: () => later(1), J: () => later(-1),
            ArrowRight: () => later(1), ArrowLeft: () => later(-1),
            PageDown: () => later(FAR), PageUp: () => later(-FAR),
            Home: () => this.seek(this.times[0]), End: () => this.seek(this.times.at(-1)),
            "+": () => zoom(1 / ZOOM), "=": () => zoom(1 / ZOOM), "-": () => zoom(ZOOM),
            0: () => this.show({ view: this.start.view }),
            a: () => this.units.all(), b: () => byId("bends").click(),
            k: () => this.nextBackdrop(), f: () => this.toggleFull(), p: () => this.fold(),
            s: () => this.save(), h: () => byId("help").showModal(),
            "?": () => byId("help").showModal(),
        };
        if (/^[1-9]$/.test(key)) actions[key] = () => this.units.toggleLayer(Number(key) - 1);
        const isOwn = isButton && [" ", "ArrowLeft", "ArrowRight"].includes(key); // a control's own
        if (!actions[key] || isOwn) return;
        event.preventDefault();
        actions[key]();
    }

    play() {
        if (this.sweep.isPlaying) this.sweep.stop();
        else this.sweep.play(this.state.time);
        this.showPlaying();
        this.ask();
    }

    showPlaying() {
        byId("play").setAttribute("aria-label", this.sweep.isPlaying ? "Pause" : "Play");
        byId("play").classList.toggle("playing", this.sweep.isPlaying);
    }

    // Goes to a time, and stays there.
    seek(time) {
        this.sweep.stop();
        this.showPlaying();
        this.show({ time: Math.min(Math.max(time, this.times[0]), this.times.at(-1)) });
    }

    // So many checkpoints on.
    goBy(count) {
        const { times } = this, { time } = this.state;
        const at = count > 0 ? times.findLastIndex(own => own <= time + 1e-9)
            : times.findIndex(own => own >= time - 1e-9);
        this.seek(times[Math.min(Math.max(at + count, 0), times.length - 1)]);
    }

    nextBackdrop() {
        const inputs = [...byId("backdrops").querySelectorAll("input")];
        inputs[(inputs.findIndex(input => input.checked) + 1) % inputs.length].click();
    }

    hold(unit) {
        const held = unit && { layer: unit[0], unit: unit[1] };
        if (JSON.stringify(held) !== JSON.stringify(this.state.held)) this.show({ held });
    }

    // Says which line a pointer is on.
    point(panel, event) {
        const tip = byId("tip"), line = event && panel.lineAt(event);
        this.hold(line ? [line.layer, line.unit] : null);
        panel.canvas.classList.toggle("on-line", Boolean(line));
        tip.hidden = !line;
        if (!line) return;
        const on = [...new Set((line.bendsOn ?? []).filter(Boolean).map(String))];
        const names = on.map(name => name.split(",").map(k => Number(k) + 1).join("."));
        const bends = names.length > MAX_NAMED ? `${names.length} units` : names.join(", ");
        tip.textContent = `Unit ${line.layer + 1}.${line.unit + 1}`
            + (bends && `, bends on ${bends}`);
        const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
        tip.style.left = `${Math.max(8, left)}px`;
        tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
    }

    // Shows the state after changes.
    show(changes = {}) {
        Object.assign(this.state, changes);
        this.ask();
    }

    ask() {
        clearTimeout(this.resting);
        if (this.asked) return;
        this.asked = true;
        requestAnimationFrame(() => {
            this.asked = false;
            this.draw(true);
            if (!this.sweep.isPlaying) this.resting = setTimeout(() => this.rest(), REST_MS);
        });
    }

    draw(isMoving) {
        const { state, panels } = this;
        this.drawn = {}; // what is drawn now, and nothing before
        for (const panel of panels) panel.draw(state, FRAME_MS / panels.length, isMoving);
        this.chart.show(state.time);
        this.showNumbers();
        this.showControls();
    }

    // Draws all that was left coarse, then tells the address and those who listen.
    async rest() {
        this.draw(false);
        const { drawn } = this;
        const link = toLink(this.state, this.start, stepAt);
        history.replaceState(null, "", `#${link}`);
        clearTimeout(this.saying);
        this.saying = setTimeout(() => this.say(), SAY_MS);
        for (const panel of this.panels)
            await panel.refine(this.state, () => this.drawn === drawn);
    }

    showNumbers() {
        const { state, runs, slider } = this;
        const numbers = runs.map(run => {
            const accuracy = run.accuracy && run.value(run.accuracy, state.time);
            const share = accuracy === null ? "" : ` · ${spellShare(accuracy)} right`;
            return `loss ${spellLoss(run.value(run.loss, state.time))}${share}`;
        });
        const step = `step ${spellStep(stepAt(state.time))}`;
        byId("step").textContent = step;
        byId("numbers").textContent = runs.length === 1 ? numbers[0] : "";
        slider.value = state.time;
        this.text = runs.map((run, k) => (runs.length > 1 ? `${run.name} ` : "") + numbers[k]);
        slider.setAttribute("aria-valuetext", [step, ...this.text].join(", "));
        this.panels.forEach(({ caption, canvas, run }, k) => {
            if (caption) {
                const [name, rest] = [document.createElement("b"), document.createElement("span")];
                name.textContent = run.name;
                rest.textContent = numbers[k].replace(" right", "");
                caption.replaceChildren(name, rest);
            }
            const behind = this.names[state.backdrop].toLowerCase();
            canvas.setAttribute("aria-label", `${run.name}: lines over ${behind}, ${step}`);
        });
    }

    showControls() {
        const { backdrop, bends, view } = this.state;
        for (const input of byId("backdrops").querySelectorAll("input"))
            input.checked = input.value === backdrop;
        byId("bends").setAttribute("aria-pressed", bends);
        byId("view").disabled = view === this.start.view;
        // On what is dark or changes: the same colours as those of the lines.
        const inks = this.data.colours.lines.prediction;
        this.units.shown.forEach((row, layer) => document.documentElement.style.setProperty(
            `--layer-${layer}`, inks[layer % inks.length]));
    }

    // Says what is shown, once it rests.
    say() {
        const { backdrop } = this.state, shown = this.units.shown.flatMap(row => [...row]);
        const count = shown.filter(Boolean).length;
        byId("status").textContent = [byId("step").textContent, ...this.text,
            `lines of ${count} of ${shown.length} units over ${this.names[backdrop].toLowerCase()}`,
        ].join(", ");
    }

    // Takes over what the address says.
    followLink() {
        const found = fromLink(location.hash, Object.keys(BACKDROPS));
        if (found.step >= 0) this.state.time = Math.min(timeOf(found.step), this.times.at(-1));
        if (found.layers) this.units.set(found.layers, found.units);
        const { backdrop = this.state.backdrop, bends = this.state.bends } = found;
        const view = found.center ? new View({ ...this.start.view, ...found }) : this.state.view;
        this.show({ backdrop, bends, view });
    }

    // Gives each picture as much room as the stage has.
    resize() {
        const stage = byId("stage"), count = this.panels.length, { aspect } = this.data;
        const caption = count > 1 ? CAPTION_PX : 0;
        const room = columns => {
            const rows = Math.ceil(count / columns);
            const width = (stage.clientWidth - GAP_PX * (columns - 1)) / columns;
            const height = (stage.clientHeight - GAP_PX * (rows - 1)) / rows - caption;
            return Math.max(1, Math.min(width, height * aspect));
        };
        const widths = this.panels.map((_, k) => room(k + 1)), width = Math.max(...widths);
        stage.style.gridTemplateColumns = `repeat(${widths.indexOf(width) + 1}, max-content)`;
        for (const panel of this.panels)
            panel.resize(Math.floor(width), Math.floor(width / aspect));
        this.chart.resize();
        this.show();
    }

    fold() {
        const isFolded = document.body.classList.toggle("folded");
        byId("fold").setAttribute("aria-expanded", !isFolded);
        this.resize();
    }

    toggleFull() {
        if (document.fullscreenElement) document.exitFullscreen();
        else document.documentElement.requestFullscreen?.();
    }

    // Saves the pictures, side by side as on the page.
    save() {
        const boxes = this.panels.map(({ canvas }) => canvas.getBoundingClientRect());
        const [left, top] = [Math.min(...boxes.map(box => box.left)),
            Math.min(...boxes.map(box => box.top))];
        const { scale } = this.panels[0], all = document.createElement("canvas");
        all.width = Math.round((Math.max(...boxes.map(box => box.right)) - left) * scale);
        all.height = Math.round((Math.max(...boxes.map(box => box.bottom)) - top) * scale);
        const context = all.getContext("2d");
        context.fillStyle = this.data.colours.paper;
        context.fillRect(0, 0, all.width, all.height);
        this.panels.forEach(({ canvas }, k) => {
            const place = [boxes[k].left - left, boxes[k].top - top];
            context.drawImage(canvas, ...place.map(pixels => Math.round(pixels * scale)));
        });
        all.toBlob(blob => {
            const link = document.createElement("a");
            link.href = URL.createObjectURL(blob);
            link.download = `${this.data.name}-${Math.round(stepAt(this.state.time))}.png`;
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 1000);
        });
    }
}

// How many checkpoints the page has, and how exactly.
function keptText(runs) {
    const counts = runs.map(({ steps }) => steps.length);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const kept = runs.length === 1 && runs[0].kept > most ? ` of ${runs[0].kept}` : "";
    const bits = [...new Set(runs.map(run => run.bits))].join(" and ");
    const noun = most === 1 ? "checkpoint" : "checkpoints";
    return `${least < most ? `${least} to ` : ""}${most}${kept} ${noun}, in ${bits} bits.`;
}

async function loadImage({ image }) {
    if (!image) return null;
    const found = new Image();
    found.src = image;
    await found.decode();
    return found;
}

async function openRuns() {
    const data = readData(), predictions = new Predictions(data.pictures);
    const runs = await Promise.all(data.runs.map(readRun));
    const images = await Promise.all(data.grounds.map(loadImage));
    await predictions.open(runs);
    return new RunPage(data, runs, images, predictions);
}

const runPage = openRuns();
