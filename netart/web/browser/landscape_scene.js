// Draws a landscape: floor, surface, walls and a level plane, into samples of linear light, which
// become pixels.
import { bytesOf } from "./data.js";
import { compile, uniformSetter } from "./gl.js";
import { placeCamera, towardsSun } from "./landscape_camera.js";

const MULTISAMPLES = 4; // coverage samples of a sample

// A texture of numbers in one of WebGL 2's own forms.
function makeTexture(gl, format, width, height, numbers, filter = gl.NEAREST) {
    const [internal, layout, type] = {
        heights: [gl.RGBA32F, gl.RGBA, gl.FLOAT],
        shares: [gl.R16F, gl.RED, gl.FLOAT],
        colours: [gl.SRGB8_ALPHA8, gl.RGBA, gl.UNSIGNED_BYTE],
    }[format];
    const made = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, layout, type, numbers);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
        gl.texParameteri(gl.TEXTURE_2D, name, filter);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
        gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
    return made;
}

export class Scene {
    // data: what landscape_data in landscape_page.py gives.
    constructor(gl, data) {
        this.gl = gl;
        this.data = data;
        this.programs = Object.fromEntries(Object.entries(data.programs).map(([name, texts]) => {
            const [fragment, vertex] = texts.map(text => data.head + text).reverse();
            return [name, uniformSetter(gl, compile(gl, fragment, vertex))];
        }));
        const bytes = bytesOf(data.table), count = bytes.length / 4;
        this.uniforms = {
            u_table: makeTexture(gl, "colours", count, 1, bytes),
            u_border: data.border, u_level: data.zero, u_lines: data.lines,
        };
        this.vertices = gl.createVertexArray();
        this.indices = gl.createBuffer();
        this.targets = null;
    }

    // The surface: a grid's values and triangles, and its colours where a picture is draped.
    setMesh({ count, values, triangles, colours }) {
        const { gl } = this;
        this.replace("u_heights", makeTexture(gl, "heights", count, count, values));
        if (colours)
            this.replace("u_colours",
                         makeTexture(gl, "colours", count, count, colours, gl.LINEAR));
        gl.bindVertexArray(this.vertices);
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.indices);
        gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles, gl.STATIC_DRAW);
        gl.bindVertexArray(null);
        this.uniforms.u_count = count;
        this.corners = triangles.length;
    }

    // Light on the ground, (count, count): shares of sun and sky, and heights; and on the floor.
    setLight({ count, sun, sky, heights }) {
        const { gl } = this, ground = new Float32Array(4 * count * count);
        for (let k = 0; k < count * count; ++k) {
            ground[4 * k] = sun.ground[k];
            ground[4 * k + 1] = sky.ground[k];
            ground[4 * k + 2] = heights[k];
        }
        this.replace("u_ground", makeTexture(gl, "heights", count, count, ground));
        for (const [name, { floor }] of [["u_floor_sun", sun], ["u_floor_sky", sky]]) {
            const side = Math.sqrt(floor.length);
            this.replace(name, makeTexture(gl, "shares", side, side, floor, gl.LINEAR));
        }
    }

    replace(name, made) {
        this.gl.deleteTexture(this.uniforms[name] ?? null);
        this.uniforms[name] = made;
    }

    // The picture of that size, (width, height). state: how it is seen. samples: across a pixel; 1/2
    // for one over two pixels. wide: pixels that lines are wide. into: a framebuffer, null for the
    // canvas.
    draw(size, state, samples, wide, into = null) {
        const { gl, data } = this, [width, height] = size.map(side => Math.ceil(samples * side));
        const body = bodyOf(state, data);
        const camera = placeCamera(
            [width, height], state.azimuth, state.elevation, body.floor, body.height, state.zoom,
            data.frame);
        const values = {
            ...this.uniforms, u_contours: state.contours,
            u_size: [width, height], u_page_pixel: samples * wide, u_height: body.height,
            u_bottom: body.floor, u_right: camera.right, u_away: camera.away, u_sine: camera.sine,
            u_cosine: camera.cosine, u_pixel: camera.pixel, u_middle: camera.middle,
            u_half_width: camera.halfWidth, u_depth: 4 + body.height - body.floor,
            u_towards: towardsSun(state.sun_azimuth, state.sun_elevation),
        };
        this.bindTargets(width, height);
        gl.viewport(0, 0, width, height);
        gl.clear(gl.DEPTH_BUFFER_BIT);
        gl.enable(gl.DEPTH_TEST);
        gl.bindVertexArray(this.vertices);
        this.programs.surface(values);
        gl.drawElements(gl.TRIANGLES, this.corners, gl.UNSIGNED_INT, 0);
        if (data.solid) this.drawWalls(values, camera);
        gl.depthRange(1, 1); // the floor is behind all else
        gl.depthFunc(gl.LEQUAL);
        this.programs.floor(values);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
        gl.depthFunc(gl.LESS);
        gl.depthRange(0, 1);
        if (data.zero !== null) {
            gl.enable(gl.BLEND);
            gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
            this.programs.plane(values);
            gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
            gl.disable(gl.BLEND);
        }
        gl.disable(gl.DEPTH_TEST);
        this.finish(size, samples, into);
    }

    // The walls that the camera sees.
    drawWalls(values, { right, away }) {
        const { gl } = this, last = values.u_count - 1, [x, y] = values.u_towards;
        const sun = [0, 1].map(k => x * right[k] + y * away[k]);
        for (const [outward, start, step] of [
            [[1, 0], [last, 0], [0, 1]], [[-1, 0], [0, 0], [0, 1]],
            [[0, 1], [0, 0], [1, 0]], [[0, -1], [0, last], [1, 0]],
        ]) {
            const dot = ([p, q]) => p * outward[0] + q * outward[1];
            if (dot(away) >= 0) continue;
            this.programs.wall({
                ...values, u_start: start, u_step: step, u_facing: Math.max(0, dot(sun)),
            });
            gl.drawArrays(gl.TRIANGLE_STRIP, 0, 2 * values.u_count);
        }
    }

    bindTargets(width, height) {
        const { gl } = this;
        if (this.targets?.width !== width || this.targets.height !== height) {
            const old = this.targets;
            if (old) {
                old.framebuffers.forEach(each => gl.deleteFramebuffer(each));
                old.renderbuffers.forEach(each => gl.deleteRenderbuffer(each));
                gl.deleteTexture(old.drawn);
            }
            const renderbuffers = [gl.SRGB8_ALPHA8, gl.DEPTH_COMPONENT24].map(form => {
                const made = gl.createRenderbuffer();
                gl.bindRenderbuffer(gl.RENDERBUFFER, made);
                gl.renderbufferStorageMultisample(
                    gl.RENDERBUFFER, MULTISAMPLES, form, width, height);
                return made;
            });
            const drawn = makeTexture(gl, "colours", width, height, null, gl.LINEAR);
            const framebuffers = [gl.createFramebuffer(), gl.createFramebuffer()];
            gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffers[1]);
            gl.framebufferTexture2D(
                gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, drawn, 0);
            gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffers[0]);
            [gl.COLOR_ATTACHMENT0, gl.DEPTH_ATTACHMENT].forEach((at, k) =>
                gl.framebufferRenderbuffer(gl.FRAMEBUFFER, at, gl.RENDERBUFFER, renderbuffers[k]));
            this.targets = { width, height, drawn, framebuffers, renderbuffers };
        }
        gl.bindFramebuffer(gl.FRAMEBUFFER, this.targets.framebuffers[0]);
    }

    // Averages samples into pixels.
    finish([width, height], samples, into) {
        const { gl, targets } = this, ends = [0, 0, targets.width, targets.height];
        gl.bindFramebuffer(gl.READ_FRAMEBUFFER, targets.framebuffers[0]);
        gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, targets.framebuffers[1]);
        gl.blitFramebuffer(...ends, ...ends, gl.COLOR_BUFFER_BIT, gl.NEAREST);
        gl.bindFramebuffer(gl.FRAMEBUFFER, into);
        gl.viewport(0, 0, width, height);
        this.programs.screen({ u_drawn: targets.drawn, u_samples: samples });
        gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
}

// The lengths of a landscape: how high it rises, and how low its floor lies.
export function bodyOf({ rise }, { frame, solid }) {
    return { height: 2 * rise, floor: -(frame.bottomGap + frame.bottomShare * rise), solid };
}
