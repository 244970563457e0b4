// Contrast as it is measured: percentiles of a network's numbers over a small picture of them. Twin
// of netart/lens/contrast.py.
import { byteTexture, floatTexture, framebuffer, openContext, whenDrawn } from "./gl.js";
import { Picture } from "./picture.js";

const PREVIEW = [48, 48]; // pixels, as in pixels.py
const ROWS = 8; // that are drawn at once
export const MIN_SPAN = 2 ** -126; // limits closer than this are equal in float32

export class Measurer {
    #data;
    #gl = null; // its own
    #picture = null;
    #target; // the framebuffer of the rows
    #isClosed = false;

    // data: what picture_data in picture.py gives; its `measure` is not null.
    constructor(data) {
        this.#data = data;
    }

    // The limits (lo, hi) of each number, with values in place of the picture's own: see Picture.
    // The first time it compiles, and again after its GPU was lost. Throws a GraphicsError.
    async limits(values = {}) {
        const { measure } = this.#data, numbers = await this.#numbersAgain(values);
        const limit = (each, share) => (share === null ? 0 : percentile(each, share));
        return numbers.map(each => measure.percentiles.map(share => limit(each, share)));
    }

    // Gives its part of the GPU back.
    close() {
        this.#isClosed = true;
        this.#gl?.getExtension("WEBGL_lose_context")?.loseContext();
    }

    // The numbers, from another context where its own was lost.
    async #numbersAgain(values) {
        try {
            return await this.#numbers(values);
        } catch (error) {
            if (error.reason !== "lost" || this.#isClosed) throw error;
            this.#gl = this.#picture = null;
            return this.#numbers(values);
        }
    }

    // Each channel's numbers, sorted, NaN as 0.
    async #numbers(values) {
        this.#gl ??= openContext(document.createElement("canvas"));
        const gl = this.#gl, { measure } = this.#data, [width, height] = PREVIEW;
        const isFloat = Boolean(gl.getExtension("EXT_color_buffer_float"));
        const picture = await this.#ready(isFloat), count = measure.channels;
        const found = Array.from({ length: count }, () => new Float32Array(width * height));
        const rows = new (isFloat ? Float32Array : Uint8Array)(4 * width * ROWS);
        const passes = isFloat ? [-1] : found.map((_, channel) => channel);
        for (let top = 0; top < height; top += ROWS)
            for (const channel of passes) {
                const part = { left: 0, top, width, height: ROWS };
                gl.bindFramebuffer(gl.FRAMEBUFFER, this.#target);
                picture.draw(PREVIEW, part, { ...values, u_samples: 1, u_channel: channel });
                await whenDrawn(gl);
                gl.bindFramebuffer(gl.FRAMEBUFFER, this.#target);
                const type = isFloat ? gl.FLOAT : gl.UNSIGNED_BYTE;
                gl.readPixels(0, 0, width, ROWS, gl.RGBA, type, rows);
                if (!isFloat) {
                    found[channel].set(new Float32Array(rows.buffer), top * width);
                    continue;
                }
                for (let k = 0; k < width * ROWS; ++k)
                    for (let c = 0; c < count; ++c) found[c][top * width + k] = rows[4 * k + c];
            }
        return found.map(each => each.map(number => (Number.isNaN(number) ? 0 : number)).sort());
    }

    async #ready(isFloat) {
        if (!this.#picture) {
            const gl = this.#gl, { uniforms, textures, parts, measure } = this.#data;
            const own = { ...measure, parts, textures: { u_weights: textures.u_weights } };
            own.uniforms = { ...uniforms, ...measure.uniforms };
            this.#picture = new Picture(gl, own);
            const made = (isFloat ? floatTexture : byteTexture)(gl, PREVIEW[0], ROWS, null);
            this.#target = framebuffer(gl, made);
        }
        await this.#picture.ready();
        return this.#picture;
    }
}

// numpy's linear percentile of sorted numbers, 0 to 100.
export function percentile(sorted, share) {
    const place = (share / 100) * (sorted.length - 1), below = Math.floor(place);
    const low = sorted[below], high = sorted[Math.min(below + 1, sorted.length - 1)];
    return low + (high - low) * (place - below);
}

// The uniforms of limits, as the lens colour makes them: one pair for all or one each, of which
// `channels` are read.
export function contrastUniforms(limits, channels = limits.length) {
    const pairs = limits.length === 1 ? Array(channels).fill(limits[0]) : limits;
    const gain = pairs.map(([low, high]) => (high - low > MIN_SPAN ? 1 / (high - low) : 0));
    const vec3 = numbers => [...numbers, 0, 0].slice(0, 3);
    return {
        u_low: vec3(pairs.map(([low]) => low)),
        u_gain: vec3(gain),
        u_middle: vec3(gain.map(each => (each === 0 ? 0.5 : 0))),
    };
}

// The same as the lens regions makes them, of the margin.
export function marginUniforms([[low, high]]) {
    return { u_low: low, u_gain: 1 / Math.max(high - low, MIN_SPAN) };
}
