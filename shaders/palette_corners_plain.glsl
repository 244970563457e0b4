// Colours between four corners in Oklab: two outputs choose the place, a third shifts the
// lightness by up to u_lightness / 2, where that is not 0. t: values in [0, 1]. Returns display
// sRGB in [0, 1]. The table: bottom left, bottom right, top left, top right.
#include "display_from_oklab.glsl"
#include "table_texture.glsl"

vec3 corner(int k) {
    return table(ivec2(k, 0)).xyz;
}

// Half t, half smoothstep(t).
vec3 eased(vec3 t) {
    return t * (0.5 + t * (1.5 - t));
}

// Oklab at a place between the corners.
vec3 between_corners(vec3 s) {
    vec3 lab = mix(mix(corner(0), corner(1), s.x), mix(corner(2), corner(3), s.x), s.y);
    lab.x += u_lightness * (s.z - 0.5);
    return lab;
}

vec3 palette_corners_plain(vec3 t) {
    return display_from_oklab(between_corners(eased(t)));
}
