// The command line that draws a state, as a user would type it.
import { differingTexts, spellValue } from "./fields.js";

// origin: as in origin.py; its texts are null where no options say the page's own shot. verb: what
// draws it. Returns null where there is no such command.
export function commandOf(origin, state, base, [width, height], verb = "render") {
    if (!origin.texts) return null;
    const { latent, ...own } = origin.texts;
    for (const pair of latent ? latent.split(",") : []) {
        const [name, value] = pair.split("=");
        own[`latent.${name.trim()}`] = value;
    }
    const changed = differingTexts(state, base);
    if ("seed" in changed) delete own.mix;
    if ("mix" in changed) delete own.seed;
    if ((changed.weight_scale ?? "auto") !== "auto") { // which detail does not multiply
        delete own.detail;
        delete changed.detail;
    }
    // Without SOURCE a radius that is not said is made for the weight scale.
    const isUnset = "weight_scale" in changed && !origin.words.length;
    const texts = { ...own, ...isUnset && { radius: spellValue(state.radius) }, ...changed };
    const words = ["netart", verb, ...origin.words, ...Object.entries(texts).flatMap(asOption)];
    return [...words, "--size", `${width}x${height}`].map(quoteWord).join(" ");
}

function asOption([name, text]) {
    if (name.startsWith("latent.")) return ["--latent", `${name.slice(7)}=${text}`];
    const option = name.replaceAll("_", "-");
    if (text === "true") return [`--${option}`];
    return text === "false" ? [`--no-${option}`] : [`--${option}`, text];
}

function quoteWord(word) {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
