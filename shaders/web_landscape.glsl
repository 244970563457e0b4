// How a page's landscape is seen, and its materials under a sun and a sky: twins of the functions in
// netart/lens/terrain_shade.py, whose numbers stand above this file. Lengths are half-widths of the
// ground: a to the camera's right, b away from it, z up. Colours are linear light.

uniform vec2 u_right;  // unit vectors on the ground, in u and v
uniform vec2 u_away;
uniform float u_sine;  // of the camera's elevation
uniform float u_cosine;
uniform float u_pixel;  // the length of a sample's side
uniform float u_middle; // the screen height in the middle of the picture
uniform float u_depth;  // a length that nothing is farther away than
uniform ivec2 u_size;   // of the picture, in samples
uniform float u_page_pixel; // samples across a pixel of the page, in which lines are measured
uniform int u_count;    // points across the grid of heights
uniform float u_height; // the length that the height t = 1 is
uniform float u_bottom; // the height of the floor
uniform vec3 u_towards; // the sun, to the right, away and up
uniform int u_contours;
uniform sampler2D u_heights; // t and its derivatives to u and v; row 0 is at v = 1
uniform sampler2D u_table;   // the palette's colours of t

// Where a point stands in the picture.
vec4 project(vec2 uv, float z) {
    float a = dot(uv, u_right), b = dot(uv, u_away);
    vec2 ends = 0.5 * u_pixel * vec2(u_size);
    float up = b * u_sine + z * u_cosine - u_middle;
    return vec4(a / ends.x, up / ends.y, (b * u_cosine - z * u_sine) / u_depth, 1.0);
}

// A point of the grid, in u and v; and a place among its columns and rows.
vec2 on_ground(ivec2 at) {
    vec2 share = vec2(at) / float(u_count - 1);
    return vec2(2.0 * share.x - 1.0, 1.0 - 2.0 * share.y);
}

vec2 on_grid(vec2 uv) {
    return vec2(0.5 + 0.5 * uv.x, 0.5 - 0.5 * uv.y) * float(u_count - 1);
}

vec3 colour_of(float t) {
    float last = float(textureSize(u_table, 0).x - 1);
    return texelFetch(u_table, ivec2(int(clamp(t * last + 0.5, 0.0, last)), 0), 0).rgb;
}

float uncrowded(float density) {
    return clamp(2.2 - 4.0 * u_page_pixel * density, 0.0, 1.0);
}

float lines(float levels, float density, float width, float count) {
    float nearest = round(levels);
    if (nearest < 1.0 || nearest > count || density <= 0.0) return 0.0;
    float away = abs(levels - nearest) / max(density, 1e-7);
    return clamp(width * u_page_pixel / 2.0 + 0.5 - away, 0.0, 1.0) * uncrowded(density);
}

vec3 shoulder(vec3 light) {
    vec3 over = max(light - SHOULDER, 0.0);
    float rest = 1.0 - SHOULDER;
    return min(light, vec3(SHOULDER)) + rest * (1.0 - exp(-over / rest));
}
