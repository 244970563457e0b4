// A wall of a page's block: a strip between a side of the surface and the floor.
uniform ivec2 u_start; // the grid's point at the beginning of the side
uniform ivec2 u_step;  // from one of its points to the next

centroid out vec4 v_wall; // u, v, height, and that of the surface above

void main() {
    ivec2 at = u_start + u_step * (gl_VertexID / 2);
    float top = texelFetch(u_heights, at, 0).x * u_height;
    v_wall = vec4(on_ground(at), gl_VertexID % 2 == 0 ? top : u_bottom, top);
    gl_Position = project(v_wall.xy, v_wall.z);
}
