// The help: what keys and mouse do here, from the one table of the program.

// rows: [label of the keys, their names, what they do]. does: the keys that the page has.
export function fillHelp(dialog, { keys, mouse, touch }, does) {
    const own = keys.filter(([, names]) => names.some(name => does[name]));
    const lists = [
        ["Keys", own.map(([label, , about]) => [label, about])],
        ["Mouse", mouse],
        ["Touch", touch],
    ];
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
