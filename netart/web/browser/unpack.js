// Unpacks the page's data, style and script, and runs that.

async function unpack() {
    const holder = document.getElementById("data");
    const bytes = Uint8Array.from(
        atob(JSON.parse(holder.textContent).packed), char => char.charCodeAt(0));
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const { data, style, script } = await new Response(inflated).json();
    holder.textContent = data;
    const sheet = new CSSStyleSheet(), element = document.createElement("script");
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    element.textContent = script;
    document.body.append(element);
}

const isKnown = typeof DecompressionStream !== "undefined";
const unpacked = isKnown && unpack(); // a promise
if (!isKnown) {
    document.body.style.visibility = "visible";
    document.body.textContent = "This page needs a browser of 2023 or later.";
}
