// The sweep through a training: at an even pace in log time, so that every checkpoint shows.

const CHECKPOINT_MS = 100, SHORTEST_MS = 9000; // of a sweep: for each checkpoint, and in all
const HOLD_MS = 1600; // at its end
const STILL_MS = 400; // at each checkpoint, where motion is to be reduced

export class Sweep {
    // times: of the checkpoints. onTime: is called with each time that is shown; isCalm(): whether
    // nothing is to move between checkpoints.
    constructor(times, onTime, isCalm) {
        Object.assign(this, { times, onTime, isCalm });
        this.isPlaying = false;
    }

    // Begins at a time; from its start again where that is the end.
    play(time) {
        this.isPlaying = true;
        const run = (this.run ?? 0) + 1, end = this.times.at(-1);
        const lengthMs = Math.max(SHORTEST_MS, CHECKPOINT_MS * this.times.length);
        let at = time >= end ? this.times[0] : time, before = null, restMs = 0;
        this.run = run;
        this.onTime(at);
        const step = now => {
            if (!this.isPlaying || this.run !== run) return;
            const passedMs = Math.min(now - (before ?? now), 250);
            before = now;
            restMs -= passedMs;
            if (restMs <= 0) {
                const next = this.times.find(checkpoint => checkpoint > at + 1e-12);
                if (next === undefined) [at] = this.times;
                else if (this.isCalm()) at = next;
                else at = Math.min(at + passedMs / lengthMs * (end - this.times[0]), next);
                restMs = at >= end ? HOLD_MS : this.isCalm() ? STILL_MS : 0;
                this.onTime(at);
            }
            requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
    }

    stop() {
        this.isPlaying = false;
    }
}
