// What a camera sees of a landscape: twin of netart/lens/horizon.py. It is orthographic and does
// not roll. Lengths are half-widths of the ground: a to its right, b away from it, z up.

const radians = degrees => degrees * Math.PI / 180;

// The camera of a picture of that size, in samples, that sees all between two heights. azimuth,
// elevation: in degrees, as on a map. zoom: how many times as large everything is.
// frame: { margin, lowered }, how a picture is framed.
export function placeCamera(size, azimuth, elevation, bottom, top, zoom, { margin, lowered }) {
    const [width, height] = size, along = radians(azimuth), up = radians(elevation);
    const sine = Math.sin(up), cosine = Math.cos(up);
    const upper = Math.SQRT2 * sine + top * cosine, lower = -Math.SQRT2 * sine + bottom * cosine;
    const pixel = margin * Math.max(2 * Math.SQRT2 / width, (upper - lower) / height);
    // Little reaches the top: what room there is goes there last.
    const room = (pixel * height / margin - (upper - lower)) / 2;
    return {
        size, sine, cosine, pixel: pixel / zoom,
        middle: (upper + lower) / 2 - Math.min(room, lowered * top * cosine),
        right: [-Math.sin(along), Math.cos(along)],
        away: [-Math.cos(along), -Math.sin(along)],
        halfWidth: width / 2 * pixel,
    };
}

// The direction of the sun, to the camera's right, away from it and up. In degrees: its azimuth
// anticlockwise from the camera's right, and its elevation.
export function towardsSun(azimuth, elevation) {
    const along = radians(azimuth), up = radians(elevation);
    return [Math.cos(up) * Math.cos(along), Math.cos(up) * Math.sin(along), Math.sin(up)];
}

// The way on the ground, in u and v, that shadows fall, and what a ray rises towards the light.
export function shadowDirection({ right, away }, azimuth, elevation) {
    const along = radians(azimuth), a = Math.cos(along), b = Math.sin(along);
    const rise = Math.tan(radians(Math.min(Math.max(elevation, 2), 88)));
    return [-(a * right[0] + b * away[0]), -(a * right[1] + b * away[1]), rise];
}
