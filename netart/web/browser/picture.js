// Draws a shot: windows of its picture of any size, whose pixels are those of the whole picture.
import { floatsOf } from "./data.js";
import { compile, floatTexture, uniformSetter } from "./gl.js";

export class Picture {
    // data: what picture_data in picture.py gives.
    constructor(gl, data) {
        this.gl = gl;
        this.set = uniformSetter(gl, compile(gl, data.fragment));
        this.uniforms = { ...data.uniforms, u_placed: 0 };
        for (const [name, { width, height, numbers }] of Object.entries(data.textures))
            this.uniforms[name] = floatTexture(gl, width, height, floatsOf(numbers));
        gl.bindVertexArray(gl.createVertexArray());
    }

    // Draws a window of the picture of that size into the first pixels of what is bound, row 0
    // first. changed: numbers in place of the picture's own.
    draw(size, { left, top, width, height }, changed = {}) {
        const values = { ...this.uniforms, ...changed };
        const samples = values.u_samples;
        values.u_size = size.map(side => samples * side);
        values.u_origin = [left, top];
        this.set(values);
        this.gl.viewport(0, 0, width, height);
        this.gl.drawArrays(this.gl.TRIANGLES, 0, 3);
    }
}
