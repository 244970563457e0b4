// The page of a shot: what a person does becomes states, and states become pictures.
import { iconButton } from "./bar.js";
import { commandOf } from "./command.js";
import { Controls, shortNumber } from "./controls.js";
import { readData } from "./data.js";
import { Drawing } from "./drawing.js";
import { controlOf, differingTexts, parseValue } from "./fields.js";
import { listenToGestures } from "./gestures.js";
import { GraphicsError } from "./gl.js";
import { fillHelp, make } from "./help.js";
import { listenToKeys } from "./keys.js";
import { lightAt } from "./light.js";
import { fragmentOf, readFragment } from "./link.js";
import { Progressive } from "./progressive.js";
import { scalesOf } from "./recipe.js";
import { metadataOf, pngOf } from "./saving.js";
import { UndoList } from "./undo.js";
import { centreAt, pinched, resolvesPixels, wrapDegrees, zoomedAt } from "./view.js";

const PAN = 0.25; // of half the picture's shorter side, as in keys.py
const ZOOM = 1.25;
const TURN = 5; // degrees
const SCALING = 1.04;
const QUARTER = 0.25;
const LATENT = 0.05;
const HEIGHT = 1.15;
const MIN_HEIGHT = 0.01;
const MUTATION = 0.15; // share of another network that a mutation adds
const LINK_MS = 400; // after a change, until the link has it
const IDLE_MS = 4000;
const NOTICE_MS = 5000;
const STILL_SIZES = [1, 2, 4]; // times the window
const REMEASURED = ["mix", "layer"]; // fields after which contrast is measured again
const LIMIT_DIGITS = 6; // of limits of contrast

const WHY_STILL = {
    webgl2: "This browser has no WebGL 2: this is a still picture.",
    memory: "The graphics memory of this device is too small: this is a still picture.",
    lost: "This device's graphics stopped working: this is a still picture.",
    other: "This device's graphics cannot draw the network: this is a still picture.",
};

const byId = id => document.getElementById(id);

class ShotPage {
    #pointer = [0, 0];
    #timers = {};

    constructor(data) {
        this.data = data;
        this.drawing = new Drawing(data);
        this.base = this.drawing.base;
        this.steps = new UndoList(this.#readLink());
        this.canvas = byId("picture");
        byId("still").src = document.querySelector("meta[property='og:image']").content;
        this.progressive = new Progressive(this.canvas, data.picture);
        this.progressive.onLost = error => this.#showStill(error);
        this.progressive.ready.then(
            () => requestAnimationFrame(() => byId("still").classList.add("gone")),
            error => this.#showStill(error));
    }

    get state() {
        return this.steps.state;
    }

    start() {
        this.keys = this.#keys();
        fillHelp(byId("help"), this.data.help, this.keys);
        this.#fillBar();
        this.#fillPanel();
        listenToKeys(this.keys);
        listenToGestures(this.canvas, this.#gestures());
        addEventListener("keydown", event => {
            if (event.key === "Escape" && !byId("panel").hidden) this.#togglePanel();
        });
        addEventListener("hashchange", () => {
            if (location.hash === fragmentOf(this.state, this.base)) return;
            this.steps.commit(this.#readLink());
            this.show();
        });
        new ResizeObserver(() => this.show()).observe(this.canvas);
        for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"])
            addEventListener(kind, () => this.#stayAwake(), { passive: true });
        this.#stayAwake();
        const touch = matchMedia("(pointer: coarse)").matches;
        if (!this.notice) this.say(touch ? "drag and pinch" : "h shows the keys");
    }

    // Shows a state, by default the one that was chosen. moving: another one follows at once.
    show({ state = this.state, moving = false } = {}) {
        const { canvas } = this, ratio = devicePixelRatio;
        const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
        const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        this.progressive.show(this.drawing.valuesOf(state), { moving });
        this.controls.show(state);
        this.#later("link", LINK_MS, () => this.#describe(state));
    }

    // Takes a step: fields change. gesture: of which it is a part, if any.
    change(changed, gesture = "", says = !gesture) {
        const next = { ...this.state, ...changed };
        if ("contrast" in next && !("contrast" in changed)) {
            if (Object.keys(changed).some(name => REMEASURED.includes(name))) next.contrast = "auto";
            else if (next.contrast === "auto") next.contrast = this.#limits();
        }
        try {
            this.drawing.valuesOf(next);
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            this.say(error.message);
            return;
        }
        this.steps.commit(next, gesture);
        this.show({ moving: Boolean(gesture) });
        if (says) this.say(describeChange(changed));
        const shorter = Math.min(this.canvas.width, this.canvas.height);
        if (!resolvesPixels(this.drawing.viewOf(next), shorter))
            this.say("float32 cannot tell pixels apart so close");
    }

    // A line at the foot, for a while.
    say(text) {
        const notice = this.notice = byId("notice");
        notice.textContent = text;
        notice.classList.remove("gone");
        this.#later("notice", NOTICE_MS, () => notice.classList.add("gone"));
    }

    #later(name, milliseconds, act) {
        clearTimeout(this.#timers[name]);
        this.#timers[name] = setTimeout(act, milliseconds);
    }

    #stayAwake() {
        document.body.classList.remove("idle");
        this.#later("idle", IDLE_MS, () => {
            if (byId("panel").hidden) document.body.classList.add("idle");
        });
    }

    #limits() {
        return this.drawing.spansOf(this.state).map(pair => (
            pair.map(limit => Number(limit.toPrecision(LIMIT_DIGITS)))));
    }

    // The link, and what the picture is called.
    #describe(state) {
        const fragment = fragmentOf(state, this.base);
        if (location.hash !== fragment)
            history.replaceState(null, "", fragment || location.pathname + location.search);
        const texts = Object.entries(differingTexts(state, this.base));
        const changed = texts.map(([name, text]) => `${name.replaceAll("_", " ")} ${text}`);
        const more = changed.length ? ` Changed: ${changed.join(", ")}.` : "";
        this.canvas.setAttribute("aria-label", this.data.about + more);
    }

    #readLink() {
        const { state, ignored } = readFragment(location.hash, this.data.controls, this.base);
        if (ignored.length) this.say(`the link's ${ignored.join(", ").slice(0, 80)} was ignored`);
        return state;
    }

    #showStill(error) {
        if (!(error instanceof GraphicsError)) throw error;
        console.warn(error.message);
        byId("still").classList.remove("gone");
        for (const id of ["bar", "panel", "notice", "picture"]) byId(id).hidden = true;
        const reason = make("p", WHY_STILL[error.reason] ?? WHY_STILL.other, {
            class: "reason", role: "status" });
        document.querySelector("main").append(reason);
    }

    #gestures() {
        const view = () => this.drawing.viewOf(this.state);
        return {
            pan: (du, dv) => this.change({ center: centreAt(view(), du, dv) }, "drag"),
            zoom: (factor, at, gesture = "zoom") =>
                this.change(zoomedAt(view(), factor, at), gesture),
            pinch: (before, after, turn) => this.change(
                pinched(view(), this.state.rotate, before, after, turn), "pinch"),
            light: at => this.#moveLight(at),
            point: at => { this.#pointer = at; },
            end: () => this.#endGesture(),
        };
    }

    #endGesture() {
        this.steps.endGesture();
        this.show();
    }

    #moveLight(at) {
        const places = Object.entries(lightAt(at)).filter(([name]) => name in this.state);
        if (places.length) this.change(Object.fromEntries(places), "light");
        else this.say("the picture has no light that comes from somewhere");
    }

    #keys() {
        const { base } = this, view = () => this.drawing.viewOf(this.state);
        const pan = (u, v) => () => this.change({ center: centreAt(view(), PAN * u, PAN * v) });
        const zoom = factor => () => this.change(zoomedAt(view(), factor, this.#pointer));
        const add = (name, step, low, high) => () => {
            const number = Math.min(high, Math.max(low, this.state[name] + step));
            this.change({ [name]: Number(number.toFixed(9)) });
        };
        const keys = {
            left: pan(-1, 0), right: pan(1, 0), up: pan(0, 1), down: pan(0, -1),
            "+": zoom(ZOOM), "=": zoom(ZOOM), "-": zoom(1 / ZOOM),
            u: () => this.#travel(-1, "undone"), "ctrl+z": () => this.#travel(-1, "undone"),
            "ctrl+y": () => this.#travel(1, "redone"), "ctrl+Z": () => this.#travel(1, "redone"),
            0: () => this.#startAgain(),
            s: () => this.#save(),
            x: () => this.#copyCommand(),
            h: () => byId("help").showModal(),
            "?": () => byId("help").showModal(),
            f11: () => this.#toggleFullScreen(),
        };
        if ("rotate" in base) {
            keys[","] = () => this.change({ rotate: wrapDegrees(this.state.rotate + TURN) });
            keys["."] = () => this.change({ rotate: wrapDegrees(this.state.rotate - TURN) });
        }
        if ("mix" in base) Object.assign(keys, {
            n: () => this.#stepSeed(1), p: () => this.#stepSeed(-1),
            r: () => this.#randomSeed(), m: () => this.#mutate(),
        });
        if ("weight_scale" in base) {
            keys["["] = () => this.#scaleWeights(1 / SCALING);
            keys["]"] = () => this.#scaleWeights(SCALING);
        }
        if ("layer" in base) {
            const { low, high } = controlOf(this.data.controls, "layer");
            keys.l = add("layer", QUARTER, low, high);
            keys.L = add("layer", -QUARTER, low, high);
        }
        if ("light_height" in base) {
            const { most } = controlOf(this.data.controls, "light_height");
            const raise = factor => () => {
                const higher = this.state.light_height * factor || (factor > 1 ? MIN_HEIGHT : 0);
                this.change({ light_height: Math.min(most, Number(higher.toPrecision(3))) });
            };
            keys.b = raise(HEIGHT);
            keys.B = raise(1 / HEIGHT);
        }
        if ("contrast" in base) keys.o = () => this.change({ contrast: "auto" });
        Object.keys(base).filter(name => name.startsWith("latent.")).slice(0, 9).forEach(
            (name, k) => {
                keys[k + 1] = add(name, LATENT, -1e30, 1e30);
                keys[`shift+${k + 1}`] = add(name, -LATENT, -1e30, 1e30);
            });
        return keys;
    }

    #travel(count, what) {
        const before = this.state;
        if (!this.steps.travel(count)) return this.say(`nothing to be ${what}`);
        this.show();
        this.say(`${what}   ${describeChange(differingFields(before, this.state))}`);
    }

    #startAgain() {
        this.steps.commit(this.base);
        this.show();
        this.say("back to the start");
    }

    #stepSeed(step) {
        const [[seed]] = [...this.state.mix].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
        this.#setSeed(BigInt.asUintN(64, BigInt(seed) + BigInt(step)));
    }

    #randomSeed() {
        this.#setSeed(crypto.getRandomValues(new Uint32Array(1))[0]);
    }

    #setSeed(seed) {
        this.change({ mix: [[String(seed), 1]] });
    }

    // Mixes in some of another network, so that the weights' variance stays.
    #mutate() {
        const { mix } = this.state, seed = String(crypto.getRandomValues(new Uint32Array(1))[0]);
        const norm = Math.hypot(...mix.map(([, share]) => share));
        const own = new Map(mix.map(([old, share]) => [old, share * Math.sqrt(1 - MUTATION ** 2)]));
        own.set(seed, (own.get(seed) ?? 0) + MUTATION * norm);
        const shares = [...own].map(([old, share]) => [old, Number(share.toFixed(6))]);
        this.change({ mix: shares });
    }

    #scaleWeights(factor) {
        const [scale] = scalesOf(this.drawing.networkOf(this.state));
        this.change({ weight_scale: Number((scale * factor).toPrecision(6)) });
    }

    #numberOf(name, state) {
        if (name === "contrast") return this.drawing.spansOf(state);
        if (name !== "weight_scale" && name !== "bias_scale") return state[name];
        return scalesOf(this.drawing.networkOf(state))[Number(name === "bias_scale")];
    }

    #fillPanel() {
        const panel = byId("panel"), head = make("h2", this.data.name);
        panel.append(head);
        this.controls = new Controls(panel, this.data.controls, {
            base: this.base,
            set: (changed, gesture = "") => this.change(changed, gesture, false),
            end: () => this.#endGesture(),
            numberOf: (name, state) => this.#numberOf(name, state),
            seed: step => this.#stepSeed(step),
            random: () => this.#randomSeed(),
            mutate: () => this.#mutate(),
            setText: (name, text) => this.#setText(name, text),
        });
        const section = make("section"), buttons = make("div", "", { class: "buttons" });
        const button = (label, act) => {
            const made = make("button", label, { type: "button" });
            made.addEventListener("click", act);
            buttons.append(made);
        };
        const sizes = make("select", "", { "aria-label": "Size of saved pictures", id: "size" });
        STILL_SIZES.forEach(times => sizes.append(
            make("option", times === 1 ? "window's size" : `${times} × window`, { value: times })));
        button("Save picture", () => this.#save());
        buttons.append(sizes);
        button("Copy link", () => this.#copyLink());
        button("Copy command", () => this.#copyCommand());
        button("Undo", () => this.#travel(-1, "undone"));
        button("Redo", () => this.#travel(1, "redone"));
        button("Back to the start", () => this.#startAgain());
        section.append(make("h3", "Picture"), buttons);
        panel.append(section);
    }

    #fillBar() {
        const bar = byId("bar");
        this.fold = iconButton("controls", "Controls", () => this.#togglePanel());
        this.fold.setAttribute("aria-expanded", "false");
        this.fold.setAttribute("aria-controls", "panel");
        bar.append(this.fold, iconButton("help", "Help", this.keys.h));
        if (document.fullscreenEnabled)
            bar.append(iconButton("full", "Full screen", () => this.#toggleFullScreen()));
    }

    #togglePanel() {
        const panel = byId("panel");
        panel.hidden = !panel.hidden;
        this.fold.setAttribute("aria-expanded", String(!panel.hidden));
        if (panel.hidden) this.fold.focus();
    }

    #toggleFullScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else document.documentElement.requestFullscreen();
    }

    #setText(name, text) {
        const control = controlOf(this.data.controls, name);
        try {
            this.change({ [control.name]: parseValue(control, name, text) });
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            this.say(`${name}: a whole number from 0 to 2⁶⁴ − 1`);
            this.controls.show(this.state);
        }
    }

    get #stillSize() {
        const times = Number(byId("size").value);
        return [times * this.canvas.width, times * this.canvas.height];
    }

    async #save() {
        const size = this.#stillSize, { state } = this, values = this.drawing.valuesOf(state);
        const onProgress = share => this.say(`saving ${Math.round(100 * share)}%`);
        const pixels = await this.progressive.pixels(size, { values, onProgress });
        const png = await pngOf(pixels, size, metadataOf(this.data, state, this.base, size));
        const link = make("a", "", { href: URL.createObjectURL(png) });
        link.download = `${this.data.name}.png`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        this.say(`saved ${size.join("×")}`);
    }

    #copyCommand() {
        const size = [this.canvas.width, this.canvas.height];
        const command = commandOf(this.data.origin, this.state, this.base, size);
        if (command) copyText(command).then(() => this.say(command));
        else this.say("no options of netart render say this");
    }

    #copyLink() {
        const link = location.href.split("#")[0] + fragmentOf(this.state, this.base);
        copyText(link).then(() => this.say("the link is copied"));
    }
}

// The fields of a state that differ from another's, with their values.
function differingFields(state, other) {
    return Object.fromEntries(Object.entries(other).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(state[name])));
}

// Fields with new values, in a line.
function describeChange(changed) {
    const { radius, center, contrast, ...others } = changed;
    const said = radius === undefined ? { center, contrast, ...others } : { radius, ...others };
    return Object.entries(said).filter(([, value]) => value !== undefined).map(describeValue)
        .join("   ");
}

function describeValue([name, value]) {
    if (name === "mix" && value.length === 1) return `seed ${value[0][0]}`;
    const items = [value].flat(2).map(item => (
        typeof item === "number" ? shortNumber(item) : item));
    return `${name.replace("latent.", "").replaceAll("_", " ")} ${items.join(", ")}`;
}

async function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = make("textarea", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy"); // where a page is not secure
    area.remove();
}

new ShotPage(readData()).start();
