// The level plane over a page's landscape: a square.
uniform float u_level; // its height t

out vec2 v_uv;

void main() {
    v_uv = 2.0 * vec2(gl_VertexID & 1, gl_VertexID >> 1) - 1.0;
    gl_Position = project(v_uv, u_level * u_height);
}
