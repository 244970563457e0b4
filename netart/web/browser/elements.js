// What the page of a shot consists of, before anything is in it.
import { make } from "./help.js";

const WHY_STILL = {
    webgl2: "This browser has no WebGL 2: this is a still picture.",
    memory: "The graphics memory of this device is too small: this is a still picture.",
    lost: "This device's graphics stopped working: this is a still picture.",
    other: "This device's graphics cannot draw the network: this is a still picture.",
};

// Fills the root. Returns the elements: {canvas, still, point, notice, bar, panel, help}.
export function buildElements(root, { about, preview }) {
    const image = document.querySelector("meta[property='og:image']")?.content ?? "";
    const elements = {
        canvas: make("canvas", "", {
            id: "picture", tabindex: 0, role: "img", "aria-label": about }),
        still: make("img", "", { id: "still", alt: about, src: preview ?? image }),
        point: make("output", "", { id: "point", hidden: "", "aria-live": "off" }),
        notice: make("p", "", { id: "notice", role: "status", class: "gone" }),
        bar: make("div", "", { id: "bar", role: "group", "aria-label": "Page" }),
        panel: make("section", "", { id: "panel", "aria-label": "Controls", hidden: "" }),
        help: make("dialog", "", { id: "help" }),
    };
    root.append(...Object.values(elements));
    return elements;
}

// Leaves nothing of a page but its preview, and a sentence that says why. reason: of a
// GraphicsError.
export function leaveStill({ root, still, bar, panel, notice, point, canvas }, reason) {
    still.classList.remove("gone");
    for (const element of [bar, panel, notice, point, canvas]) element.hidden = true;
    const why = WHY_STILL[reason] ?? WHY_STILL.other;
    root.append(make("p", why, { class: "reason", role: "status" }));
}
