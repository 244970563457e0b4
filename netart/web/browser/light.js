// The numbers that a finish of light computes with, of its settings: as `numbers` in light.py.

const LOWEST = 5; // degrees above the ground, of a light that is dragged down

// light: {settings, sun, lightest} as in shot_page.py. Values for the shader of what a state sets.
export function lightValues(light, state) {
    const own = light.settings.map(name => [name, state[`light_${name}`]]);
    const set = Object.fromEntries(own.filter(([, value]) => value !== undefined));
    const values = {};
    for (const name of ["height", "gloss", "exponent", "metal", "width"])
        if (name in set) values[`u_${name}`] = set[name];
    if ("levels" in set) values.u_lines = set.levels;
    if ("azimuth" in set) {
        const azimuth = set.azimuth * Math.PI / 180;
        const along = values.u_along = [Math.cos(azimuth), Math.sin(azimuth)];
        if ("elevation" in set) {
            const elevation = set.elevation * Math.PI / 180, flat = Math.cos(elevation);
            const towards = [flat * along[0], flat * along[1], Math.sin(elevation)];
            const half = [towards[0], towards[1], towards[2] + 1];
            const length = Math.hypot(...half);
            values.u_towards = towards;
            values.u_halfway = half.map(part => (length ? part / length : 0));
        }
    }
    if ("metal" in set)
        values.u_shine = light.sun.map((sun, k) => sun + set.metal * (light.lightest[k] - sun));
    return values;
}

// Settings of a light at this place of the picture: above its centre it stands upright.
export function lightAt([u, v]) {
    const azimuth = Math.atan2(v, u) * 180 / Math.PI;
    const elevation = Math.max(LOWEST, 90 - (90 - LOWEST) * Math.hypot(u, v));
    return { light_azimuth: oneDigit(azimuth), light_elevation: oneDigit(elevation) };
}

function oneDigit(number) {
    return Math.round(10 * number) / 10 + 0;
}
