// Lines where units are 0. Twin of the layer function in netart/lens/lines.py, which gives the
// uniforms:
//   u_line_width  in pixels
//   u_flat_from   the first layer whose pre-activations are flat but for jumps
// and `line_of` a unit: the colour of its line, display sRGB, and how opaque it is. Carried are the
// colour, times the share of it, and the share of the pixel covered.
#include "lines_texture.glsl"

const float ROUNDING = 1e-6; // of a value, in what is computed from its difference

vec4 switches(vec4 carried, int layer, int unit, int width, vec4 z, vec4 z_u, vec4 z_v) {
    float reach = 0.5 * u_line_width + 0.5, pixel = pixel_width();
    vec4 steep = pixel * pixel * (z_u * z_u + z_v * z_v);
    bvec4 near = lessThan(z * z, reach * reach * steep);
    if (layer >= u_flat_from) {
        bvec4 side = greaterThan(z, vec4(0.0)); // of the line, and of what lies beside it:
        bvec4 right = greaterThan(z + pixel * z_u, ROUNDING * abs(z));
        bvec4 above = greaterThan(z + pixel * z_v, ROUNDING * abs(z));
        near = notEqual(ivec4(side) + ivec4(right) + ivec4(above), 3 * ivec4(side));
        steep = vec4(0.0);
    }
    if (layer > line_layers() || !any(near)) return carried;
    for (int k = 0; k < 4; ++k) {
        if (!near[k] || unit + k >= width) continue;
        vec4 line = line_of(layer, unit + k);
        float away = steep[k] > 0.0 ? abs(z[k]) * inversesqrt(steep[k]) : 0.0;
        float share = line.a * clamp(reach - away, 0.0, min(u_line_width, 1.0));
        carried = mix(carried, vec4(line.rgb, 1.0), share);
    }
    return carried;
}
