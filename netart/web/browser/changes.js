// What changes from one state of a page to another, and how that is said in a line.
import { shortNumber } from "./controls.js";
import { spellValue } from "./fields.js";

// The fields of a state that differ from another's, with their values.
export function differingFields(state, other) {
    return Object.fromEntries(Object.entries(other).filter(
        ([name, value]) => spellValue(value) !== spellValue(state[name])));
}

// Fields with new values, in a line; the centre goes without saying where the radius changed.
export function describeChange({ radius, center, contrast, ...others }) {
    const fields = { radius, center: radius === undefined ? center : undefined, ...others };
    if (!Object.keys(others).length) fields.contrast = contrast;
    return Object.entries(fields).filter(([, value]) => value !== undefined).map(describeValue)
        .join("   ");
}

function describeValue([name, value]) {
    if (name === "mix" && value.length === 1) return `seed ${value[0][0]}`;
    const spell = item => (Array.isArray(item) ? item.map(spell).join(":")
        : typeof item === "number" ? shortNumber(item) : item);
    const text = Array.isArray(value) ? value.map(spell).join(", ") : spell(value);
    return `${name.replace(".", " ").replaceAll("_", " ")} ${text}`;
}
