// What hands do on a picture: drag, pinch, turn the wheel, point and tap.

const TAP_PX = 5, WHEEL = 1.0015;

// hands: { move(from, to), zoom(factor, at), tap(event), point(event), leave() }, places as (u, v).
export function followPointers(panel, hands) {
    const { canvas } = panel, down = new Map();
    let travelled = 0;
    const place = ({ clientX, clientY }) => panel.place(clientX, clientY);
    const middle = events => {
        const places = events.map(place);
        return [0, 1].map(k => places.reduce((sum, one) => sum + one[k], 0) / places.length);
    };
    const apart = ([one, other]) =>
        Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    canvas.addEventListener("pointerdown", event => {
        if (event.button) return;
        canvas.setPointerCapture(event.pointerId);
        if (!down.size) travelled = 0;
        down.set(event.pointerId, event);
    });
    canvas.addEventListener("pointermove", event => {
        const before = down.get(event.pointerId);
        if (!before) {
            hands.point(event);
            return;
        }
        travelled += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
        const old = [...down.values()];
        down.set(event.pointerId, event);
        const now = [...down.values()];
        if (travelled < TAP_PX) return;
        hands.move(middle(old), middle(now));
        if (now.length === 2) hands.zoom(apart(old) / (apart(now) || 1), middle(now));
    });
    const lift = event => {
        const isTap = down.size === 1 && travelled < TAP_PX && event.type === "pointerup";
        if (down.delete(event.pointerId) && isTap) hands.tap(event);
        if (down.size) travelled = TAP_PX;
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("pointerleave", () => hands.leave());
    canvas.addEventListener("wheel", event => {
        event.preventDefault();
        const pixels = event.deltaY * (event.deltaMode === 1 ? 30 : 1);
        hands.zoom(WHEEL ** Math.min(Math.max(pixels, -300), 300), place(event));
    }, { passive: false });
}
