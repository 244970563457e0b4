// Mouse, touch and pen on the picture. Places are (u, v) of the picture.

const WHEEL = 1.12; // magnification of a notch of the wheel
const NOTCH_PX = 100; // that browsers tell of a notch
const MAX_NOTCHES = 3; // at a time
const WHEEL_PAUSE_MS = 400; // between two gestures of the wheel
const DOUBLE_TAP = 2; // magnification
const TURN_FROM = 8; // degrees that two fingers turn before the picture follows
const TAP_PX = 12, TAP_MS = 300; // how far and how long a finger may move that taps

// does: {pan(du, dv), zoom(factor, at), pinch(before, after, turn), light(at), point(at), end()}.
export function listenToGestures(canvas, does) {
    const fingers = new Map(); // pointer → place
    let turned = 0, isTurning = false, isLight = false, tap = null, lastTap = null, wheelEnds = 0;
    let isMouse = true; // what pressed last

    function placeOf({ clientX, clientY }) {
        const { left, top, width, height } = canvas.getBoundingClientRect();
        const shorter = Math.min(width, height);
        return [
            (2 * (clientX - left) - width) / shorter, (height - 2 * (clientY - top)) / shorter];
    }

    canvas.addEventListener("pointerdown", event => {
        if (event.button || fingers.size > 1) return;
        isMouse = event.pointerType === "mouse";
        canvas.setPointerCapture(event.pointerId);
        fingers.set(event.pointerId, placeOf(event));
        does.end();
        [turned, isTurning] = [0, false];
        isLight = fingers.size === 1 && event.ctrlKey;
        if (isLight) does.light(placeOf(event));
        const { clientX, clientY, timeStamp } = event;
        tap = fingers.size === 1 ? { clientX, clientY, timeStamp } : null;
    });
    canvas.addEventListener("pointermove", event => {
        const after = placeOf(event), before = fingers.get(event.pointerId);
        does.point(after);
        if (!before) return;
        if (tap && farFrom(tap, event)) tap = null;
        if (fingers.size === 1 && !tap) {
            if (isLight) does.light(after);
            else does.pan(before[0] - after[0], before[1] - after[1]);
            fingers.set(event.pointerId, after);
        } else if (fingers.size === 2) {
            const pair = [...fingers.values()];
            fingers.set(event.pointerId, after);
            const moved = [...fingers.values()], angle = angleBetween(pair, moved);
            turned += angle;
            const begins = !isTurning && Math.abs(turned) > TURN_FROM;
            does.pinch(pair, moved, isTurning ? angle : 0);
            isTurning ||= begins;
        }
    });
    function lift(event) {
        if (!fingers.delete(event.pointerId)) return;
        does.end();
        const isTap = tap && event.type === "pointerup" && event.pointerType !== "mouse"
            && event.timeStamp - tap.timeStamp < TAP_MS;
        if (!isTap) lastTap = null;
        else if (lastTap && event.timeStamp - lastTap.timeStamp < 2 * TAP_MS
            && !farFrom(lastTap, event, 3)) {
            does.zoom(DOUBLE_TAP, placeOf(event));
            does.end();
            lastTap = null;
        } else lastTap = tap;
        tap = null;
    }
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("dblclick", event => {
        if (!isMouse) return; // taps are counted above
        does.zoom(event.shiftKey ? 1 / DOUBLE_TAP : DOUBLE_TAP, placeOf(event));
        does.end();
    });
    canvas.addEventListener("wheel", event => {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
        // A pinch on a touch pad comes as a wheel with ctrl, in small steps.
        const notches = -event.deltaY * lines * (event.ctrlKey ? 8 : 1) / NOTCH_PX;
        const limited = Math.max(-MAX_NOTCHES, Math.min(MAX_NOTCHES, notches));
        does.zoom(WHEEL ** limited, placeOf(event), "wheel");
        clearTimeout(wheelEnds);
        wheelEnds = setTimeout(does.end, WHEEL_PAUSE_MS);
    }, { passive: false });
}

function farFrom(start, event, times = 1) {
    const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
    return far > times * (event.pointerType === "mouse" ? 2 : TAP_PX);
}

// Degrees by which the line from the first to the second place turned anticlockwise.
function angleBetween(before, after) {
    const [angle, was] = [after, before].map(([p, q]) => Math.atan2(q[1] - p[1], q[0] - p[0]));
    const degrees = (angle - was) * 180 / Math.PI;
    return degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees;
}
