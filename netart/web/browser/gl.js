// WebGL 2: programs, textures and uniforms.

const WHOLE = `#version 300 es
void main() {
    vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}`; // one triangle that covers the whole target

const POLL_MS = 4; // between two looks at what the GPU does
const PATIENCE_MS = 5000; // for a GPU that was lost to come back

// Why a picture cannot be drawn here. reason: "webgl2" where there is none, "extension" where a
// part of it is missing, "shader" where one does not compile, "memory", or "lost".
export class GraphicsError extends Error {
    constructor(reason, message) {
        super(message);
        this.name = "GraphicsError";
        this.reason = reason;
    }
}

// The canvas' WebGL 2. Throws a GraphicsError.
export function openContext(canvas, options = {}) {
    const plain = { antialias: false, alpha: false, depth: false, stencil: false };
    const gl = canvas.getContext("webgl2", { ...plain, ...options });
    if (!gl) throw new GraphicsError("webgl2", "this browser has no WebGL 2");
    return gl;
}

// Follows the loss of a canvas' GPU. lose: called when it is lost; restore: when it came back, with
// all that it had gone; giveUp: with a GraphicsError, when it does not come back.
export function listenForLoss(canvas, { lose, restore, giveUp }) {
    let patience;
    canvas.addEventListener("webglcontextlost", event => {
        event.preventDefault();
        lose();
        patience = setTimeout(() => giveUp(lost()), PATIENCE_MS);
    });
    canvas.addEventListener("webglcontextrestored", () => {
        clearTimeout(patience);
        restore();
    });
}

export function lost() {
    return new GraphicsError("lost", "the GPU was lost");
}

// Begins to compile a fragment shader that covers its target.
export function beginProgram(gl, fragment, vertex = WHOLE) {
    const program = gl.createProgram();
    const shaders = [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]].map(
        ([kind, source]) => {
            const shader = gl.createShader(kind);
            gl.shaderSource(shader, source);
            gl.compileShader(shader);
            gl.attachShader(program, shader);
            return shader;
        });
    gl.linkProgram(program);
    return { program, shaders };
}

// The program that was begun; waits for it. Throws a GraphicsError with the compiler's log.
export function endProgram(gl, { program, shaders }) {
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
        if (gl.isContextLost()) throw lost();
        const logs = [gl.getProgramInfoLog(program), ...shaders.map(s => gl.getShaderInfoLog(s))];
        throw new GraphicsError("shader", logs.filter(Boolean).join("\n"));
    }
    shaders.forEach(shader => gl.deleteShader(shader));
    return program;
}

// Whether programs that were begun can be ended without waiting, as far as the driver says.
export function areCompiled(gl, begun) {
    const parallel = gl.getExtension("KHR_parallel_shader_compile");
    return !parallel || gl.isContextLost() || begun.every(
        ({ program }) => gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR));
}

export async function whenCompiled(gl, begun) {
    do await pause(POLL_MS); while (!areCompiled(gl, begun));
}

// Whether the driver takes many seconds for long shaders: Mesa, where it draws on the processor.
export function compilesSlowly(gl) {
    return /llvmpipe|softpipe/i.test(rendererOf(gl));
}

// Whether a processor imitates a GPU.
export function isSoftware(gl) {
    return /swiftshader|llvmpipe|softpipe|swrast|software|basic render/i.test(rendererOf(gl));
}

// The name of what draws, in the driver's words.
function rendererOf(gl) {
    const info = gl.getExtension("WEBGL_debug_renderer_info");
    return gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
}

export function compile(gl, fragment, vertex = WHOLE) {
    return endProgram(gl, beginProgram(gl, fragment, vertex));
}

export function pause(milliseconds) {
    return new Promise(resolve => setTimeout(resolve, milliseconds));
}

// Resolves when the GPU has done all that was asked of it. Throws a GraphicsError where it is lost.
export async function whenDrawn(gl) {
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    for (;;) {
        await pause(POLL_MS);
        if (gl.isContextLost()) throw lost();
        if (gl.clientWaitSync(sync, 0, 0) !== gl.TIMEOUT_EXPIRED) break;
    }
    gl.deleteSync(sync);
}

// A texture of float32, four numbers a texel.
export function floatTexture(gl, width, height, numbers) {
    return texture(gl, [gl.RGBA32F, gl.RGBA, gl.FLOAT], width, height, numbers);
}

// Puts other numbers into such a texture.
export function replaceFloats(gl, made, width, height, numbers) {
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.FLOAT, numbers);
}

// A texture of 8 bits a channel, of which there are 1, 3 or 4.
export function byteTexture(gl, width, height, bytes, channels = 4) {
    const formats = { 1: [gl.R8, gl.RED], 3: [gl.RGB8, gl.RGB], 4: [gl.RGBA8, gl.RGBA] };
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    return texture(gl, [...formats[channels], gl.UNSIGNED_BYTE], width, height, bytes);
}

function texture(gl, [inside, format, type], width, height, values) {
    const made = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.texImage2D(gl.TEXTURE_2D, 0, inside, width, height, 0, format, type, values);
    for (const [name, value] of [
        [gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
        [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ]) gl.texParameteri(gl.TEXTURE_2D, name, value);
    return made;
}

// A framebuffer that draws into a texture.
export function framebuffer(gl, target) {
    const made = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, made);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target, 0);
    return made;
}

// The function that gives a program its numbers and textures, by the names that it declares; what
// it does not use is left out. Lists do not change after they are given. Of textures it has those
// that are given alone: another one may be what is drawn into.
export function uniformSetter(gl, program) {
    const setters = new Map(), none = {}, kept = new Map();
    const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS);
    for (let k = 0, unit = 0; k < count; ++k) {
        const { name, type, size } = gl.getActiveUniform(program, k);
        const at = gl.getUniformLocation(program, name);
        const list = value => (Array.isArray(value) || ArrayBuffer.isView(value) ? value : [value]);
        const own = unit;
        // Compilers trim arrays to what is used of them.
        const set = {
            [gl.FLOAT]: value => gl.uniform1fv(at, list(value).slice(0, size)),
            [gl.FLOAT_VEC2]: value => gl.uniform2fv(at, value.slice(0, 2 * size)),
            [gl.FLOAT_VEC3]: value => gl.uniform3fv(at, value.slice(0, 3 * size)),
            [gl.FLOAT_VEC4]: value => gl.uniform4fv(at, value.slice(0, 4 * size)),
            [gl.INT]: value => gl.uniform1iv(at, list(value).slice(0, size)),
            [gl.INT_VEC2]: value => gl.uniform2iv(at, value.slice(0, 2 * size)),
            [gl.SAMPLER_2D]: texture => {
                gl.activeTexture(gl.TEXTURE0 + own);
                gl.bindTexture(gl.TEXTURE_2D, texture);
                gl.uniform1i(at, own);
            },
        }[type];
        if (!set) throw new Error(`uniform ${name}: of a type that pages do not have`);
        if (type === gl.SAMPLER_2D) {
            ++unit;
            none[name] = null;
        }
        const isKept = type !== gl.SAMPLER_2D; // units are those of all programs
        const plain = name.replace("[0]", "");
        setters.set(plain, value => {
            if (isKept && kept.get(plain) === value) return;
            kept.set(plain, value);
            set(value);
        });
    }
    return values => {
        gl.useProgram(program);
        for (const [name, value] of Object.entries({ ...none, ...values }))
            setters.get(name)?.(value);
    };
}
