// WebGL 2: programs, textures and uniforms.

const WHOLE = `#version 300 es
void main() {
    vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}`; // one triangle that covers the whole target

// The program of a fragment shader that covers its target. Throws an Error with the compiler's log.
export function compile(gl, fragment, vertex = WHOLE) {
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
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
        const logs = [gl.getProgramInfoLog(program), ...shaders.map(s => gl.getShaderInfoLog(s))];
        throw new Error(logs.filter(Boolean).join("\n"));
    }
    shaders.forEach(shader => gl.deleteShader(shader));
    return program;
}

// A texture of float32, four numbers a texel, read by texelFetch alone.
export function floatTexture(gl, width, height, numbers) {
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, numbers);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    return texture;
}

// The function that gives a program its numbers and textures, by the names that it declares; what
// it does not use is left out.
export function uniformSetter(gl, program) {
    const setters = new Map();
    const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS);
    for (let k = 0, unit = 0; k < count; ++k) {
        const { name, type } = gl.getActiveUniform(program, k);
        const at = gl.getUniformLocation(program, name);
        const list = value => (Array.isArray(value) || ArrayBuffer.isView(value) ? value : [value]);
        const own = unit;
        const set = {
            [gl.FLOAT]: value => gl.uniform1fv(at, list(value)),
            [gl.FLOAT_VEC2]: value => gl.uniform2fv(at, value),
            [gl.FLOAT_VEC3]: value => gl.uniform3fv(at, value),
            [gl.FLOAT_VEC4]: value => gl.uniform4fv(at, value),
            [gl.INT]: value => gl.uniform1iv(at, list(value)),
            [gl.INT_VEC2]: value => gl.uniform2iv(at, value),
            [gl.SAMPLER_2D]: texture => {
                gl.activeTexture(gl.TEXTURE0 + own);
                gl.bindTexture(gl.TEXTURE_2D, texture);
                gl.uniform1i(at, own);
            },
        }[type];
        if (!set) throw new Error(`uniform ${name}: of a type that pages do not have`);
        if (type === gl.SAMPLER_2D) ++unit;
        setters.set(name.replace("[0]", ""), set);
    }
    return values => {
        gl.useProgram(program);
        for (const [name, value] of Object.entries(values)) setters.get(name)?.(value);
    };
}
