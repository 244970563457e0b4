// A network in a pass a layer. The units of all samples of some pixels are kept in textures of
// float32, a column for each sample and a row for each four units.
import { GraphicsError, floatTexture, framebuffer } from "./gl.js";

const MAX_TEXELS = 1 << 18; // of a state: 4 MiB

export class LayerPasses {
    #gl;
    #plan;
    #most; // columns of a state
    #states = new Map(); // by their names

    // gl: with EXT_color_buffer_float. plan: `layers` of what picture_data in picture.py gives.
    // Throws a GraphicsError.
    constructor(gl, plan) {
        this.#gl = gl;
        this.#plan = plan;
        const side = gl.getParameter(gl.MAX_TEXTURE_SIZE); // 2048 at least
        if (plan.widest > side)
            throw new GraphicsError("memory", `this GPU has textures of ${side} texels a side`);
        this.#most = Math.max(2048, Math.min(side, Math.floor(MAX_TEXELS / plan.widest)));
    }

    // Draws a window into what is bound, its first pixel at `place`. set: sets the uniforms of each
    // pass, by its name. values: what all of them read, and in place of the plan's own `steps` and
    // `depth`.
    draw(set, values, { left, top, width, height }, place) {
        const gl = this.#gl, bound = gl.getParameter(gl.FRAMEBUFFER_BINDING);
        const samples = values.u_samples ** 2, columns = this.#plan.columns;
        const most = Math.max(1, Math.floor(this.#most / (columns * samples)));
        const across = Math.min(width, most), down = Math.floor(most / across);
        for (let y = 0; y < height; y += down)
            for (let x = 0; x < width; x += across) {
                const size = [Math.min(across, width - x), Math.min(down, height - y)];
                const own = {
                    ...values,
                    u_origin: [left + x, top + y],
                    u_place: [place[0] + x, place[1] + y],
                    u_columns: values.u_samples * size[0],
                    u_depth: values.depth ?? this.#plan.depth,
                };
                const read = this.#runLayers(set, own, samples * size[0] * size[1]);
                gl.bindFramebuffer(gl.FRAMEBUFFER, bound);
                set.last({ ...own, ...read });
                gl.viewport(...own.u_place, ...size);
                gl.drawArrays(gl.TRIANGLES, 0, 3);
            }
    }

    // What the last pass reads: the read-outs added up, and what a lens carried through the layers.
    // count: of samples.
    #runLayers(set, values, count) {
        const { steps, columns, differences, inputs } = this.#plan, all = columns * count;
        let here = "even", spare = "odd", heads = 0, carried = null;
        let below = this.#run(set.first, { ...values, u_pixels: count }, here, all, inputs);
        for (const { start, quadsBelow, quads, isHead, depth } of values.steps ?? steps) {
            const isFused = !isHead && !set.activate;
            const layer = {
                ...values, u_layer: start, u_quads_below: quadsBelow, u_quads: quads,
                u_activates: Number(isFused),
                // Columns that take biases and the activation itself.
                u_pixels: differences ? all : count,
            };
            if (isHead) {
                const adds = { u_adds: Number(heads > 0), u_added: this.#head(heads) };
                const own = { ...layer, ...adds, u_below: below };
                this.#run(set.dense, own, `head ${++heads % 2}`, all, quads);
                continue;
            }
            let made = this.#run(set.dense, { ...layer, u_below: below }, spare, all, quads);
            if (isFused) {
                [here, spare] = [spare, here];
            } else {
                if (set.after) {
                    const seen = { u_depth: depth + 1, u_pixels: count, u_carried: carried };
                    const own = { ...layer, ...seen, u_below: made };
                    carried = this.#run(set.after, own, `carried ${depth % 2}`, count, 1);
                }
                made = this.#run(set.activate, { ...layer, u_below: made }, here, all, quads);
            }
            below = made;
        }
        return { u_below: this.#head(heads), u_carried: carried, u_pixels: count };
    }

    // The sum of so many read-outs.
    #head(count) {
        return count ? this.#states.get(`head ${count % 2}`).texture : null;
    }

    // Makes the units of a state by a pass. Returns them.
    #run(set, values, name, columns, quads) {
        const gl = this.#gl, state = this.#state(name);
        gl.bindFramebuffer(gl.FRAMEBUFFER, state.framebuffer);
        set({ u_adds: 0, ...values });
        gl.viewport(0, 0, columns, quads);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
        return state.texture;
    }

    #state(name) {
        if (!this.#states.has(name)) {
            const gl = this.#gl, texture = floatTexture(gl, this.#most, this.#plan.widest, null);
            const made = { texture, framebuffer: framebuffer(gl, texture) };
            if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE)
                throw new GraphicsError("extension", "this GPU does not draw into float32");
            this.#states.set(name, made);
        }
        return this.#states.get(name);
    }
}
