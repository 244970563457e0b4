// The grid of buttons that say whose lines are drawn: of each layer its name and its units.

export class Units {
    // widths: of the hidden layers. onChange: is called when somebody has changed what is shown,
    // onHold with [layer, unit] while one is pointed at, and with null after that.
    constructor(host, widths, onChange, onHold) {
        this.shown = widths.map(width => new Uint8Array(width).fill(1));
        this.onChange = onChange;
        this.rows = widths.map((width, layer) => this.#row(host, width, layer, onHold));
        this.show();
    }

    isShown(layer, unit) {
        return this.shown[layer]?.[unit] === 1;
    }

    // Shows or hides a layer: hides it if all of its units are shown.
    toggleLayer(layer) {
        this.shown[layer]?.fill(this.shown[layer].every(Boolean) ? 0 : 1);
        this.#changed();
    }

    // Shows one unit alone, or all where it is already alone.
    only(layer, unit) {
        const isAlone = this.shown.flatMap(row => [...row]).filter(Boolean).length === 1
            && this.isShown(layer, unit);
        this.shown.forEach(row => row.fill(isAlone ? 1 : 0));
        this.shown[layer][unit] = 1;
        this.#changed();
    }

    all() {
        this.shown.forEach(row => row.fill(1));
        this.#changed();
    }

    none() {
        this.shown.forEach(row => row.fill(0));
        this.#changed();
    }

    get isAll() {
        return this.shown.every(row => row.every(Boolean));
    }

    get isNone() {
        return !this.shown.some(row => row.some(Boolean));
    }

    // All layers, and all units, as links name them.
    get names() {
        const units = this.shown.flatMap((row, layer) =>
            Array.from(row, (_, unit) => `${layer + 1}.${unit + 1}`));
        return { line_layers: this.shown.map((_, layer) => `${layer + 1}`), units };
    }

    // What is shown: whole layers, and pairs [layer, unit] of others, all from 1.
    get picked() {
        const layers = [], units = [];
        this.shown.forEach((row, layer) => {
            if (row.every(Boolean)) layers.push(layer + 1);
            else row.forEach((on, unit) => on && units.push([layer + 1, unit + 1]));
        });
        return { layers, units };
    }

    // Shows what `picked` gave.
    set({ layers, units }) {
        this.shown.forEach((row, layer) => row.fill(layers.includes(layer + 1) ? 1 : 0));
        for (const [layer, unit] of units)
            if (this.shown[layer - 1]?.[unit - 1] === 0) this.shown[layer - 1][unit - 1] = 1;
        this.show();
    }

    show() {
        this.rows.forEach(({ name, buttons }, layer) => {
            const row = this.shown[layer], on = row.filter(Boolean).length;
            name.setAttribute("aria-pressed",
                on === row.length ? "true" : on ? "mixed" : "false");
            buttons.forEach((button, unit) => button.setAttribute("aria-pressed", !!row[unit]));
        });
    }

    #changed() {
        this.show();
        this.onChange();
    }

    #row(host, width, layer, onHold) {
        const row = document.createElement("div"), grid = document.createElement("div");
        row.className = "layer";
        row.style.setProperty("--units", width);
        row.style.setProperty("--ink", `var(--layer-${layer})`);
        const name = document.createElement("button");
        name.className = "name";
        name.textContent = `Layer ${layer + 1}`;
        name.title = "Show or hide all of them";
        name.addEventListener("click", () => this.toggleLayer(layer));
        grid.className = "grid";
        grid.setAttribute("role", "group");
        grid.setAttribute("aria-label", `Units of layer ${layer + 1}`);
        const buttons = Array.from({ length: width }, (_, unit) => {
            const button = document.createElement("button");
            button.textContent = unit + 1;
            button.setAttribute("aria-label", `Unit ${layer + 1}.${unit + 1}`);
            button.tabIndex = unit ? -1 : 0; // arrows move within the layer
            button.addEventListener("click", event => {
                if (event.shiftKey || event.altKey) this.only(layer, unit);
                else {
                    this.shown[layer][unit] ^= 1;
                    this.#changed();
                }
            });
            button.addEventListener("pointerenter", () => onHold([layer, unit]));
            button.addEventListener("pointerleave", () => onHold(null));
            button.addEventListener("focus", () => {
                buttons.forEach(other => { other.tabIndex = other === button ? 0 : -1; });
                if (button.matches(":focus-visible")) onHold([layer, unit]);
            });
            button.addEventListener("blur", () => onHold(null));
            return button;
        });
        grid.addEventListener("keydown", event => {
            const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
            const at = buttons.indexOf(document.activeElement) + step;
            if (!step || !buttons[at]) return;
            event.preventDefault();
            event.stopPropagation();
            buttons[at].focus();
        });
        grid.append(...buttons);
        row.append(name, grid);
        host.append(row);
        return { name, buttons };
    }
}
