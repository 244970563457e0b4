// The buttons in the corner.
import { make } from "./help.js";

const SVG = "http://www.w3.org/2000/svg";
// Paths in a square of 20.
const ICONS = {
    controls: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
    help: "M7 7.5a3 3 0 1 1 4.3 2.7c-.8.5-1.3 1-1.3 2M10 15.4v.1",
    full: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
    play: "M6 4l10 6-10 6z",
    pause: "M7 4v12M13 4v12",
};

export function iconButton(icon, label, act) {
    const button = make("button", "", { type: "button", "aria-label": label, title: label });
    setIcon(button, icon);
    button.addEventListener("click", act);
    return button;
}

export function setIcon(button, icon) {
    const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[icon]);
    svg.append(path);
    button.replaceChildren(svg);
}
