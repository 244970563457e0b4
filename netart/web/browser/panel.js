// The panel of a page, and the buttons in the corner.
import { copyCommand, copyLink, mutate, savePicture, setRandomSeed, stepSeed } from "./actions.js";
import { Controls } from "./controls.js";
import { controlOf } from "./fields.js";
import { make } from "./help.js";
import { scalesOf } from "./recipe.js";

const SVG = "http://www.w3.org/2000/svg";
// Paths in a square of 20.
const ICONS = {
    controls: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
    help: "M7 7.5a3 3 0 1 1 4.3 2.7c-.8.5-1.3 1-1.3 2M10 15.4v.1",
    full: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
};
const STILL_SIZES = [1, 2, 4]; // times the window

// Fills the bar of a page. Returns the button that shows the panel.
export function addBar(page) {
    const fold = iconButton("controls", "Controls", () => page.togglePanel());
    fold.setAttribute("aria-expanded", "false");
    fold.setAttribute("aria-controls", "panel");
    page.bar.append(fold, iconButton("help", "Help", page.actions.h));
    if (document.fullscreenEnabled)
        page.bar.append(iconButton("full", "Full screen", () => page.toggleFullScreen()));
    return fold;
}

// Fills the panel of a page. Returns its controls.
export function addPanel(page) {
    const head = make("header");
    head.append(make("h2", page.data.name), make("p", page.data.caption));
    page.panel.append(head);
    const controls = new Controls(page.panel, page.data.controls, {
        base: page.base,
        set: (changed, gesture = "") => page.change(changed, gesture, false),
        setText: (name, text) => page.setText(name, text),
        end: () => page.endGesture(),
        numberOf: (name, state) => numberOf(page, name, state),
        seed: step => stepSeed(page, step),
        random: () => setRandomSeed(page),
        mutate: () => mutate(page),
    });
    const section = make("section"), buttons = make("div", "", { class: "buttons" });
    const button = (label, act) => {
        const made = make("button", label, { type: "button" });
        made.addEventListener("click", act);
        buttons.append(made);
    };
    const sizes = make("select", "", { "aria-label": "Size of saved pictures" });
    for (const times of STILL_SIZES) {
        const label = times === 1 ? "window's size" : `${times} × window`;
        sizes.append(make("option", label, { value: times }));
    }
    page.sizes = sizes;
    button("Save picture", () => savePicture(page));
    buttons.append(sizes);
    button("Copy link", () => copyLink(page));
    button("Copy command", () => copyCommand(page));
    button("Undo", page.actions.u);
    button("Redo", page.actions["ctrl+y"]);
    button("Back to the start", page.actions[0]);
    section.append(make("h3", "Picture"), buttons);
    page.panel.append(section);
    return controls;
}

// The number that a field stands for in a state.
function numberOf(page, name, state) {
    if (name === "contrast")
        return page.drawing.spansOf(state) ?? controlOf(page.data.controls, name).spans;
    if (name !== "weight_scale" && name !== "bias_scale") return state[name];
    return scalesOf(page.drawing.networkOf(state))[Number(name === "bias_scale")];
}

function iconButton(icon, label, act) {
    const button = make("button", "", { type: "button", "aria-label": label, title: label });
    const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[icon]);
    svg.append(path);
    button.append(svg);
    button.addEventListener("click", act);
    return button;
}
