// From a state of fields to the values that the shader reads.
import { contrastUniforms, marginUniforms, Measurer } from "./contrast.js";
import { lightValues } from "./light.js";
import { weightsTexture } from "./picture.js";
import { layerValues, readOutPair } from "./read_outs.js";
import { inputRows, viewOf } from "./view.js";
import { changeNetwork, packNetwork, readNetwork } from "./weights.js";

export const NETWORK_FIELDS = ["mix", "weight_scale", "bias_scale", "detail", "layer"];
// Fields that decide what contrast is measured to be.
const MEASURED = /^(mix|weight_scale|bias_scale|detail|layer|center|radius|rotate|level|latent\..*)$/;
const MAX_MEASURED = 1000; // that are remembered

export class Drawing {
    #data;
    #network;
    #own; // the control of contrast
    #measured = new Map(); // fields that decide it → limits of contrast
    #measurer;
    #turn = Promise.resolve(); // the end of the last measurement, of which there is one at a time
    #weights = { key: null, texture: null };

    // data: what shot_data in shot_page.py gives.
    constructor(data) {
        this.#data = data;
        this.#measurer = new Measurer(data.picture);
        this.#network = data.network && readNetwork(data.network);
        this.base = Object.fromEntries(data.controls.map(({ name, value }) => [name, value]));
        this.#own = data.controls.find(({ name }) => name === "contrast");
        if (this.base.contrast === "auto")
            this.#measured.set(this.#keyOf(this.base), this.#own.spans);
    }

    // The network of a state, as weights.js has it.
    networkOf(state) {
        return changeNetwork(this.#network, state);
    }

    viewOf(state) {
        return viewOf(this.#data.view, this.base, state);
    }

    // The limits of contrast, of each number that is stretched; null where they have to be measured.
    spansOf(state) {
        const { contrast } = state;
        if (contrast !== "auto")
            return contrast.length === 1 ? this.#own.spans.map(() => contrast[0]) : contrast;
        return this.#measured.get(this.#keyOf(state)) ?? null;
    }

    // Measures what `spansOf` has not got yet. Throws a GraphicsError.
    measure(state) {
        const done = this.#turn.then(() => this.#measureNow(state));
        this.#turn = done.catch(() => {});
        return done;
    }

    // Gives back what it has of the GPU.
    close() {
        this.#measurer.close();
    }

    async #measureNow(state) {
        if (!this.#own || this.spansOf(state)) return;
        const limits = await this.#measurer.limits(this.valuesOf(state));
        if (this.#measured.size > MAX_MEASURED) this.#measured.clear();
        this.#measured.set(this.#keyOf(state), limits);
    }

    #keyOf(state) {
        return JSON.stringify(Object.entries(state).filter(([name]) => MEASURED.test(name)));
    }

    // Values for Progressive. What does not differ from the page's own is left as it is there.
    valuesOf(state) {
        const { controls, light } = this.#data, values = {};
        const differs = name => JSON.stringify(state[name]) !== JSON.stringify(this.base[name]);
        if (this.#network) values.u_weights = this.#weightsOf(state);
        if (Object.keys(state).some(name => /^(center|radius|rotate|latent\..*)$/.test(name)
            && differs(name))) values.u_inputs = inputRows(this.viewOf(state));
        const spans = this.#own && this.spansOf(state);
        if (spans && spans !== this.#own.spans)
            Object.assign(values, "u_used" in this.#data.picture.uniforms
                ? contrastUniforms(spans) : marginUniforms(spans));
        if (differs("layer")) {
            const { u_counts: counts } = this.#data.picture.uniforms;
            const heads = this.#headsOf(state);
            Object.assign(values, layerValues(counts, this.#network, heads, state.layer));
        }
        if (differs("gamma")) values.u_power = 1 / state.gamma;
        for (const { name, uniform } of controls)
            if (uniform && differs(name)) values[uniform] = state[name];
        if (light && light.settings.some(name => differs(`light_${name}`)))
            Object.assign(values, lightValues(light, state));
        return values;
    }

    #headsOf({ layer }) {
        const { heads } = this.#data;
        return layer === undefined ? heads : readOutPair(layer, heads[0].outputs);
    }

    #weightsOf(state) {
        const key = JSON.stringify(NETWORK_FIELDS.map(name => state[name]));
        if (key !== this.#weights.key) {
            const texels = packNetwork(this.networkOf(state), this.#headsOf(state));
            this.#weights = { key, texture: weightsTexture(texels) };
        }
        return this.#weights.texture;
    }
}
