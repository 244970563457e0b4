// The states that a page went through, for undo and redo.

const MAX_STEPS = 500;

export class UndoList {
    #steps;
    #at = 0;
    #gesture = ""; // of the last step, while it lasts

    constructor(state) {
        this.#steps = [state];
    }

    get state() {
        return this.#steps[this.#at];
    }

    // Takes a step. Steps of one gesture, which has a name, are one.
    commit(state, gesture = "") {
        const isOne = gesture && gesture === this.#gesture;
        this.#at = isOne ? this.#at : this.#at + 1;
        this.#steps.splice(this.#at, Infinity, state);
        if (this.#steps.length > MAX_STEPS) this.#steps.shift();
        this.#at = this.#steps.length - 1;
        this.#gesture = gesture;
    }

    endGesture() {
        this.#gesture = "";
    }

    // Goes so many steps on, or back. Returns whether there was one.
    travel(count) {
        const to = this.#at + count;
        this.endGesture();
        if (!(to in this.#steps)) return false;
        this.#at = to;
        return true;
    }
}
