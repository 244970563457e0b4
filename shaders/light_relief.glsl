// A glazed surface under a lamp: ambient and diffuse light by Lambert, a highlight by Blinn, bright
// light compressed. u_metal, 0 to 1, deepens colours and shadows. Twin in netart/shot/finishes.py.
#include "normal.glsl"
#include "srgb.glsl"

vec3 light_relief(Surface surface) {
    vec3 n = normal(surface);
    float lit = pow(max(dot(u_towards, n), 0.0), 1.0 + u_metal);
    float shine = pow(max(dot(u_halfway, n), 0.0), u_exponent);
    vec3 light = pow(srgb_decode(surface.colour), vec3(1.0 + 0.3 * u_metal));
    light *= AMBIENT * (1.0 - 0.5 * u_metal) + DIFFUSE * (1.0 + 0.9 * u_metal) * lit;
    light += u_gloss * shine * u_shine;
    return srgb_encode(light / (1.0 + SOFTNESS * max(light - SHOULDER, 0.0)));
}
