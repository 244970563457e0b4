// The panel of controls: a slider for each number, and rows for the seed, the mix and contrast.
import { make } from "./help.js";

const STEPS = 400; // of a slider
const MAX_SHARE = 1.5; // of a coefficient of the mix
const TITLES = {
    network: "Network", view: "View", lens: "Lens", look: "Colour", light: "Light" };

export class Controls {
    #rows = []; // functions that show a state

    // panel: an element. controls: as in controls.py. does: {set(changed, gesture), end(), seed(step),
    // random(), mutate(), numberOf(name, state), base}.
    constructor(panel, controls, does) {
        this.does = does;
        const groups = new Map();
        for (const control of controls) {
            if (!groups.has(control.group)) {
                const section = make("section");
                section.append(make("h3", TITLES[control.group]));
                groups.set(control.group, section);
            }
            const section = groups.get(control.group);
            if (control.kind === "mix") this.#addSeed(section, control);
            else if (control.kind === "number") this.#addNumber(section, control);
            else if (control.kind === "contrast") this.#addContrast(section, control);
        }
        panel.append(...[...groups.values()].filter(section => section.children.length > 1));
    }

    show(state) {
        const before = this.#rows;
        for (const row of before) row(state);
        for (const row of this.#rows) if (!before.includes(row)) row(state); // of further seeds
    }

    #addNumber(section, control) {
        const { name } = control, base = this.does.base[name];
        this.#addSlider(section, {
            ...control,
            read: state => this.does.numberOf(name, state),
            word: state => (typeof state[name] === "string" ? `${state[name]} ` : ""),
            write: number => ({ [name]: number }),
            reset: () => ({ [name]: base }),
            isOwn: state => state[name] === base,
        });
    }

    #addContrast(section, { name, spans, help }) {
        const details = make("details"), { base } = this.does;
        details.append(make("summary", "Contrast limits"));
        const pairsOf = state => this.does.numberOf(name, state);
        spans.forEach(([low, high], k) => {
            const reach = Math.max(high - low, 1e-6);
            for (const [end, label] of [[0, "from"], [1, "to"]])
                this.#addSlider(details, {
                    name: `${name}.${k}.${end}`,
                    label: spans.length > 1 ? `output ${k + 1} ${label}` : label,
                    help, low: low - reach, high: high + reach,
                    read: state => pairsOf(state)[k][end],
                    word: () => "",
                    write: (number, state) => {
                        const pairs = pairsOf(state).map(pair => [...pair]);
                        pairs[k][end] = number;
                        const [from, to] = pairs[k];
                        if (from > to) pairs[k][1 - end] = number;
                        return { [name]: pairs };
                    },
                    reset: () => ({ [name]: base[name] }),
                    isOwn: state => state[name] === base[name],
                });
        });
        section.append(details);
    }

    #addSeed(section, { help }) {
        const { does } = this;
        const row = make("div", "", { class: "seed" });
        const label = make("label", "seed", { for: "seed", title: help });
        const input = make("input", "", {
            id: "seed", type: "text", inputmode: "numeric", autocomplete: "off", size: 8,
            "data-field": "seed",
        });
        const button = (text, about, act) => {
            const made = make("button", text, { type: "button", "aria-label": about, title: about });
            made.addEventListener("click", act);
            return made;
        };
        input.addEventListener("change", () => does.setText("seed", input.value.trim()));
        row.append(label, button("‹", "Previous seed", () => does.seed(-1)), input,
            button("›", "Next seed", () => does.seed(1)));
        const more = make("div", "", { class: "buttons" });
        more.append(button("Random", "Random seed", does.random),
            button("Mix in", "Mix in a little of another network", does.mutate));
        const shares = make("div");
        section.append(row, more, shares);
        let shown = "";
        this.#rows.push(state => {
            input.value = [...state.mix].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))[0][0];
            const seeds = state.mix.length > 1 || state.mix[0][1] !== 1
                ? state.mix.map(([seed]) => seed) : [];
            if (shown === `${seeds}`) return;
            shown = `${seeds}`;
            this.#rows = this.#rows.filter(each => !each.isShare);
            shares.replaceChildren();
            for (const seed of seeds) this.#addShare(shares, seed);
        });
    }

    #addShare(section, seed) {
        const { base } = this.does;
        const shareIn = state => state.mix.find(([own]) => own === seed)?.[1] ?? 0;
        const put = (state, share) => (
            { mix: state.mix.map(pair => (pair[0] === seed ? [seed, share] : pair)) });
        this.#addSlider(section, {
            name: `mix.${seed}`, label: `share of ${seed}`, help: "", low: -MAX_SHARE,
            high: MAX_SHARE,
            read: shareIn,
            word: () => "",
            write: (share, state) => put(state, share),
            reset: state => put(state, shareIn(base)),
            isOwn: state => shareIn(state) === shareIn(base),
        });
        this.#rows.at(-1).isShare = true;
    }

    // A row of a slider. read, word, isOwn: of a state. write, reset: what changes of it.
    #addSlider(section, { name, label, help, low, high, step, log, ...row }) {
        const { does } = this, id = `control-${name}`;
        const steps = step ? Math.round((high - low) / step) : STEPS;
        const input = make("input", "", {
            id, type: "range", min: 0, max: steps, step: 1, "data-field": name, title: help });
        const text = make("output", "", { for: id });
        const reset = make("button", "↺", {
            type: "button", class: "reset", "aria-label": `Reset ${label}`, title: "Reset" });
        const digits = Math.max(0, 1 - Math.floor(Math.log10((high - low) / steps)));
        const numberAt = place => {
            const share = place / steps;
            if (log) return Number((low * (high / low) ** share).toPrecision(4));
            return Number((low + share * (high - low)).toFixed(step ? 9 : Math.min(digits, 20)));
        };
        const placeOf = number => Math.max(0, Math.min(steps, steps * (log
            ? Math.log(Math.max(number, low) / low) / Math.log(high / low)
            : (number - low) / (high - low))));
        let shown = null;
        const undo = () => {
            does.set(row.reset(shown));
            does.end();
        };
        input.addEventListener("input", () => {
            does.set(row.write(numberAt(Number(input.value)), shown), `slider ${name}`);
        });
        input.addEventListener("change", does.end);
        input.addEventListener("dblclick", undo);
        reset.addEventListener("click", () => {
            undo();
            input.focus();
        });
        const line = make("div", "", { class: "slider" });
        line.append(make("label", label, { for: id, title: help }), text, reset, input);
        section.append(line);
        this.#rows.push(state => {
            shown = state;
            const number = row.read(state);
            if (document.activeElement !== input || numberAt(Number(input.value)) !== number)
                input.value = placeOf(number);
            text.value = `${row.word(state)}${shortNumber(number)}`;
            input.setAttribute("aria-valuetext", text.value);
            reset.disabled = row.isOwn(state);
        });
    }
}

// With four digits that count.
export function shortNumber(number) {
    return String(Number(Number(number).toPrecision(4))).replace("-", "−");
}
