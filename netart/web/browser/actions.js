// What keys and buttons do on the page of a shot.
import { copyAddress, copyText } from "./clipboard.js";
import { commandOf } from "./command.js";
import { controlOf, sayLimits } from "./fields.js";
import { GraphicsError } from "./gl.js";
import { scalesOf } from "./recipe.js";
import { download, metadataOf, pngOf } from "./saving.js";
import { centreAt, wrapDegrees, zoomedAt } from "./view.js";

// As in keys.py.
const PAN_STEP = 0.25; // of half the picture's shorter side
export const ZOOM_STEP = 1.25;
export const TURN_STEP = 5; // degrees
const SCALE_STEP = 1.04;
const QUARTER = 0.25;
const LATENT_STEP = 0.05;
const HEIGHT_STEP = 1.15;
const MIN_HEIGHT = 0.01; // to which a surface rises from 0
const MUTATION = 0.15; // share of another network that a mutation adds
const PROGRESS_STEP = 5; // percent, of what is said while a picture is saved

// Key of the table → what it does here; keys without a meaning for this shot are not in it.
export function actionsOf(page) {
    const { base } = page, { controls } = page.data;
    const pan = (u, v) => () => page.change(
        { center: centreAt(page.view, PAN_STEP * u, PAN_STEP * v) });
    const zoom = factor => () => page.change(zoomedAt(page.view, factor, page.pointer));
    const add = (name, step, low = -1e30, high = 1e30) => () => {
        const number = Math.min(high, Math.max(low, page.state[name] + step));
        page.change({ [name]: Number(number.toFixed(9)) });
    };
    const keys = {
        left: pan(-1, 0), right: pan(1, 0), up: pan(0, 1), down: pan(0, -1),
        "+": zoom(ZOOM_STEP), "=": zoom(ZOOM_STEP), "-": zoom(1 / ZOOM_STEP),
        u: () => page.travel(-1, "undone"), "ctrl+z": () => page.travel(-1, "undone"),
        "ctrl+y": () => page.travel(1, "redone"), "ctrl+Z": () => page.travel(1, "redone"),
        0: () => page.startAgain(),
        s: () => savePicture(page),
        x: () => copyCommand(page),
        i: () => page.togglePoint(),
        h: () => page.help.showModal(),
        "?": () => page.help.showModal(),
        f11: () => page.toggleFullScreen(),
    };
    if (page.film) {
        keys.space = () => page.film.toggle();
        keys.home = () => page.film.seek(0);
        keys.end = () => page.film.seek(page.film.lastSecond);
    }
    if ("rotate" in base) {
        keys[","] = () => page.change({ rotate: wrapDegrees(page.state.rotate + TURN_STEP) });
        keys["."] = () => page.change({ rotate: wrapDegrees(page.state.rotate - TURN_STEP) });
    }
    if ("mix" in base) {
        Object.assign(keys, { n: () => stepSeed(page, 1), p: () => stepSeed(page, -1) });
        Object.assign(keys, { r: () => setRandomSeed(page), m: () => mutate(page) });
    }
    if ("weight_scale" in base) {
        const scale = factor => () => {
            const [own] = scalesOf(page.drawing.networkOf(page.state));
            page.change({ weight_scale: Number((own * factor).toPrecision(6)) });
        };
        Object.assign(keys, { "[": scale(1 / SCALE_STEP), "]": scale(SCALE_STEP) });
    }
    if ("layer" in base) {
        const { low, high } = controlOf(controls, "layer");
        keys.l = add("layer", QUARTER, low, high);
        keys.L = add("layer", -QUARTER, low, high);
    }
    if ("light_height" in base) {
        Object.assign(keys, raising(page, "light_height"));
    }
    if ("contrast" in base) keys.o = () => page.change({ contrast: "auto" });
    const latents = Object.keys(base).filter(name => name.startsWith("latent."));
    latents.slice(0, 9).forEach((name, k) => {
        keys[k + 1] = add(name, LATENT_STEP);
        keys[`shift+${k + 1}`] = add(name, -LATENT_STEP);
    });
    return keys;
}

// The keys by which a surface rises and sinks. name: of the field that is its height.
export function raising(page, name) {
    const { most } = controlOf(page.data.controls, name);
    const raise = factor => () => {
        const higher = page.state[name] * factor || (factor > 1 ? MIN_HEIGHT : 0);
        page.change({ [name]: Math.min(most, Number(higher.toPrecision(4))) });
    };
    return { b: raise(HEIGHT_STEP), B: raise(1 / HEIGHT_STEP) };
}

export function stepSeed(page, step) {
    const [[seed]] = [...page.state.mix].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    setSeed(page, BigInt.asUintN(64, BigInt(seed) + BigInt(step)));
}

export function setRandomSeed(page) {
    setSeed(page, randomSeed());
}

function setSeed(page, seed) {
    page.change({ mix: [[String(seed), 1]] });
}

function randomSeed() {
    return crypto.getRandomValues(new Uint32Array(1))[0];
}

// Mixes in some of another network, so that the weights' variance stays.
export function mutate(page) {
    const { mix } = page.state, seed = String(randomSeed());
    const norm = Math.hypot(...mix.map(([, share]) => share));
    const own = new Map(mix.map(([old, share]) => [old, share * Math.sqrt(1 - MUTATION ** 2)]));
    own.set(seed, (own.get(seed) ?? 0) + MUTATION * norm);
    const shares = [...own].map(([old, share]) => [old, Number(share.toFixed(6))]);
    page.change({ mix: shares });
}

// Saves the picture as a PNG that carries its shot.
export async function savePicture(page) {
    const { base, data } = page, times = Number(page.sizes.value);
    const { state, remark } = sayable(page, times);
    const size = page.size.map(side => times * side);
    let percent = -1;
    const onProgress = share => {
        const done = PROGRESS_STEP * Math.floor(100 * share / PROGRESS_STEP);
        if (done > percent) page.say(`saving ${percent = done}%`);
    };
    onProgress(0);
    let png;
    try {
        await page.drawing.measure(state);
        const values = page.drawing.valuesOf(state);
        const pixels = await page.progressive.pixels(size, { values, onProgress });
        await page.overlay?.addTo(pixels, size, values);
        png = await pngOf(pixels, size, metadataOf(data, state, base, size));
    } catch (error) { // more pixels than there is room for
        if (!(error instanceof RangeError || error instanceof GraphicsError)) throw error;
        page.say(error.message);
        return;
    }
    download(png, `${data.name.replaceAll("#", "-")}.png`); // `#` is of SOURCEs
    page.say(`saved ${size.join("×")}${remark}`);
}

export async function copyCommand(page) {
    const { state, remark } = sayable(page);
    const command = commandOf(page.data.origin, state, page.base, page.size);
    if (!command) page.say("no options of netart render say this");
    else if (await copyText(command)) page.say(`copied: ${command}${remark}`);
    else page.say(`not copied, since the browser refuses: ${command}${remark}`);
}

// {state, remark}: what files and command lines can say of a page's state, in so many times its
// pixels, and in words what they cannot: fields without a place in files are the page's own.
function sayable(page, times = 1) {
    const state = page.scaled(times), { base } = page, { controls } = page.data;
    const limits = sayLimits(page.state, state, controls, times * devicePixelRatio);
    const own = controls.filter(({ place }) => !place).map(({ name }) => name);
    const leftOut = own.filter(name => state[name] !== base[name]);
    for (const name of own) state[name] = base[name];
    const rest = leftOut.length ? `   ${leftOut.join(", ")} is left out` : "";
    return { state, remark: limits + rest };
}

export async function copyLink(page) {
    page.link.write(page.fragment);
    page.say(await copyAddress());
}
