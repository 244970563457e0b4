// What hands do on the pictures of runs: they move and zoom them, and point at lines.
import { listenToGestures } from "./gestures.js";

const CLICK_PX = 5; // that a click may travel
const MAX_NAMED = 8; // units on which one bends
const PAN = 0.25; // as in netart live

export function listenToPanel(page, panel) {
    const { canvas } = panel;
    const move = (from, to, gesture) =>
        page.change({ view: page.state.view.moved(from, to) }, gesture);
    const zoom = (factor, at, gesture = "zoom") => page.zoom(1 / factor, at, gesture);
    const pan = (du, dv) => move([du, dv], [0, 0], "drag");
    listenToGestures(canvas, { pan, zoom, light: pan, point() {}, end: () => page.endGesture(),
        pinch: (before, after) => {
            const [[from, was], [to, is]] = [before, after].map(([p, q]) => [
                [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], Math.hypot(q[0] - p[0], q[1] - p[1])]);
            move(from, to, "pinch");
            zoom(is / (was || 1), to, "pinch");
        } });
    let pressed = null; // where, for what is a click is no drag
    canvas.addEventListener("pointerdown", event => { pressed = event; });
    canvas.addEventListener("click", event => {
        const away = [event.clientX - pressed?.clientX, event.clientY - pressed?.clientY];
        if (!(Math.hypot(...away) < CLICK_PX)) return;
        const line = panel.lineAt(event);
        if (line) page.units.only(line.layer, line.unit);
        pointAt(page, panel, event);
    });
    canvas.addEventListener("pointermove", event => {
        if (!event.buttons) pointAt(page, panel, event);
    });
    canvas.addEventListener("pointerleave", () => pointAt(page, panel, null));
    canvas.addEventListener("keydown", event => {
        const way = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, -1],
            ArrowDown: [0, 1] }[event.key];
        if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        move([0, 0], way.map(x => PAN * x));
    });
}

// Says which line a pointer is on.
function pointAt(page, panel, event) {
    const tip = document.getElementById("tip"), line = event && panel.lineAt(event);
    page.hold(line ? [line.layer, line.unit] : null);
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
