// The view: which piece of input space the picture covers. Places of the picture are (u, v), (0, 0)
// at its centre and ±1 at the ends of its shorter side, v upwards.

const BELOW_RADIUS = 9; // digits that a centre keeps below the radius: a page draws in float32
const FLOAT32_EPSILON = 2 ** -23;

// data: {inputs, axes, basis, centre} as in shot_page.py. The view of a state.
export function viewOf(data, base, state) {
    const centre = data.inputs.map((name, k) => state[`latent.${name}`] ?? data.centre[k]);
    data.axes.forEach((input, k) => { centre[input] = state.center[k]; });
    const isTurned = state.rotate !== undefined && state.rotate !== base.rotate;
    const basis = isTurned ? rotationBy(state.rotate) : data.basis;
    return { axes: data.axes, centre, radius: state.radius, basis };
}

// What shaders read: for each input (c, a, b), of which the coordinate is c + a·u + b·v.
export function inputRows({ axes, centre, radius, basis }) {
    return centre.flatMap((number, input) => {
        const axis = axes.indexOf(input);
        return [number, ...(axis < 0 ? [0, 0] : basis[axis].map(part => radius * part))];
    });
}

// The basis of a view that is turned anticlockwise; exact at quarter turns.
function rotationBy(degrees) {
    const quarter = Math.floor(degrees / 90), rest = (degrees - 90 * quarter) * Math.PI / 180;
    let c = Math.cos(rest), s = Math.sin(rest);
    for (let k = 0; k < ((quarter % 4) + 4) % 4; ++k) [c, s] = [-s, c];
    return [[c, -s], [s, c]];
}

// The centre, in the plane of the picture, of a view moved so that (u, v) is in the middle.
export function centreAt({ axes, centre, radius, basis }, u, v) {
    return axes.map((input, k) => {
        const [a, b] = basis[k];
        return roundBelow(centre[input] + radius * (a * u + b * v), radius);
    });
}

// The coordinates at (u, v) in words, of the inputs that the picture spans.
export function coordinatesAt(view, inputs, [u, v]) {
    const digits = Math.max(3, 3 - Math.floor(Math.log10(view.radius)));
    return view.axes.map((input, k) => {
        const [a, b] = view.basis[k], at = view.centre[input] + view.radius * (a * u + b * v);
        return `${inputs[input]} ${at.toFixed(Math.min(digits, 20)).replace("-", "−")}`;
    }).join("   ");
}

// {center, radius} magnified by a factor; what is at (u, v) stays there.
export function zoomedAt(view, factor, [u, v]) {
    const share = 1 - 1 / factor;
    const radius = Number((view.radius / factor).toPrecision(12));
    const center = centreAt(view, share * u, share * v);
    return { center: center.map(number => roundBelow(number, radius)), radius };
}

// {center, radius, rotate} after two fingers went from two places of the picture to others; what
// is under them stays there. May the view not turn, it only zooms and moves. turn: in degrees, by
// which the fingers turned anticlockwise.
export function pinched(view, rotate, before, after, turn) {
    const distance = ([p, q]) => Math.hypot(q[0] - p[0], q[1] - p[1]);
    const middle = ([p, q]) => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
    const radius = view.radius * distance(before) / Math.max(1e-6, distance(after));
    const turned = rotate === undefined ? undefined : wrapDegrees(rotate - turn);
    const basis = turned === undefined ? view.basis : rotationBy(turned);
    const [u, v] = middle(before), [s, t] = middle(after);
    const held = view.axes.map((input, k) => {
        const [a, b] = view.basis[k];
        return view.centre[input] + view.radius * (a * u + b * v);
    });
    const center = held.map((number, k) => {
        const [a, b] = basis[k];
        return roundBelow(number - radius * (a * s + b * t), radius);
    });
    const changed = { center, radius: Number(radius.toPrecision(12)) };
    return turned === undefined ? changed : { ...changed, rotate: turned };
}

// Degrees from −180, not included, to 180.
export function wrapDegrees(degrees) {
    const turned = Number((((degrees % 360) + 360) % 360).toFixed(9));
    return turned > 180 ? turned - 360 : turned;
}

// Whether float32 tells neighbouring pixels apart. shorter: pixels of the picture's shorter side.
export function resolvesPixels({ centre, radius }, shorter) {
    const farthest = Math.max(...centre.map(Math.abs));
    return 2 * radius / shorter >= 4 * FLOAT32_EPSILON * farthest;
}

function roundBelow(number, radius) {
    const digits = Math.max(0, BELOW_RADIUS - Math.floor(Math.log10(radius)));
    return digits > 100 ? number : Number(number.toFixed(digits)) + 0;
}
