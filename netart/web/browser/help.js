// The help: what keys and mouse do here, from the one table of the program.

// rows: [label of the keys, their names, what they do]. does: the keys that the page has.
export function fillHelp(dialog, { keys, mouse, touch }, does) {
    const own = keys.filter(([, names]) => names.some(name => does[name]));
    const lists = [["Keys", own.map(row => ownKeys(row, does))], ["Mouse", mouse]];
    const isTouch = matchMedia("(pointer: coarse)").matches;
    lists.splice(isTouch ? 0 : 2, 0, ["Touch", touch]);
    const parts = lists.flatMap(([title, rows]) => [make("h3", title), listOf(rows)]);
    const head = make("header"), close = make("button", "Close");
    close.addEventListener("click", () => dialog.close());
    head.append(make("h2", "Keys, mouse and touch"), close);
    dialog.replaceChildren(head, ...parts);
    dialog.setAttribute("aria-label", "Help");
    dialog.addEventListener("click", event => {
        if (event.target === dialog) dialog.close(); // beside it
    });
    dialog.addEventListener("keydown", event => {
        if (event.key !== "h") return;
        event.preventDefault(); // else it is the page's own key again
        dialog.close();
    });
}

// [label, what it does] of a row, of those of its keys that the page has: `a A` does `one, other`.
function ownKeys([label, names, about], does) {
    const keys = label.split(" "), parts = about.split(", ");
    const each = keys.length === names.length && keys.length === parts.length;
    if (!each || names.every(name => does[name])) return [label, about];
    const has = (_, k) => does[names[k]];
    return [keys.filter(has).join(" "), parts.filter(has).join(", ")];
}

function listOf(rows) {
    const list = document.createElement("dl");
    for (const [label, about] of rows) {
        const row = document.createElement("div"), keys = document.createElement("dt");
        keys.append(...label.split(" ").map(key => make("kbd", key)));
        row.append(keys, make("dd", about));
        list.append(row);
    }
    return list;
}

// An element with a text.
export function make(name, text = "", attributes = {}) {
    const element = document.createElement(name);
    element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
}
