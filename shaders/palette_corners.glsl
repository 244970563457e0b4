// Two outputs choose a place between four Oklab colours; a third shifts the lightness.
#include "look.glsl"
#include "oklab.glsl"

uniform sampler2D u_table; // bottom left, bottom right, top left, top right

const float LIGHTNESS = 0.22;

vec3 corner(int k) {
    return texelFetch(u_table, ivec2(k, 0), 0).xyz;
}

vec4 reduce(vec4 z) {
    vec3 t = stretch(z);
    if (lost(t)) return NAN_COLOUR;
    t = clamp(t, 0.0, 1.0);
    vec3 s = t * (0.5 + t * (1.5 - t)); // half t, half smoothstep(t)
    vec3 lab = mix(mix(corner(0), corner(1), s.x), mix(corner(2), corner(3), s.x), s.y);
    if (u_used > 2) lab.x += LIGHTNESS * (s.z - 0.5);
    return vec4(display_from_oklab(lab), 1.0);
}
