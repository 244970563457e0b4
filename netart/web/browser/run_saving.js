// What is taken along of a page of runs: pictures that carry their shots, and command lines.
import { copyText } from "./clipboard.js";
import { commandOf } from "./command.js";
import { GraphicsError } from "./gl.js";
import { stepAt } from "./run_data.js";
import { Panel } from "./run_panel.js";
import { textsOf } from "./run_state.js";
import { download, pngOfCanvas, toPlainJson } from "./saving.js";

const DRAW_MS = 100; // of a prediction, before it is refined

const wholeStep = ({ time }) => Math.round(stepAt(time));

// Saves the pictures, side by side as on the page. times: how much larger than there. Returns what
// it says of that.
export async function saveRuns(page, times) {
    page.say("saving");
    const { data, panels } = page, state = page.stillState;
    const gutter = panels.length > 1 ? Math.round(page.gutter * panels[0].scale * times) : 0;
    let png, first, whole, metadata;
    try {
        first = await drawAgain(panels[0], state, times);
        whole = await layOut(page, first, gutter, shown => drawAgain(shown, state, times));
        metadata = metadataOfRuns(page, state, first, gutter);
        const size = [whole.width, whole.height];
        png = await pngOfCanvas(whole, metadata && toPlainJson({ ...metadata, size }));
    } catch (error) { // more pixels than there is room for
        if (!(error instanceof RangeError || error instanceof GraphicsError)) throw error;
        page.say(error.message);
        return "";
    }
    download(png, `${data.name}-${wholeStep(state)}.png`);
    const { width, height } = whole, lines = first.lineWidth(state);
    const isLimited = lines < 0.999 * times * panels[0].lineWidth(state);
    const said = `saved ${width}×${height}${metadata ? "" : ", without a shot: none says this"}`
        + (isLimited ? `   line_width is limited to ${lines}` : "");
    page.say(said);
    return said;
}

// A canvas of all pictures. first: the first of them; draw: draws another one.
async function layOut({ data, panels, columns }, first, gutter, draw) {
    const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
    const [width, height] = first.size;
    canvas.width = columns * (width + gutter) + gutter;
    canvas.height = Math.ceil(panels.length / columns) * (height + gutter) + gutter;
    context.fillStyle = data.colours.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const [k, shown] of panels.entries()) {
        const drawn = k ? await draw(shown) : first;
        const column = k % columns, row = Math.floor(k / columns);
        context.drawImage(drawn.canvas, gutter + column * (width + gutter),
            gutter + row * (height + gutter));
    }
    return canvas;
}

async function drawAgain(shown, state, times) {
    const { canvas, scale } = shown, panel = new Panel(document.createElement("div"), shown.own);
    panel.resize(canvas.clientWidth, canvas.clientHeight, scale * times);
    panel.draw(state, DRAW_MS, false);
    await panel.refine(state, () => true);
    return panel;
}

// The metadata of the pictures: of one run a shot of its weights, of several a sheet over their
// files; null where there is none. panel: the first picture as it is saved.
function metadataOfRuns({ data, runs, panels, columns, units }, state, panel, gutter) {
    const [parts, ...others] = panels.map(({ own }) => shownIn(own, panel, state));
    const isOne = others.every(other => JSON.stringify(other) === JSON.stringify(parts));
    if (!parts || !isOne || !fits(runs, state, units)) return null;
    const { shot, sheet } = structuredClone(data.saved), { layers } = state;
    const isNamed = !units.isAll && (layers.length || state.units.length);
    const lines = isNamed ? { line_layers: layers, units: state.units, bends: state.bends }
        : { line_layers: [], units: [], bends: false };
    lines.line_width = units.isNone ? 0 : panel.lineWidth(state);
    Object.assign(shot, parts, { lens: { ...parts.lens, ...lines } });
    Object.assign(shot.view, { centre: state.view.center.map(String), radius: state.view.radius });
    if (!sheet) {
        shot.network.layers = layersOf(runs[0], state.time);
        return { shot };
    }
    shot.network.step = wholeStep(state);
    return { shot, sheet: { ...sheet, panel: panel.size, columns, gutter } };
}

// The parts of a run's shot that say what is drawn, but for the lines; null where no shot does.
function shownIn({ shown, ground }, panel, state) {
    const parts = shown[state.backdrop], { target } = ground, points = panel.points(state);
    if (!parts) return null;
    const marks = { points };
    if (points.length) marks.point_size = panel.pointSize;
    if (parts.lens.backdrop === "target") marks.target = target;
    return { ...parts, marks };
}

// Explicit weights as files have them, rounded to float32.
function layersOf(run, time) {
    const layers = run.layers(time), round = x => Number(Math.fround(x).toPrecision(9));
    return layers.map(({ units, inputs, numbers, activation }, k) => {
        const rows = Array.from({ length: units }, (_, i) =>
            [...numbers.subarray(i * (inputs + 1), (i + 1) * (inputs + 1))].map(round));
        return {
            weight: rows.map(row => row.slice(0, -1)),
            bias: rows.map(row => row.at(-1)),
            activation: k < layers.length - 1 ? activation : run.outputActivation,
        };
    });
}

// Whether all runs have the step, and the units that are named.
function fits(runs, state, units) {
    const step = wholeStep(state), [first] = runs;
    return runs.every(({ steps, widths }) => step <= steps.at(-1)
        && (units.isAll || units.isNone || widths.join() === first.widths.join()));
}

// Copies that command line. Where a picture is saved meanwhile it is said again after that.
export async function copyCommandOfRuns(page) {
    const command = commandOfRuns(page), { saving } = page;
    if (!command) {
        page.say("no options of netart say this");
        return;
    }
    const isCopied = await copyText(command);
    const said = `${isCopied ? "copied" : "not copied, since the browser refuses"}: ${command}`;
    page.say(said);
    const saved = await saving;
    if (saved) page.say(`${saved}   ${said}`);
}

// The command line that draws what the page shows, as large as there; null where there is none.
function commandOfRuns(page) {
    const { data, panels, runs, start, units } = page, { verb, words, texts, step } = data.command;
    const state = page.stillState, { backdrop, ...own } = textsOf(state, start);
    delete own.step;
    if (wholeStep(state) !== step) own.step = `${wholeStep(state)}`;
    if (runs.some(run => run.around(state.time).share)) own.blend_steps = "true";
    if (!fits(runs, state, units) || !nameLines(own, page, state)) return null;
    const width = panels[0].lineWidth(state);
    if (!units.isNone && width !== state.lineWidth) own.line_width = `${width}`;
    return commandOf({ words, texts: texts[state.backdrop] }, own, {}, panels[0].size, verb);
}

// Makes options of what the link says of lines. Returns whether there are such options.
function nameLines(own, { data, units }, state) {
    const { layers } = state;
    const { lineLayers = [], units: pairs = [] } = data.start; // those of SOURCE
    if (units.isNone) {
        for (const name of ["line_layers", "units", "bends"]) delete own[name];
        own.line_width = "0";
        return true;
    }
    if (own.line_layers === "") {
        if (lineLayers.length) return false; // which no option takes away
        delete own.line_layers;
    }
    if (own.units === "") {
        if (pairs.length) own.units = `${layers[0]}.1`; // which is shown anyway
        else delete own.units;
    }
    const named = [...layers, ...state.units.map(([layer]) => layer)];
    // All lines are there, or none that bends.
    if (units.isAll || named.every(layer => layer === 1)) delete own.bends;
    return true;
}
