// The player of a film: a bar with a button and a slider, and the clock behind them.

const PLAY = "M7 4.5v15l12.5-7.5z", PAUSE = "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z";

// The button's sign, in a square of 24.
function drawSign(path) {
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sign.setAttribute("viewBox", "0 0 24 24");
    sign.setAttribute("aria-hidden", "true");
    sign.append(document.createElementNS(sign.namespaceURI, "path"));
    sign.firstChild.setAttribute("d", path);
    return sign;
}

export class Player {
    // timeline: a Timeline. show: is called with the fields of an instant, and with whether others
    // follow it at once.
    constructor(timeline, show) {
        this.timeline = timeline;
        this.show = show;
        this.seconds = 0; // since the film's start
        this.before = null; // when the last frame was drawn, in milliseconds; null: it stands
        this.frame = 0; // what is asked of the browser
        this.button = document.createElement("button");
        this.button.type = "button";
        this.button.onclick = () => this.toggle();
        this.slider = document.createElement("input");
        this.slider.type = "range";
        this.slider.max = timeline.frames - 1;
        this.slider.ariaLabel = "Frame";
        this.slider.oninput = () => this.scrub(true);
        this.slider.onchange = () => this.scrub(false);
        this.time = document.createElement("output");
        this.element = document.createElement("div");
        this.element.className = "player";
        this.element.role = "group";
        this.element.ariaLabel = "Film";
        this.element.append(this.button, this.slider, this.time);
        document.addEventListener("visibilitychange", () => this.before &&= performance.now());
        this.write();
    }

    get plays() {
        return this.before !== null;
    }

    // The fields at this instant.
    get fields() {
        return this.timeline.at(this.timeline.timeAt(this.seconds));
    }

    // Plays, unless the reader has asked for less motion.
    begin() {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.show(this.fields, false);
        else this.play();
    }

    play() {
        if (this.plays) return;
        if (!this.timeline.loops && this.seconds >= this.lastSecond) this.seconds = 0;
        this.before = performance.now();
        this.frame = requestAnimationFrame(now => this.advance(now));
        this.write();
    }

    pause() {
        if (!this.plays) return;
        this.stop();
        this.show(this.fields, false);
    }

    // Pauses, and leaves what is shown to others.
    stop() {
        cancelAnimationFrame(this.frame);
        this.before = null;
        this.write();
    }

    toggle() {
        if (this.plays) this.pause();
        else this.play();
    }

    // Shows another instant, and goes on from there where it plays. moving: whether others follow.
    seek(seconds, moving = false) {
        this.seconds = Math.max(0, Math.min(seconds, this.lastSecond));
        this.show(this.fields, moving || this.plays);
        this.write();
    }

    // When the last frame begins.
    get lastSecond() {
        return (this.timeline.frames - 1) / this.timeline.rate;
    }

    scrub(moving) {
        if (this.plays) this.stop();
        this.seek(this.slider.valueAsNumber / this.timeline.rate, moving);
    }

    // Shows what is due: films go by the clock, however long their frames take to draw.
    advance(now) {
        this.seconds += Math.max(0, now - this.before) / 1000;
        this.before = now;
        if (this.timeline.loops) this.seconds %= this.timeline.duration;
        else if (this.seconds >= this.lastSecond) {
            this.seconds = this.lastSecond;
            this.pause();
            return;
        }
        this.frame = requestAnimationFrame(later => this.advance(later));
        this.show(this.fields, true);
        this.write();
    }

    // Writes the time into the bar.
    write() {
        const { frames, rate, duration } = this.timeline;
        const frame = Math.min(frames, Math.floor(this.seconds * rate + 1e-6) + 1);
        const sign = this.plays ? PAUSE : PLAY;
        if (sign !== this.sign) {
            this.sign = sign;
            this.button.ariaLabel = this.plays ? "Pause" : "Play";
            this.button.replaceChildren(drawSign(sign));
        }
        this.slider.value = frame - 1;
        const [now, all] = [this.seconds, duration].map(time => time.toFixed(1));
        this.time.value = `${now} / ${all} s`;
        this.slider.ariaValueText = `${now} of ${all} seconds, frame ${frame} of ${frames}`;
    }
}
