// Keys, by the names that the table of keys has: `n`, `D`, `+`, `shift+1`, `ctrl+z`, `left`.

const NAMED_KEYS = {
    ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", " ": "space",
    Escape: "escape", F11: "f11", Home: "home", End: "end",
};
// Elements that take keys themselves, and which: `*` for all but a few.
const TYPED = "input:not([type=range]):not([type=checkbox]), select, textarea";
const OWN_KEYS = {
    range: ["left", "right", "up", "down", "home", "end"], button: ["space"], summary: ["space"],
};

// The key that was pressed, as find_key in keys.py finds it. known: has the keys as its names.
export function keyOf(event, known) {
    const { key, code, shiftKey } = event;
    if (NAMED_KEYS[key]) return NAMED_KEYS[key];
    if (key.length !== 1) return "";
    const letter = shiftKey ? key.toUpperCase() : key.toLowerCase(); // whatever caps lock says
    if (event.ctrlKey || event.metaKey) return `ctrl+${letter}`;
    const digit = /^Digit\d$/.test(code) ? code.slice(5) : "";
    if (digit && (/^\d$/.test(key) || !known[key])) return shiftKey ? `shift+${digit}` : digit;
    return /\p{L}/u.test(key) ? letter : key;
}

// does: key → function. signal: ends the listening.
export function listenToKeys(does, signal) {
    addEventListener("keydown", event => {
        const target = event.target, name = keyOf(event, does);
        if (event.altKey || event.defaultPrevented || !does[name]) return;
        if (target.matches?.(TYPED) || document.querySelector("dialog[open]")) return;
        const own = OWN_KEYS[target.type] ?? OWN_KEYS[target.localName] ?? [];
        if (own.includes(name)) return;
        event.preventDefault();
        does[name]();
    }, { signal });
}
