// From pre-activations to values in [0, 1] that a palette reads: twin of netart/lens/colour.py.
#include "nan.glsl"

uniform vec3 u_low;
uniform vec3 u_gain;
uniform vec3 u_middle;
uniform int u_used; // outputs that the palette reads

const vec4 NAN_COLOUR = vec4(1.0, 0.0, 1.0, 1.0);

vec3 stretch(vec4 z) {
    return (act_output(z).xyz - u_low) * u_gain + u_middle;
}

bool lost(vec3 t) {
    bvec4 nan = are_nan(vec4(t, 0.0));
    return nan.x || (u_used > 1 && nan.y) || (u_used > 2 && nan.z);
}
