// Pictures as PNG files that carry their shot, as netart writes them.

const SIGNATURE_BYTES = 8, HEAD_BYTES = 25; // of the first chunk, IHDR
const LABEL = "netart\0\0\0\0\0"; // keyword, not packed, no language, no translated keyword

// A PNG of pixels (RGBA, row 0 on top) that carries a text.
export async function pngOf(pixels, [width, height], text) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
    canvas.getContext("2d").putImageData(image, 0, 0);
    return pngOfCanvas(canvas, text);
}

// A PNG of what is on a canvas. text: null where it carries none.
export async function pngOfCanvas(canvas, text) {
    const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/png"));
    const { width, height } = canvas;
    if (!blob) throw new RangeError(`${width}×${height} is more than this browser can save`);
    const file = new Uint8Array(await blob.arrayBuffer());
    const first = SIGNATURE_BYTES + HEAD_BYTES;
    const own = [chunk("sRGB", [0])];
    if (text !== null) own.push(chunk("iTXt", new TextEncoder().encode(LABEL + text)));
    return new Blob([file.subarray(0, first), ...own, file.subarray(first)], { type: blob.type });
}

// Gives a file to the reader of the page.
export function download(file, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// The metadata of a state's picture, as text. data: {metadata, controls, view} of the page's own
// shot. A state that differs from it has no hashes: nothing here computes them.
export function metadataOf({ metadata, controls, view }, state, base, size) {
    const own = structuredClone({ ...metadata, size });
    const differs = name => JSON.stringify(state[name]) !== JSON.stringify(base[name]);
    const changed = controls.filter(({ name, place }) => place && differs(name));
    if (changed.length) {
        delete own.sha256;
        delete own.weights;
    }
    const { shot } = own, { centre } = shot.view;
    for (const { name, place } of changed) {
        const value = state[name], [part, key] = place.split(".");
        if (name === "mix") shot.network.mix = Object.fromEntries(value);
        else if (name === "rotate") shot.view.frame = value;
        else if (name === "center") view.axes.forEach((k, axis) => {
            centre[view.places[k]] = String(value[axis]);
        });
        else if (name.startsWith("latent."))
            centre[view.places[view.inputs.indexOf(name.slice(7))]] = String(value);
        else shot[part][key] = value;
    }
    const { network } = shot;
    if (typeof network.weight_scale === "number" && "detail" in network) network.detail = 1;
    return toPlainJson(own);
}

// In 7 bits, without markup.
export function toPlainJson(value) {
    return JSON.stringify(value).replace(/[<>&\u0080-\uffff]/g, escapeChar);
}

function escapeChar(char) {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function chunk(kind, data) {
    const bytes = new Uint8Array(12 + data.length), view = new DataView(bytes.buffer);
    view.setUint32(0, data.length);
    bytes.set(new TextEncoder().encode(kind), 4);
    bytes.set(data, 8);
    view.setUint32(8 + data.length, checksum(bytes.subarray(4, 8 + data.length)));
    return bytes;
}

// CRC-32, as PNG has it.
function checksum(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
}
