// The surface of a page's landscape: vertices are points of the grid of heights.
centroid out vec3 v_place; // u, v and t
centroid out vec2 v_slopes;

void main() {
    ivec2 at = ivec2(gl_VertexID % u_count, gl_VertexID / u_count);
    vec3 value = texelFetch(u_heights, at, 0).xyz;
    v_place = vec3(on_ground(at), value.x);
    v_slopes = value.yz;
    gl_Position = project(v_place.xy, value.x * u_height);
}
