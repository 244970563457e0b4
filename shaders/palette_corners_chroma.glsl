// As palette_corners.glsl, with chroma that the mix of opposite hues has lost. The table: row 0 has
// the power of the ratio in which it is raised behind the corners; the gamut's table follows.
#include "palette_corners.glsl"
#include "map_to_gamut.glsl"

// By how much to multiply the chroma of lab, a mix of corners at s. It is drawn towards the same
// mix of the corners' chroma, as far as sRGB goes.
float restored(vec3 lab, vec2 s) {
    float power = table(ivec2(4, 0)).x;
    vec4 own = vec4(length(corner(0).yz), length(corner(1).yz), length(corner(2).yz),
        length(corner(3).yz));
    vec2 sides = mix(own.xz, own.yw, s.x);
    float chroma = max(length(lab.yz), TINY);
    float wanted = pow(mix(sides.x, sides.y, s.y) / chroma, power);
    return max(1.0, min(wanted, chroma_limit(lab, 1) / chroma));
}

vec3 palette_corners_chroma(vec3 t) {
    vec3 s = eased(t), lab = between_corners(s);
    lab.yz *= restored(lab, s.xy);
    return display_from_oklab(lab);
}
