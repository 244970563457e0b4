// The unit vector, to u, to v and towards the viewer, of the surface of u_height times
// tanh(1.6 (t1 - 1/2)) + SECOND tanh(1.6 (t2 - 1/2)); where one output is read of the first alone.
#include "surface.glsl"
#include "activations.glsl"

vec3 normal(Surface surface) {
    vec2 bend = act_tanh(vec4(1.6 * (surface.t.xy - 0.5), 0.0, 0.0)).xy;
    vec2 gain = 1.6 * vec2(1.0, u_used > 1 ? SECOND : 0.0) * (1.0 - bend * bend);
    vec2 along = -u_height * vec2(dot(gain, surface.t_u.xy), dot(gain, surface.t_v.xy));
    return vec3(along, 1.0) / sqrt(1.0 + dot(along, along));
}
