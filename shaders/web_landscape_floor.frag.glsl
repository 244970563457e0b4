// The floor of a page's landscape, all over the picture: paper under shadows, and the plate below
// the surface with what is drawn on it. FLOOR: 0 nothing, 1 contours, 2 regions. JUMPS: 1 where
// heights may jump. LINES: how many lines of units the plate bears.
uniform sampler2D u_floor_sun; // over ±FLOOR_REACH: the shares of sun and sky that are seen
uniform sampler2D u_floor_sky;
uniform float u_half_width; // of the picture, a length
uniform float u_border;     // the height t that parts the regions
#if LINES
uniform vec3 u_lines[LINES]; // (c, a, b): a unit is 0 where c + a u + b v is
#endif

layout(location = 0) out vec4 o_light;

float read_floor(sampler2D shares, vec2 uv, float kept) {
    return 1.0 - kept * (1.0 - texture(shares, 0.5 + 0.5 * uv / FLOOR_REACH).r);
}

// The height under a point of the plate and its slopes; where it jumps, those of the grid.
vec3 height_at(vec2 uv) {
    vec2 at = clamp(on_grid(uv), 0.0, float(u_count) - 1.001);
    ivec2 first = ivec2(at);
    vec2 p = at - vec2(first);
    vec3 a = texelFetch(u_heights, first, 0).xyz;
    vec3 b = texelFetch(u_heights, first + ivec2(1, 0), 0).xyz;
    vec3 c = texelFetch(u_heights, first + ivec2(0, 1), 0).xyz;
    vec3 d = texelFetch(u_heights, first + ivec2(1, 1), 0).xyz;
    vec3 found = mix(mix(a, b, p.x), mix(c, d, p.x), p.y);
#if JUMPS
    vec2 slopes = vec2(mix(b.x - a.x, d.x - c.x, p.y), mix(a.x - c.x, b.x - d.x, p.x));
    found.yz = slopes * (0.5 * float(u_count - 1));
#endif
    return found;
}

// What t gains with a sample: of slopes on the ground.
float density_of(vec2 slopes) {
    return length(vec2(dot(slopes, u_right), dot(slopes, u_away) / u_sine)) * u_pixel;
}

vec3 draw_on_plate(vec3 plate, vec2 uv) {
    float wide = FLOOR_WIDTH * u_page_pixel / 2.0 + 0.5;
#if FLOOR
    vec3 height = height_at(uv);
    float t = height.x, density = density_of(height.yz);
#endif
#if FLOOR == 1
    float levels = float(u_contours + 1), count = float(u_contours);
    float nearest = round(t * levels);
    float cover = lines(t * levels, density * levels, FLOOR_WIDTH, count);
#if JUMPS
    if (nearest >= 1.0 && nearest <= count && density > 0.0)
        cover = clamp(wide - abs(t * levels - nearest) / (density * levels), 0.0, 1.0);
#endif
    plate = mix(plate, colour_of(nearest / levels) * FLOOR_DARKER, cover);
#elif FLOOR == 2
    float over = t - u_border, away = density > 0.0 ? abs(over) / density : 1e9;
    float share = clamp((over > 0.0 ? away : -away) + 0.5, 0.0, 1.0);
    vec3 tint = mix(colour_of(0.12), colour_of(0.88), share);
    plate = mix(plate, plate * tint, TINT);
    plate = mix(plate, vec3(0.02), clamp(wide - away, 0.0, 1.0));
#endif
#if LINES
    float line = 1e9;
    for (int k = 0; k < LINES; ++k)
        line = min(line, abs(u_lines[k].x + dot(u_lines[k].yz, uv)) / density_of(u_lines[k].yz));
    float inked = clamp(LINE_WIDTH * u_page_pixel / 2.0 + 0.5 - line, 0.0, 1.0);
    plate = mix(plate, LINE_INK, inked);
#endif
    return plate;
}

void main() {
    vec2 from_middle = (gl_FragCoord.xy - 0.5 * vec2(u_size)) * u_pixel;
    float a = from_middle.x;
    float b = (u_middle + from_middle.y - u_bottom * u_cosine) / u_sine;
    vec2 uv = a * u_right + b * u_away;
    float kept = smoothstep(0.0, 1.0, (u_half_width - abs(a)) / FADED);
    vec3 light = PAPER_LIGHT * (read_floor(u_floor_sun, uv, kept) * FLOOR_SUN
        + read_floor(u_floor_sky, uv, kept) * FLOOR_SKY);
    float rim = max(abs(uv.x), abs(uv.y)) - 1.0;
    if (rim <= 0.0) light = draw_on_plate(light * PLATE, uv);
    float edge = abs(rim) / (u_pixel * 0.6 * u_page_pixel);
    o_light = vec4(shoulder(light * (1.0 - EDGE_INK * clamp(1.1 - edge, 0.0, 1.0))), 1.0);
}
