// The keys of a page of runs.

const ZOOM = 1.25, FAR = 10; // as in netart live

// Does what a key says, unless a control or the help takes it.
export function press(page, event) {
    const { target, key } = event;
    if (event.altKey || target.closest("select, dialog")) return;
    const isControl = target.closest("button, input:not([type=range])");
    const isOwn = isControl && [" ", "ArrowLeft", "ArrowRight"].includes(key);
    const action = event.ctrlKey || event.metaKey ? editing(page, event) : keysOf(page)[key];
    if (!action || isOwn) return;
    event.preventDefault();
    action();
}

function editing(page, { key, shiftKey }) {
    const letter = key.toLowerCase();
    if (letter === "z") return () => page.travel(shiftKey ? 1 : -1);
    return letter === "y" ? () => page.travel(1) : null;
}

// Key → what it does.
export function keysOf(page) {
    const { times, units, actions: does } = page;
    const layers = Array.from({ length: 9 }, (_, k) => [k + 1, () => units.toggleLayer(k)]);
    return {
        " ": () => page.play(), j: () => page.goBy(1), J: () => page.goBy(-1),
        ArrowRight: () => page.goBy(1), ArrowLeft: () => page.goBy(-1),
        PageDown: () => page.goBy(FAR), PageUp: () => page.goBy(-FAR),
        Home: () => page.seek(times[0]), End: () => page.seek(times.at(-1)),
        "+": () => page.zoom(1 / ZOOM), "=": () => page.zoom(1 / ZOOM), "-": () => page.zoom(ZOOM),
        0: does.view, a: does.all, b: does.bends, k: () => page.nextBackdrop(), f: does.full,
        p: does.fold, u: does.undo, s: does.save, x: does.command, h: does.keys, "?": does.keys,
        ...Object.fromEntries(layers),
    };
}
