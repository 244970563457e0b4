// The surface of a page's landscape. JUMPS: 1 where heights may jump. DRAPED: 1 where a picture
// colours it.
uniform sampler2D u_ground;  // over ±1: the shares of the sun and of the sky that are seen, height
uniform sampler2D u_colours; // of the picture that is draped, at the points of the grid

centroid in vec3 v_place;
centroid in vec2 v_slopes;

layout(location = 0) out vec4 o_light;

// The shares of sun and sky at a point of the ground, of a surface of this height and this slope:
// samples count whose heights are about what they should be.
vec2 read_ground(vec2 uv, float height, float slope) {
    int count = textureSize(u_ground, 0).x;
    vec2 at = clamp((uv + 1.0) * (0.5 * float(count)) - 0.5, 0.0, float(count) - 1.001);
    ivec2 first = ivec2(at);
    vec2 share = at - vec2(first), total = vec2(0.0);
    float near = ALIKE + slope * 2.0 * FURTHER / float(count), weights = 0.0;
    for (int k = 0; k < 4; ++k) {
        ivec2 step = ivec2(k & 1, k >> 1);
        vec3 own = texelFetch(u_ground, first + step, 0).xyz;
        vec2 part = mix(1.0 - share, share, vec2(step));
        float weight = part.x * part.y * max(1.0 - abs(own.z - height) / near, 1e-3);
        total += weight * own.xy;
        weights += weight;
    }
    return total / weights;
}

#if JUMPS
// The slope of a cliff, where the grid's heights differ by more than slopes say: steep, and across
// its course, which the heights around it give. 0 elsewhere.
vec2 cliff_slope(vec2 uv, vec2 slopes) {
    ivec2 at = clamp(ivec2(on_grid(uv)), ivec2(0), ivec2(u_count - 2));
    float cell = 2.0 / float(u_count - 1), low = 1e9, high = -1e9;
    for (int k = 0; k < 4; ++k) {
        float t = texelFetch(u_heights, at + ivec2(k & 1, k >> 1), 0).x;
        low = min(low, t);
        high = max(high, t);
    }
    if (high - low <= CLIFF_RATIO * length(slopes) * cell + CLIFF_STEP) return vec2(0.0);
    vec2 course = vec2(0.0);
    for (int y = -3; y <= 4; ++y)
        for (int x = -3; x <= 4; ++x) {
            ivec2 there = clamp(at + ivec2(x, y), ivec2(0), ivec2(u_count - 1));
            vec2 away = vec2(float(x) - 0.5, 0.5 - float(y));
            course += away * texelFetch(u_heights, there, 0).x / (1.0 + dot(away, away));
        }
    return course * ((high - low) / (cell * max(length(course), 1e-9)));
}
#endif

// A surface of this colour. slopes: of its height to a and b. shares: of sun and sky. up: 1, or −1
// where it is seen from below.
vec3 shade_surface(vec3 colour, vec2 slopes, vec2 shares, float up) {
    up /= sqrt(1.0 + dot(slopes, slopes));
    vec3 normal = vec3(-slopes * up, up);
    float key = clamp((dot(normal, u_towards) + WRAP) / (1.0 + WRAP), 0.0, 1.0) * shares.x;
    float dome = (0.55 + 0.45 * up) * shares.y;
    vec3 eye = vec3(0.0, -u_cosine, u_sine);
    float shine = clamp(dot(normal, normalize(u_towards + eye)), 0.0, 1.0);
    float graze = 1.0 - clamp(dot(normal, eye), 0.0, 1.0);
    graze *= graze;
    return colour * (key * SUN + dome * SKY + (0.5 - 0.5 * up) * BOUNCE)
        + GLOSS * pow(shine, 30.0) * shares.x * SUN + FRESNEL * graze * graze * shares.y * SKY;
}

void main() {
    vec2 uv = v_place.xy, read = uv, slopes = v_slopes;
    float t = v_place.z;
#if JUMPS
    vec2 steep = cliff_slope(uv, slopes);
    if (steep != vec2(0.0)) {
        slopes = steep;
        read = uv - normalize(steep) * BEFORE / float(textureSize(u_ground, 0).x);
    }
#endif
    bool under = !gl_FrontFacing;
    float steepness = length(slopes) * u_height;
    vec2 shares = read_ground(read, t * u_height, steepness);
    if (under) shares = vec2(UNDER_SUN, UNDER_SKY);
#if DRAPED
    vec3 colour = texture(u_colours, (on_grid(uv) + 0.5) / float(u_count)).rgb;
#else
    vec3 colour = colour_of(t);
#endif
    slopes = vec2(dot(slopes, u_right), dot(slopes, u_away));
    // What t gains with a sample to the right, and with one up the screen.
    float turn = max(abs(u_sine + slopes.y * u_height * u_cosine), 1e-6);
    float density = length(vec2(slopes.x * u_sine, slopes.y)) / turn;
    float levels = float(u_contours + 1);
    float cover = lines(
        t * levels, density * u_pixel * levels, SURFACE_WIDTH, float(u_contours)
    );
    colour *= 1.0 - INK * cover;
    colour = shade_surface(colour, slopes * u_height, shares, under ? -1.0 : 1.0);
    o_light = vec4(shoulder(colour), 1.0);
}
