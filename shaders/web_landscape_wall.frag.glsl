// A wall of a page's block, with strata. DRAPED: 1 where a picture colours the surface.
uniform sampler2D u_colours; // of the picture that is draped, at the points of the grid
uniform float u_facing;      // how much of the sun reaches it

centroid in vec4 v_wall;

layout(location = 0) out vec4 o_light;

void main() {
    float z = v_wall.z, unit = u_pixel / u_cosine; // height of a sample
    int count = u_contours > 0 ? u_contours : 9;
    float layer = (u_height - u_bottom) / (LAYERS * float(count + 1));
    float levels = (z - u_bottom) / layer;
    float strata = lines(levels, unit / layer, 1.0, 1e6);
    float rim = clamp(1.2 * u_page_pixel + 0.5 - (v_wall.w - z) / unit, 0.0, 1.0);
#if DRAPED
    vec3 colour = texture(u_colours, (on_grid(v_wall.xy) + 0.5) / float(u_count)).rgb;
#else
    vec3 colour = colour_of(z / max(u_height, 1e-6));
#endif
    float earth = clamp(2.0 * z / u_bottom, 0.0, 1.0);
    float foot = clamp((z - u_bottom) / DARK_FOOT, 0.0, 1.0), sky = sqrt(foot);
    colour += (EARTH_SHARE + (1.0 - EARTH_SHARE) * earth) * (EARTH - colour);
    float tone = TONES[int(max(levels, 0.0)) % TONES.length()] * (1.0 - 0.16 * strata);
    vec3 lit = u_facing * (0.6 + 0.4 * sky) * SUN + (0.15 + 0.5 * sky) * SKY
        + 0.3 * (1.0 - foot) * BOUNCE;
    o_light = vec4(shoulder(colour * tone * lit + 0.16 * rim * SKY), 1.0);
}
