// Draws a shot: windows of its picture of any size, whose pixels are those of the whole picture.
import { bytesOf, floatsOf } from "./data.js";
import { GraphicsError, areCompiled, beginProgram, byteTexture, compilesSlowly, endProgram,
    floatTexture, lost, replaceFloats, uniformSetter, whenCompiled } from "./gl.js";
import { LayerPasses } from "./layer_passes.js";

const TEXTURE_WIDTH = 2048; // texels in a row of the weights, as in glsl.py

// Weights, as `pack` gives them, in the texture that shaders read: `u_weights`.
export function weightsTexture(texels) {
    const count = texels.length / 4, width = Math.min(count, TEXTURE_WIDTH);
    const height = Math.ceil(count / width), numbers = new Float32Array(4 * width * height);
    numbers.set(texels);
    return { width, height, numbers };
}

// Values are by the names of uniforms and textures in shaders/: numbers, lists of them, or textures
// `{width, height, numbers}`, four numbers a texel, or `{width, height, bytes}`, in typed arrays or
// in base64. A texture is uploaded when it is another object than before.
export class Picture {
    #gl;
    #data;
    #layers = null; // programs of a pass a layer: they compile at once
    #whole = null; // one of all layers, which compiles for long and draws quicker
    #textures = new Map();

    // data: what picture_data in picture.py gives. Begins to compile. Throws a GraphicsError.
    constructor(gl, data) {
        this.#gl = gl;
        this.values = { ...data.uniforms, ...data.textures, u_placed: 0 };
        this.#data = data;
        if (gl.getExtension("EXT_color_buffer_float")) {
            this.#layers = new Programs(gl, data.layers.passes, data.parts);
            this.#layers.passes = new LayerPasses(gl, data.layers);
        } else if (data.fragment) {
            this.#whole = new Programs(gl, { whole: data.fragment }, data.parts);
        } else {
            throw new GraphicsError("extension", "this GPU does not draw into floats");
        }
        gl.bindVertexArray(gl.createVertexArray());
    }

    // Resolves when it can draw without waiting for the compiler. Throws a GraphicsError.
    async ready() {
        await (this.#layers ?? this.#whole).ready();
    }

    // Begins to compile what draws quicker, where there is such: from when that is done it draws.
    quicken() {
        const { fragment, isQuick, parts } = this.#data;
        if (isQuick && !compilesSlowly(this.#gl))
            this.#whole ??= new Programs(this.#gl, { whole: fragment }, parts);
    }

    // Whether it draws all layers by one shader now.
    get isWhole() {
        if (!this.#layers) return true;
        if (!this.#whole?.isReady()) return false;
        try {
            return Boolean(this.#whole.set);
        } catch (error) {
            if (error.reason !== "shader") throw error;
            this.#whole = null; // layer by layer it goes on
            this.#data = { ...this.#data, isQuick: false };
            return false;
        }
    }

    // Draws a window of the picture of that size into what is bound, its first pixel at `place`,
    // row 0 first. changed: values in place of the picture's own.
    draw(size, { left, top, width, height }, changed = {}, place = [0, 0]) {
        const gl = this.#gl, values = { ...this.values, ...changed };
        values.u_size = size.map(side => values.u_samples * side);
        values.u_origin = [left, top];
        values.u_place = place;
        for (const [name, value] of Object.entries(values))
            if (value.width) values[name] = this.#texture(name, value);
        if (!this.isWhole) {
            this.#layers.passes.draw(this.#layers.set, values, { left, top, width, height }, place);
            return;
        }
        this.#whole.set.whole(values);
        gl.viewport(...place, width, height);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
    }

    #texture(name, value) {
        const gl = this.#gl, kept = this.#textures.get(name);
        if (kept?.value === value) return kept.texture;
        const { width, height } = value;
        if (gl.isContextLost()) throw lost();
        if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE))
            throw new GraphicsError("memory", `${name}: a texture of ${width}×${height}`);
        if (kept && value.numbers && "" + [width, height] === "" + kept.size) {
            replaceFloats(gl, kept.texture, width, height, unpack(value.numbers, floatsOf));
            kept.value = value;
            return kept.texture;
        }
        gl.deleteTexture(kept?.texture ?? null);
        const texture = value.numbers
            ? floatTexture(gl, width, height, unpack(value.numbers, floatsOf))
            : bytesTexture(gl, width, height, unpack(value.bytes, bytesOf));
        this.#textures.set(name, { value, texture, size: [width, height] });
        return texture;
    }
}

function unpack(values, read) {
    return typeof values === "string" ? read(values) : values;
}

function bytesTexture(gl, width, height, bytes) {
    return byteTexture(gl, width, height, bytes, bytes.length / (width * height));
}

// Programs that compile together.
class Programs {
    #gl;
    #begun;
    #set = null;

    // shaders: fragment shaders by names, as the numbers of their parts.
    constructor(gl, shaders, parts) {
        const join = shader => shader.map(number => parts[number]).join("");
        this.#gl = gl;
        this.#begun = Object.entries(shaders).map(
            ([name, shader]) => [name, beginProgram(gl, join(shader))]);
    }

    isReady() {
        return Boolean(this.#set) || areCompiled(this.#gl, this.#begun.map(([, begun]) => begun));
    }

    async ready() {
        await whenCompiled(this.#gl, this.#begun.map(([, begun]) => begun));
        return this.set;
    }

    // The functions that set their uniforms, by their names. Throws a GraphicsError.
    get set() {
        const gl = this.#gl;
        this.#set ??= Object.fromEntries(this.#begun.map(
            ([name, begun]) => [name, uniformSetter(gl, endProgram(gl, begun))]));
        return this.#set;
    }
}
