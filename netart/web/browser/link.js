// The state in the link's fragment: `#seed=7&radius=0.5` says what differs from the page's own.
import { controlOf, differingTexts, parseValue } from "./fields.js";

export function fragmentOf(state, base) {
    const texts = Object.entries(differingTexts(state, base));
    const spelled = texts.map(pair => pair.map(escapeText).join("="));
    return texts.length ? `#${spelled.join("&")}` : "";
}

// {state, ignored}: what a fragment says, and the names that the page does not have or whose values
// may not be.
export function readFragment(fragment, controls, base) {
    const state = { ...base }, ignored = [];
    for (const [name, text] of new URLSearchParams(fragment.replace(/^#/, ""))) {
        const control = controlOf(controls, name);
        try {
            if (!control) throw new RangeError(name);
            state[control.name] = parseValue(control, name, text);
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            ignored.push(name);
        }
    }
    return { state, ignored };
}

// What stands in values is legible in a fragment as it is.
function escapeText(text) {
    return encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%3A", ":");
}
