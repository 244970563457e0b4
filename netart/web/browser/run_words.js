// What a page of runs says of them in words.

// In three digits; a share of 100.0% is all.
const spellLoss = loss => (loss === null ? "∞" : String(Number(loss.toPrecision(3))));
const spellShare = share =>
    share === 1 ? "100%" : `${(100 * Math.min(share, 0.9994)).toFixed(1)}%`;
export const spellStep = step => Math.round(step).toLocaleString("en");

// The loss of a run, and its accuracy where it has one.
export function numbersAt(run, time) {
    const accuracy = run.accuracy && run.value(run.accuracy, time);
    const share = accuracy === null ? "" : ` · ${spellShare(accuracy)} right`;
    return `loss ${spellLoss(run.value(run.loss, time))}${share}`;
}

// How many checkpoints the page has, and how exactly.
export function keptText(runs) {
    const counts = runs.map(({ steps }) => steps.length);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const kept = runs.length === 1 && runs[0].kept > most ? ` of ${runs[0].kept}` : "";
    const bits = [...new Set(runs.map(run => run.bits))].join(" and ");
    const noun = most === 1 ? "checkpoint" : "checkpoints";
    return `${least < most ? `${least} to ` : ""}${most}${kept} ${noun}, in ${bits} bits.`;
}
