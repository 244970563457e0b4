// From a state of fields to the values that the shader reads.
import { lightValues } from "./light.js";
import { weightsTexture } from "./picture.js";
import { inputRows, viewOf } from "./view.js";
import { changeNetwork, packNetwork, readNetwork } from "./weights.js";

const NETWORK_FIELDS = ["mix", "weight_scale", "bias_scale", "detail"];
const MIN_SPAN = 1.1754943508222875e-38; // limits closer than this are equal in float32

export class Drawing {
    #data;
    #network;
    #weights = { key: null, texture: null };

    // data: what shot_data in shot_page.py gives.
    constructor(data) {
        this.#data = data;
        this.#network = data.network && readNetwork(data.network);
        this.base = Object.fromEntries(data.controls.map(({ name, value }) => [name, value]));
    }

    // The network of a state, as weights.js has it.
    networkOf(state) {
        return changeNetwork(this.#network, state);
    }

    viewOf(state) {
        return viewOf(this.#data.view, this.base, state);
    }

    // The limits of contrast of each output.
    spansOf({ contrast }) {
        const { spans } = this.#data.controls.find(({ name }) => name === "contrast");
        if (contrast === "auto") return spans;
        return contrast.length === 1 ? spans.map(() => contrast[0]) : contrast;
    }

    // Values for Progressive. What does not differ from the page's own is left as it is there.
    valuesOf(state) {
        const { controls, light } = this.#data, values = {};
        const differs = name => JSON.stringify(state[name]) !== JSON.stringify(this.base[name]);
        if (this.#network) values.u_weights = this.#weightsOf(state);
        if (Object.keys(state).some(name => /^(center|radius|rotate|latent\..*)$/.test(name)
            && differs(name))) values.u_inputs = inputRows(this.viewOf(state));
        if ("contrast" in state && state.contrast !== "auto")
            Object.assign(values, contrastValues(this.spansOf(state)));
        if (differs("gamma")) values.u_power = 1 / state.gamma;
        for (const { name, uniform } of controls)
            if (uniform && differs(name)) values[uniform] = state[name];
        if (light && light.settings.some(name => differs(`light_${name}`)))
            Object.assign(values, lightValues(light, state));
        return values;
    }

    #weightsOf(state) {
        const key = JSON.stringify(NETWORK_FIELDS.map(name => state[name]));
        if (key !== this.#weights.key) {
            const texels = packNetwork(this.networkOf(state), this.#data.heads);
            this.#weights = { key, texture: weightsTexture(texels) };
        }
        return this.#weights.texture;
    }
}

function contrastValues(spans) {
    const gain = spans.map(([low, high]) => (high - low > MIN_SPAN ? 1 / (high - low) : 0));
    const three = numbers => [...numbers, 0, 0].slice(0, 3);
    return {
        u_low: three(spans.map(([low]) => low)),
        u_gain: three(gain),
        u_middle: three(gain.map(factor => (factor ? 0 : 0.5))),
    };
}
