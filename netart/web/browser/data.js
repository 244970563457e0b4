// What the page carries: JSON, and in it numbers in base64.

export function readData() {
    return JSON.parse(document.getElementById("data").textContent);
}

export function bytesOf(base64) {
    return Uint8Array.from(atob(base64), char => char.charCodeAt(0));
}

export function floatsOf(base64) {
    return new Float32Array(bytesOf(base64).buffer);
}
