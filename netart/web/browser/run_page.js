// The page of runs: their pictures, the time that they share, and what is drawn of them.
import { addressLink } from "./address.js";
import { copyAddress } from "./clipboard.js";
import { readData } from "./data.js";
import { readRun, stepAt, timeOf } from "./run_data.js";
import { fillHelp } from "./help.js";
import { fragmentOf } from "./link.js";
import { keysOf, press } from "./run_keys.js";
import { Panel } from "./run_panel.js";
import { listenToPanel } from "./run_pointing.js";
import { Predictions } from "./run_prediction.js";
import { copyCommandOfRuns, saveRuns } from "./run_saving.js";
import { readLink, textsOf, View } from "./run_state.js";
import { Sweep } from "./run_sweep.js";
import { checkpointTimes, Chart } from "./run_timeline.js";
import { Units } from "./run_units.js";
import { keptText, numbersAt, spellStep } from "./run_words.js";
import { UndoList } from "./undo.js";

const FRAME_MS = 24; // of a frame, for predictions
const REST_MS = 140; // after the last change, before pictures are refined
const TELL_MS = 700; // after the last change, before it is said aloud
const NOTICE_MS = 5000;
const GAP_PX = 12; // between pictures
const BACKDROPS = { prediction: "Prediction", target: "Target", white: "Paper", night: "Night" };

const byId = id => document.getElementById(id);

class RunPage {
    // images: what was learned, of each ground of the data; null where that is no picture.
    constructor(data, runs, images, predictions) {
        Object.assign(this, { data, runs });
        this.times = checkpointTimes(runs);
        const { start, grounds } = data;
        const hasTarget = grounds.some(ground => Object.keys(ground).length);
        const names = Object.keys(BACKDROPS).filter(name => name !== "target" || hasTarget);
        this.names = { ...BACKDROPS, ...(images.some(Boolean) ? {} : { target: "Points" }) };
        const depth = Math.max(...runs.map(run => run.widths.length - 1));
        const widths = Array.from({ length: depth }, (_, k) =>
            Math.max(...runs.map(run => (k < run.widths.length - 1 ? run.widths[k] : 0))));
        this.units = new Units(byId("units"), widths, () => this.change(), held => this.hold(held));
        const step = Math.max(...runs.map(run => run.steps.at(-1)));
        this.may = { step, backdrop: names, ...this.units.names }; // what links may say
        if (start.lineLayers?.length || start.units?.length)
            this.units.set({ layers: start.lineLayers, units: start.units });
        this.start = {
            time: timeOf(start.step),
            view: new View(data.view),
            backdrop: names.includes(start.backdrop) ? start.backdrop : "prediction",
            bends: start.bends ?? false,
            ...this.units.picked,
        };
        const { state, ignored } = this.readLink(addressLink.read());
        this.units.set(state);
        this.steps = new UndoList(state);
        this.state = {
            ...state,
            lineWidth: start.lineWidth ?? 1.5,
            held: null, // the unit that is pointed at
            units: this.units,
            isShown: (layer, unit) => this.units.isShown(layer, unit)
                || (this.state.held?.layer === layer && this.state.held.unit === unit),
        };
        this.panels = runs.map((run, k) => this.addPanel(run, k, images, predictions));
        this.chart = new Chart(byId("chart"), runs, runs.map((_, k) => this.colour(k)),
            time => this.seek(time), () => this.endGesture());
        const calm = matchMedia("(prefers-reduced-motion: reduce)");
        this.sweep = new Sweep(this.times, time => this.show({ time }), () => calm.matches);
        this.actions = this.makeActions();
        this.addControls(names, predictions);
        this.sayIgnored(ignored);
        // The address may be written anew before the event comes.
        addEventListener("hashchange", event => this.followLink(new URL(event.newURL).hash));
        addEventListener("resize", () => this.resize());
        predictions.onTurn = () => this.show();
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
        const { grounds, shown, colours } = this.data;
        const panel = new Panel(figure, { run, ground: grounds[run.ground],
            image: images[run.ground], shown: shown[run.shown], colours, predictions });
        if (this.runs.length > 1) {
            panel.caption = document.createElement("figcaption");
            panel.caption.style.setProperty("--run", this.colour(k));
            figure.append(panel.caption);
        }
        listenToPanel(this, panel);
        return panel;
    }

    addControls(names, predictions) {
        const { data, runs } = this;
        for (const id of ["title", "name"]) byId(id).textContent = data.name;
        byId("about").textContent = data.about;
        document.body.classList.toggle("several", runs.length > 1);
        const isDrawn = runs.every(run => run.tints || predictions.gl);
        byId("kept").textContent = keptText(runs)
            + (isDrawn ? "" : " This browser has no WebGL 2, which draws their predictions.");
        byId("play").addEventListener("click", () => this.play());
        this.slider = byId("slider");
        this.slider.max = this.times.at(-1);
        this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
        this.slider.addEventListener("change", () => this.endGesture());
        for (const name of names) {
            const label = document.createElement("label"), input = document.createElement("input");
            Object.assign(input, { type: "radio", name: "backdrop", value: name });
            input.addEventListener("change", () => this.change({ backdrop: name }));
            const text = document.createElement("span");
            text.textContent = this.names[name];
            label.append(input, text);
            byId("backdrops").append(label);
        }
        byId("units").hidden = !this.units.shown.length;
        byId("bends").hidden = !runs.some(run => run.bent.slice(0, -1).some(Boolean));
        for (const [id, action] of Object.entries(this.actions))
            byId(id).addEventListener("click", action);
        fillHelp(byId("help"), data.help, keysOf(this));
        addEventListener("keydown", event => press(this, event));
    }

    // What the buttons do, by their ids.
    makeActions() {
        return {
            bends: () => this.change({ bends: !this.state.bends }),
            all: () => this.units.all(), none: () => this.units.none(),
            view: () => this.change({ view: this.start.view }),
            save: () => this.save(),
            link: () => this.copyLink(), command: () => copyCommandOfRuns(this),
            undo: () => this.travel(-1), redo: () => this.travel(1),
            full: () => this.toggleFull(), fold: () => this.fold(),
            keys: () => byId("help").showModal(),
        };
    }

    play() {
        if (this.sweep.isPlaying) return this.pause();
        this.sweep.play(this.state.time);
        this.showPlaying();
        this.ask();
    }

    // Stops the sweep, at a whole step.
    pause() {
        if (!this.sweep.isPlaying) return;
        this.seek(this.state.time);
        this.endGesture();
    }

    showPlaying() {
        byId("play").setAttribute("aria-label", this.sweep.isPlaying ? "Pause" : "Play");
        byId("play").classList.toggle("playing", this.sweep.isPlaying);
    }

    // Goes to the step that is nearest to a time, and stays there.
    seek(time) {
        this.sweep.stop();
        this.showPlaying();
        const inside = Math.min(Math.max(time, this.times[0]), this.times.at(-1));
        this.change({ time: timeOf(Math.round(stepAt(inside))) }, "time");
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

    zoom(factor, at = [0, 0], gesture = "") {
        this.change({ view: this.state.view.zoomed(factor, at, this.start.view) }, gesture);
    }

    // Takes a step, which can be undone: the state changes, and which lines are shown may have.
    // gesture: of which it is a part, if any.
    change(changes = {}, gesture = "") {
        this.show(changes);
        const { time, view, backdrop, bends } = this.state, { state } = this.steps;
        const next = { time, view, backdrop, bends, ...this.units.picked };
        if (JSON.stringify(next) !== JSON.stringify(state)) this.steps.commit(next, gesture);
    }

    endGesture() {
        this.steps.endGesture();
    }

    // Goes so many steps on, or back.
    travel(count) {
        this.pause();
        const what = count < 0 ? "undone" : "redone";
        if (!this.steps.travel(count)) return this.say(`nothing to be ${what}`);
        this.take(this.steps.state);
        this.say(what);
    }

    // Shows a state that was taken before.
    take({ layers, units, ...changes }) {
        this.units.set({ layers, units });
        this.show(changes);
    }

    // What is saved: what is shown, at a whole step while it plays, and nothing that is pointed at.
    get stillState() {
        const time = timeOf(Math.round(stepAt(this.state.time)));
        const isShown = (layer, unit) => this.units.isShown(layer, unit);
        return { ...this.state, ...this.units.picked, time, held: null, isShown };
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
        this.writeLink();
        clearTimeout(this.telling);
        this.telling = setTimeout(() => this.tell(), TELL_MS);
        for (const panel of this.panels)
            await panel.refine(this.state, () => this.drawn === drawn);
    }

    showNumbers() {
        const { state, runs, slider } = this;
        const numbers = runs.map(run => numbersAt(run, state.time));
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

    // Tells those who listen what is shown, once it rests.
    tell() {
        const { backdrop } = this.state, shown = this.units.shown.flatMap(row => [...row]);
        const count = shown.filter(Boolean).length;
        byId("status").textContent = [byId("step").textContent, ...this.text,
            `lines of ${count} of ${shown.length} units over ${this.names[backdrop].toLowerCase()}`,
        ].join(", ");
    }

    // A line at the foot, for a while.
    say(text) {
        const notice = byId("notice");
        notice.textContent = text;
        notice.classList.remove("gone");
        clearTimeout(this.noticed);
        this.noticed = setTimeout(() => notice.classList.add("gone"), NOTICE_MS);
    }

    readLink(fragment) {
        return readLink(fragment, this.start, this.may);
    }

    writeLink() {
        addressLink.write(fragmentOf(textsOf(this.stillState, this.start), {}));
    }

    // Takes over what an address says.
    followLink(fragment) {
        this.pause();
        const { state, ignored } = this.readLink(fragment);
        this.take(state);
        this.change();
        this.sayIgnored(ignored);
    }

    sayIgnored(names) {
        if (names.length) this.say(`ignored in the link: ${names.join(", ").slice(0, 80)}`);
    }

    save() {
        const done = () => { this.saving = null; };
        this.saving = saveRuns(this, Number(byId("sizes").value)).finally(done);
    }

    async copyLink() {
        this.writeLink();
        this.say(await copyAddress());
    }

    // Gives each picture as much room as the stage has.
    resize() {
        const stage = byId("stage"), count = this.panels.length, { aspect } = this.data;
        const caption = this.panels[0].caption?.offsetHeight ?? 0;
        const room = columns => {
            const rows = Math.ceil(count / columns);
            const width = (stage.clientWidth - GAP_PX * (columns - 1)) / columns;
            const height = (stage.clientHeight - GAP_PX * (rows - 1)) / rows - caption;
            return Math.max(1, Math.min(width, height * aspect));
        };
        const widths = this.panels.map((_, k) => room(k + 1)), width = Math.max(...widths);
        [this.columns, this.gutter] = [widths.indexOf(width) + 1, GAP_PX];
        stage.style.gridTemplateColumns = `repeat(${this.columns}, max-content)`;
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
}

async function loadImage({ image, target }) {
    if (!image && !target) return null;
    const found = new Image();
    found.src = image ?? `data:image/png;base64,${target.split(":")[1]}`;
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
