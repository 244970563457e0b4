// Unpacks the page's data, style and script, and runs that.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    + "!#$%/()*+-;,=.?@^_`{|}~"; // of base 85

// Five digits are four bytes; at the end one digit more than bytes.
function bytesOfDigits(text) {
    const values = new Uint8Array(128);
    [...DIGITS].forEach((digit, value) => { values[digit.charCodeAt(0)] = value; });
    const groups = Math.ceil(text.length / 5), words = new DataView(new ArrayBuffer(4 * groups));
    for (let group = 0; group < groups; group++) {
        let word = 0;
        for (let at = 5 * group; at < 5 * group + 5; at++) {
            word = 85 * word + (at < text.length ? values[text.charCodeAt(at)] : 84);
        }
        words.setUint32(4 * group, word);
    }
    return new Uint8Array(words.buffer, 0, text.length - groups);
}

async function unpack() {
    const holder = document.getElementById("data");
    const bytes = bytesOfDigits(JSON.parse(holder.textContent).packed);
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
