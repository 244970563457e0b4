// Sizes of pictures, and their windows: {left, top, width, height}, in pixels.

// Calls now and when an element's size changes, with the pixels of the screen on which the browser
// lays it, [width, height]: none where it does not say so. Returns what observes it.
export function observeSize(element, call) {
    const knows = "devicePixelContentBoxSize" in ResizeObserverEntry.prototype;
    const observer = new ResizeObserver(([{ devicePixelContentBoxSize: [laid] = [] }]) =>
        call(laid ? [laid.inlineSize, laid.blockSize] : []));
    observer.observe(element, { box: knows ? "device-pixel-content-box" : "content-box" });
    return observer;
}

// The whole pixels of the screen that an element covers. laid: those that were observed, which may
// be of another size than it has now, or, where a browser imitates a screen, of its own.
export function screenSize({ clientWidth, clientHeight }, laid) {
    return [clientWidth, clientHeight].map((side, k) => {
        const exact = side * devicePixelRatio;
        return Math.max(1, Math.abs(laid[k] - exact) < 1 ? laid[k] : Math.round(exact));
    });
}

// The size of a picture of one pixel for so many across and down.
export function coarse(size, factor) {
    return size.map(side => Math.ceil(side / factor));
}

// The windows of that side that cover a picture, from the middle outwards.
export function blocks([width, height], side) {
    const found = [];
    for (let top = 0; top < height; top += side)
        for (let left = 0; left < width; left += side) {
            const across = Math.min(side, width - left), down = Math.min(side, height - top);
            found.push({ left, top, width: across, height: down });
        }
    const away = part => Math.hypot(
        part.left + (part.width - width) / 2, part.top + (part.height - height) / 2);
    return found.sort((a, b) => away(a) - away(b));
}

// A window cut in two.
export function halves({ left, top, width, height }) {
    if (width >= height) {
        const half = width >> 1;
        return [{ left, top, width: half, height },
            { left: left + half, top, width: width - half, height }];
    }
    const half = height >> 1;
    return [{ left, top, width, height: half },
        { left, top: top + half, width, height: height - half }];
}
