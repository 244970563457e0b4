// The page of a shot: what a person does becomes states, and states become pictures.
import { describeChange, differingFields } from "./changes.js";
import { Drawing } from "./drawing.js";
import { controlOf, differingTexts, parseValue, scaleWidths, spellValue } from "./fields.js";
import { buildElements, leaveStill } from "./elements.js";
import { listenToGestures } from "./gestures.js";
import { GraphicsError } from "./gl.js";
import { fillHelp } from "./help.js";
import { listenToKeys } from "./keys.js";
import { lightAt } from "./light.js";
import { fragmentOf, readFragment } from "./link.js";
import { actionsOf } from "./actions.js";
import { addBar, addPanel } from "./panel.js";
import { Overlay } from "./overlay.js";
import { Progressive } from "./progressive.js";
import { UndoList } from "./undo.js";
import { centreAt, coordinatesAt, pinched, resolvesPixels, zoomedAt } from "./view.js";
import { observeSize, screenSize } from "./windows.js";

const LINK_MS = 400; // after a change, until the link has it
const IDLE_MS = 4000;
const NOTICE_MS = 5000;
const REMEASURED = ["mix", "layer"]; // fields after which contrast is measured again
const LIMIT_DIGITS = 6; // of limits of contrast

export class ShotPage {
    pointer = [0, 0]; // where it is: (u, v) of the picture
    #timers = {};
    #moment = null; // of a film: the fields of the instant that is on screen
    #isMeasuring = false;
    #isMoving = false; // whether what waits for a measurement moves
    #laid = []; // pixels that the canvas covers, as far as the browser says
    #listening = new AbortController();

    // root: the element that the page fills. data: what shot_data in shot_page.py gives. link: of
    // functions; `read` gives the state in the link, as a fragment, and `write` takes it.
    // makePlayer: of a film, makes its Player of what that calls.
    constructor(root, data, link, makePlayer = null) {
        this.root = root;
        this.data = data;
        this.link = link;
        this.drawing = this.makeDrawing();
        this.base = this.drawing.base;
        Object.assign(this, buildElements(root, data));
        this.steps = new UndoList(this.#readLink(link.read()));
        this.film = makePlayer && this.#addFilm(makePlayer);
        this.actions = this.makeActions();
        fillHelp(this.help, data.help, this.actions);
        this.fold = addBar(this);
        this.controls = addPanel(this);
        this.#listen();
        this.progressive = this.makeProgressive();
        this.progressive.onLost = error => this.#showStill(error);
        this.overlay = data.marks ? new Overlay(data, this.progressive) : null;
        if (this.overlay) this.canvas.after(this.overlay.canvas);
        this.progressive.onPresent = (_, values) => {
            this.still.classList.add("gone");
            this.overlay?.show([this.canvas.width, this.canvas.height], values);
        };
        this.progressive.ready.then(() => this.#begin(), error => this.#showStill(error));
    }

    // What is on screen, or on its way there: of a film that plays, an instant.
    get state() {
        return this.#moment ? { ...this.steps.state, ...this.#moment } : this.steps.state;
    }

    // The state, as a link has it.
    get fragment() {
        return fragmentOf(this.state, this.base);
    }

    // Of the picture, in pixels.
    get size() {
        return screenSize(this.canvas, this.#laid);
    }

    // The state as it is drawn in so many times the pixels of the screen.
    scaled(times = 1) {
        return scaleWidths(this.state, this.data.controls, times * devicePixelRatio);
    }

    get view() {
        return this.drawing.viewOf(this.state);
    }

    // Takes the state that a link's fragment says.
    setState(fragment) {
        if (fragment === this.fragment) return;
        this.#stopFilm();
        this.steps.commit(this.#readLink(fragment));
        this.show();
    }

    close() {
        this.#listening.abort();
        Object.values(this.#timers).forEach(clearTimeout);
        this.film?.stop();
        this.drawing.close();
        this.progressive.onLost = () => {};
        this.canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
        this.root.replaceChildren();
        document.body.classList.remove("idle");
    }

    // Shows the state. moving: another one follows at once.
    show(moving = false) {
        const { canvas, state } = this, [width, height] = this.size;
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        if (!this.panel.hidden) this.controls.show(state);
        if ("contrast" in state && !this.drawing.spansOf(state)) {
            this.#measure(moving);
            return;
        }
        this.progressive.show(this.drawing.valuesOf(this.scaled()), { moving });
        this.#showPoint();
        this.#later("link", LINK_MS, () => this.#describe());
    }

    // Measures contrast, then shows what there is to show by then: one measurement at a time, of
    // which a film, each instant of which would need its own, takes the first.
    async #measure(moving) {
        this.#isMoving = moving;
        if (this.#isMeasuring) return;
        const { state, steps } = this, own = steps.state, { signal } = this.#listening;
        this.#isMeasuring = true;
        try {
            await this.drawing.measure(state);
        } catch (error) {
            if (!signal.aborted) this.#showStill(error);
            return;
        } finally {
            this.#isMeasuring = false;
        }
        if (signal.aborted) return;
        if (this.#moment && own === steps.state) this.#holdContrast(state);
        this.show(this.#isMoving);
    }

    // Takes a step: fields change. gesture: of which it is a part, if any.
    change(changed, gesture = "", says = !gesture) {
        const next = { ...this.state, ...changed };
        if ("contrast" in next && !("contrast" in changed)) {
            if (Object.keys(changed).some(name => REMEASURED.includes(name))) next.contrast = "auto";
            else if (next.contrast === "auto") next.contrast = this.#limits(this.state) ?? "auto";
        }
        try {
            this.drawing.valuesOf(next);
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            this.say(error.message);
            return;
        }
        this.#stopFilm();
        this.steps.commit(next, gesture);
        this.show(Boolean(gesture));
        if (says) this.say(describeChange(changed));
        if (!resolvesPixels(this.view, Math.min(...this.size)))
            this.say("float32 cannot tell pixels apart so close");
    }

    // What depends on the lens: here of those that draw pixel by pixel.

    makeDrawing() {
        return new Drawing(this.data);
    }

    makeProgressive() {
        return new Progressive(this.canvas, this.data.picture);
    }

    makeActions() {
        return actionsOf(this);
    }

    makeGestures() {
        return {
            pan: (du, dv) => this.change({ center: centreAt(this.view, du, dv) }, "drag"),
            zoom: (factor, at, gesture = "zoom") =>
                this.change(zoomedAt(this.view, factor, at), gesture),
            pinch: (before, after, turn) => this.change(
                pinched(this.view, this.state.rotate, before, after, turn), "pinch"),
            light: at => this.moveLight(at),
            point: at => {
                this.pointer = at;
                this.#showPoint();
            },
            end: () => this.endGesture(),
        };
    }

    endGesture() {
        this.steps.endGesture();
        if (!this.film?.plays) this.show();
    }

    // Goes so many steps on, or back. what: was done by that.
    travel(count, what) {
        const before = this.state;
        this.#stopFilm();
        if (!this.steps.travel(count)) {
            this.say(`nothing to be ${what}`);
            return;
        }
        this.show();
        this.say(`${what}   ${describeChange(differingFields(before, this.state))}`);
    }

    startAgain() {
        this.#stopFilm();
        this.steps.commit(this.base);
        this.show();
        this.say("back to the start");
    }

    // Sets a field to what was typed.
    setText(name, text) {
        const control = controlOf(this.data.controls, name);
        try {
            this.change({ [control.name]: parseValue(control, name, text) });
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            this.say("a seed is a whole number from 0 to 2⁶⁴ − 1");
            this.controls.show(this.state);
        }
    }

    moveLight(at) {
        const places = Object.entries(lightAt(at)).filter(([name]) => name in this.state);
        if (places.length) this.change(Object.fromEntries(places), "light");
        else this.say("the picture has no light that comes from somewhere");
    }

    togglePanel() {
        const { panel, fold } = this;
        panel.hidden = !panel.hidden;
        fold.setAttribute("aria-expanded", String(!panel.hidden));
        this.root.classList.toggle("open", !panel.hidden);
        if (panel.hidden) fold.focus();
        else this.controls.show(this.state);
    }

    togglePoint() {
        this.point.hidden = !this.point.hidden;
        this.#showPoint();
    }

    toggleFullScreen() {
        if (document.fullscreenElement) document.exitFullscreen();
        else document.documentElement.requestFullscreen();
    }

    // A line at the foot, for a while.
    say(text) {
        this.notice.textContent = text;
        this.notice.classList.remove("gone");
        this.#later("notice", NOTICE_MS, () => this.notice.classList.add("gone"));
    }

    #addFilm(makePlayer) {
        const player = makePlayer((fields, moving) => {
            this.#holdContrast(this.state);
            const moment = asState(fields), { state } = this.steps;
            // Of another network than the film's own its contrast says nothing.
            const isOther = name => !(name in moment)
                && spellValue(state[name]) !== spellValue(this.base[name]);
            if (REMEASURED.some(isOther)) delete moment.contrast;
            this.#moment = moment;
            this.show(moving);
        });
        this.root.append(player.element);
        document.body.classList.add("film");
        return player;
    }

    // Contrast that was measured, of that state, stays while a film moves: it shall not flicker.
    #holdContrast(measured) {
        const { state } = this.steps, isAuto = state.contrast === "auto";
        const contrast = isAuto && this.#limits(measured);
        if (contrast) this.steps.commit({ ...state, contrast }, "film");
    }

    // The instant that a film shows becomes a state of its own.
    #stopFilm() {
        if (!this.#moment) return;
        const { state } = this;
        this.film.stop();
        this.#moment = null;
        this.steps.commit(state);
    }

    #listen() {
        const { signal } = this.#listening;
        listenToKeys(this.actions, signal);
        listenToGestures(this.canvas, this.makeGestures());
        addEventListener("keydown", event => {
            const isOwn = !this.panel.hidden && !this.help.open;
            if (event.key === "Escape" && isOwn) this.togglePanel();
        }, { signal });
        const sizes = observeSize(this.canvas, laid => {
            this.#laid = laid;
            this.show(this.film?.plays);
        });
        signal.addEventListener("abort", () => sizes.disconnect());
        for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"])
            addEventListener(kind, () => this.#stayAwake(), { passive: true, signal });
        this.#stayAwake();
    }

    #showPoint() {
        if (!this.point.hidden)
            this.point.value = coordinatesAt(this.view, this.data.view.inputs, this.pointer);
    }

    #begin() {
        const isTouch = matchMedia("(pointer: coarse)").matches;
        const hint = this.data.remark ?? (isTouch ? "drag and pinch" : "h shows the keys");
        if (!this.notice.textContent) this.say(hint);
        if (this.film && !this.link.read()) this.film.begin();
    }

    #later(name, milliseconds, act) {
        clearTimeout(this.#timers[name]);
        this.#timers[name] = setTimeout(act, milliseconds);
    }

    #stayAwake() {
        document.body.classList.remove("idle");
        this.#later("idle", IDLE_MS, () => {
            if (this.panel.hidden) document.body.classList.add("idle");
        });
    }

    #limits(state) {
        return this.drawing.spansOf(state)?.map(pair => (
            pair.map(limit => Number(limit.toPrecision(LIMIT_DIGITS)))));
    }

    // Says the state in the link, and to those who cannot see the picture.
    #describe() {
        if (this.film?.plays) return;
        const { state, base } = this;
        this.link.write(this.fragment);
        const texts = Object.entries(differingTexts(state, base));
        const changed = texts.map(([name, text]) => `${name.replaceAll("_", " ")} ${text}`);
        const more = changed.length ? ` Changed: ${changed.join(", ")}.` : "";
        this.canvas.setAttribute("aria-label", this.data.about + more);
    }

    #readLink(fragment) {
        const { state, ignored } = readFragment(fragment, this.data.controls, this.base);
        if (ignored.length) this.say(`ignored in the link: ${ignored.join(", ").slice(0, 80)}`);
        return state;
    }

    #showStill(error) {
        if (!(error instanceof GraphicsError)) throw error;
        console.warn(error.message);
        this.#listening.abort();
        this.film?.stop();
        this.film?.element.remove();
        this.overlay?.canvas.remove();
        this.progressive.onPresent = () => {};
        leaveStill(this, error.reason);
    }
}

// A film's fields as a state has them.
function asState({ seed, ...fields }) {
    return seed === undefined ? fields : { ...fields, mix: [[String(seed), 1]] };
}
