// The points of a landscape: the network evaluated at the vertices of a grid, and the triangles
// between them.
import { floatsOf } from "./data.js";
import { GraphicsError, floatTexture, uniformSetter } from "./gl.js";

const NOTHING = `#version 300 es
void main() {}`; // there are no fragments

const LOWEST_HEIGHT = -0.1, HIGHEST_HEIGHT = 1.1; // heights beyond are cut off
const STEEPEST_SLOPE = 1e5; // slopes beyond are cut

// The program of a vertex shader whose `o_value` goes to a buffer. Throws a
// GraphicsError with the compiler's log.
function linkCapture(gl, vertex) {
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, NOTHING]]) {
        const shader = gl.createShader(kind);
        gl.shaderSource(shader, source);
        gl.compileShader(shader);
        gl.attachShader(program, shader);
        gl.deleteShader(shader); // with the program
    }
    gl.transformFeedbackVaryings(program, ["o_value"], gl.SEPARATE_ATTRIBS);
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS))
        throw new GraphicsError(
            "shader", gl.getAttachedShaders(program).map(each => gl.getShaderInfoLog(each))
                .concat(gl.getProgramInfoLog(program)).filter(Boolean).join("\n"));
    return program;
}

// Evaluates a network at points of the ground, in the vertex shader.
export class Evaluator {
    // data: what `points_data` in landscape_page.py gives.
    constructor(gl, data) {
        this.gl = gl;
        this.set = uniformSetter(gl, linkCapture(gl, data.vertex));
        this.uniforms = { ...data.uniforms, u_placed: 0, u_samples: 1, u_sample: [0, 0] };
        for (const [name, { width, height, numbers }] of Object.entries(data.textures))
            this.uniforms[name] = floatTexture(gl, width, height, floatsOf(numbers));
        this.own = this.uniforms;
        this.weights = null;
        this.feedback = gl.createTransformFeedback();
        this.buffer = gl.createBuffer();
    }

    // Takes numbers in place of its own, and weights: { width, height, numbers }.
    change({ u_weights: weights, ...numbers }) {
        const { gl } = this, texture = this.uniforms.u_weights;
        this.uniforms = { ...this.own, ...numbers, u_weights: texture };
        if (!weights || weights === this.weights) return;
        if (texture) gl.deleteTexture(texture);
        this.uniforms.u_weights = floatTexture(gl, weights.width, weights.height, weights.numbers);
        this.weights = weights;
    }

    // Rows of a grid over ±1, row 0 at v = 1: four numbers a point, into `out` from that row on.
    // ends: whether points stand on the rims, else in the middles of equal steps.
    evaluate(count, ends, first, rows, out) {
        const { gl } = this, length = 4 * count * rows;
        const stretch = ends ? count / (count - 1) : 1;
        const inputs = this.uniforms.u_inputs.map((x, k) => (k % 3 ? stretch * x : x));
        this.set({
            ...this.uniforms, u_inputs: inputs, u_size: [count, count], u_origin: [0, first],
        });
        gl.bindVertexArray(null);
        gl.bindTransformFeedback(gl.TRANSFORM_FEEDBACK, this.feedback);
        gl.bindBufferBase(gl.TRANSFORM_FEEDBACK_BUFFER, 0, this.buffer);
        gl.bufferData(gl.TRANSFORM_FEEDBACK_BUFFER, 4 * length, gl.STREAM_READ);
        gl.enable(gl.RASTERIZER_DISCARD);
        gl.beginTransformFeedback(gl.POINTS);
        gl.drawArrays(gl.POINTS, 0, count * rows);
        gl.endTransformFeedback();
        gl.disable(gl.RASTERIZER_DISCARD);
        const values = out.subarray(4 * count * first, 4 * count * first + length);
        gl.getBufferSubData(gl.TRANSFORM_FEEDBACK_BUFFER, 0, values);
        gl.bindBufferBase(gl.TRANSFORM_FEEDBACK_BUFFER, 0, null);
        gl.bindTransformFeedback(gl.TRANSFORM_FEEDBACK, null);
        return values;
    }

    // The least and the largest value, at the middles of so many steps across.
    measure(count) {
        const out = new Float32Array(4 * count * count), own = this.uniforms;
        this.uniforms = { ...own, u_low: 0, u_gain: 1, u_middle: 0 };
        this.evaluate(count, false, 0, count, out);
        this.uniforms = own;
        let low = Infinity, high = -Infinity;
        for (let k = 0; k < out.length; k += 4) {
            const value = Number.isNaN(out[k]) ? 0 : out[k];
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return [low, high];
    }

    // The same of heights and their slopes, as numbers that can be computed with.
    evaluateHeights(count, ends, first, rows, out) {
        const values = this.evaluate(count, ends, first, rows, out);
        const stretch = ends ? (count - 1) / count : 1;
        for (let k = 0; k < values.length; k += 4) {
            const t = Number.isNaN(values[k]) ? 0 : values[k], cut = t < LOWEST_HEIGHT || t > HIGHEST_HEIGHT;
            values[k] = Math.min(Math.max(t, LOWEST_HEIGHT), HIGHEST_HEIGHT);
            for (const n of [k + 1, k + 2]) {
                const slope = cut || Number.isNaN(values[n]) ? 0 : values[n] * stretch;
                values[n] = Math.min(Math.max(slope, -STEEPEST_SLOPE), STEEPEST_SLOPE);
            }
        }
    }
}

// The triangles of a grid, three points each: each cell is cut along the diagonal whose ends differ
// less, so that ridges and the rims of cliffs stay lines.
export function cutTriangles(values, count) {
    const found = new Uint32Array(6 * (count - 1) ** 2);
    for (let j = 0, n = 0; j < count - 1; ++j)
        for (let i = 0; i < count - 1; ++i) {
            const a = j * count + i, b = a + 1, c = a + count, d = c + 1;
            const falls = Math.abs(values[4 * a] - values[4 * d]);
            const rises = Math.abs(values[4 * b] - values[4 * c]);
            const corners = falls < rises ? [a, c, d, a, d, b] : [a, c, b, b, c, d];
            for (const corner of corners) found[n++] = corner;
        }
    return found;
}
