// What a finish knows of a sample: twin of Surface in netart/shot/finishes.py. The derivatives of a
// value have its name and `_u` or `_v`.
struct Surface {
    vec3 colour;                  // display sRGB, of the palette
    vec3 t, t_u, t_v;             // the outputs, stretched between the limits, not clipped
    vec3 graded, graded_u, graded_v; // after gamma and invert
};
