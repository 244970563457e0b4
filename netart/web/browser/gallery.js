// A gallery: a grid of panels, one of which is open over it.

// The values that `share` in gallery.py wrote once: the one with this number, counted from 0.
export function expand({ first, others, texts, pieces }, number) {
    const join = value => {
        if (Array.isArray(value)) return value.map(join);
        if (typeof value !== "object" || value === null) return value;
        if ("" in value) return texts[value[""]].map(piece => pieces[piece]).join("");
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, join(one)]));
    };
    const change = (base, difference) => {
        if ("is" in difference) return difference.is;
        const changed = Array.isArray(base) ? [...base] : { ...base };
        for (const [name, one] of Object.entries(difference.in))
            changed[name] = change(base[name], one);
        return changed;
    };
    return join(number ? change(first, others[number - 1]) : first);
}

// Which panel the link's fragment opens, counted from 1, and the rest of it, which is the panel's
// own; null where it is none of so many.
function readPanelLink(fragment, count) {
    const [, number, rest = ""] = fragment.match(/^#?panel=(\d{1,5})(?:&(.*))?$/) ?? [];
    return number >= 1 && number <= count ? { number: Number(number), rest } : null;
}

export function panelLink(number, rest) {
    return `#panel=${number}${rest && "&"}${rest}`;
}

// Which of the texts on a panel, field → text, hold where the rest of a link changes fields.
export function whatHolds(texts, rest) {
    const decides = name => ({ mix: "seed", detail: "weight_scale" })[name] ?? name;
    const isIn = (one, other) => `${one}.`.startsWith(`${other}.`); // latent.a in latent
    const changed = [...new URLSearchParams(rest).keys()].map(decides);
    const holds = name => !changed.some(other => isIn(name, other) || isIn(other, name));
    return Object.entries(texts).filter(([name]) => holds(decides(name))).map(([, text]) => text);
}

export class Gallery {
    // grid: the element with a link for each panel. open: the element in which one opens.
    // openPanel: is called with a panel's number and what of the fragment is the panel's own;
    // returns what has the functions `close` and `setState`, and `state`, which gives what of a
    // fragment is the panel's own by then. say: shows a text, or none.
    constructor(grid, open, openPanel, say) {
        this.grid = grid;
        this.open = open;
        this.openPanel = openPanel;
        this.say = say;
        this.links = [...grid.querySelectorAll("a")];
        this.number = 0; // of the panel that is open
        this.panel = null;
        this.left = new Map(); // number → what it was left at, of panels since the grid was shown
        this.came = false; // whether the grid is one step back in the history
        addEventListener("hashchange", event => this.follow(new URL(event.newURL).hash));
        addEventListener("keydown", event => this.press(event), { capture: true });
        grid.addEventListener("click", () => { this.came = true; });
        this.follow(location.hash);
    }

    // Opens what the link's fragment says, or the grid.
    follow(fragment) {
        const found = readPanelLink(fragment, this.links.length);
        if (found?.number === this.number) {
            this.panel.setState(found.rest);
            return;
        }
        const last = this.number, ignored = found ? "" : fragment.slice(1);
        this.say(ignored && `ignored in the link: ${ignored.slice(0, 80)}`);
        if (ignored) history.replaceState(null, "", location.pathname + location.search);
        this.panel?.close();
        this.panel = null;
        this.number = found?.number ?? 0;
        this.open.hidden = !found;
        this.grid.hidden = Boolean(found);
        if (found) {
            this.panel = this.openPanel(found.number, found.rest);
        } else if (last) {
            this.left.clear();
            this.came = false;
            this.links[last - 1].focus();
        }
    }

    // Back to the grid: by the history where it is there, so that its Back button does not return.
    leave() {
        if (this.came) history.back();
        else location.hash = "";
    }

    // Opens another panel in place of the one that is open, as it was left; behind the last comes
    // the first.
    go(step) {
        const count = this.links.length;
        const next = (this.number - 1 + step + count) % count + 1;
        this.left.set(this.number, this.panel.state());
        history.replaceState(null, "", panelLink(next, this.left.get(next) ?? ""));
        this.follow(location.hash);
    }

    press(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        if (this.number ? this.pressOpen(event) : this.pressGrid(event)) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    // Keys while a panel is open. Where an element takes arrow keys itself they are its own; with
    // shift they are the picture's.
    pressOpen({ key, shiftKey, target }) {
        if (this.open.querySelector("dialog[open]")) return false;
        const isOver = this.open.querySelector("#panel:not([hidden])");
        if (key === "Escape" && !isOver && !document.fullscreenElement) this.leave();
        else if (shiftKey || target.matches("input, select, textarea")) return false;
        else if (key === "ArrowLeft") this.go(-1);
        else if (key === "ArrowRight") this.go(1);
        else return false;
        return true;
    }

    // Arrow keys go from link to link, in the rows and columns that are on screen.
    pressGrid({ key }) {
        const here = this.links.indexOf(document.activeElement);
        if (here < 0) return false;
        const top = this.links[0].getBoundingClientRect().top;
        const columns = this.links.findIndex(link => link.getBoundingClientRect().top > top + 1);
        const across = columns < 0 ? this.links.length : columns;
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[key];
        if (!step || !this.links[here + step]) return false;
        this.links[here + step].focus();
        return true;
    }
}
