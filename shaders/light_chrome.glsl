// Liquid metal: where the surface mirrors the view, looked up in a ramp of what surrounds it.
// Twin in netart/shot/finishes.py.
#include "normal.glsl"
#include "display_from_oklab.glsl"

vec3 light_chrome(Surface surface) {
    vec3 n = normal(surface);
    vec3 mirrored = 2.0 * n.z * n - vec3(0.0, 0.0, 1.0);
    float place = 7.0 * clamp(0.5 + 0.5 * dot(u_towards, mirrored), 0.0, 1.0);
    vec3 lab = CHROME_0;
    lab = mix(lab, CHROME_1, clamp(place, 0.0, 1.0));
    lab = mix(lab, CHROME_2, clamp(place - 1.0, 0.0, 1.0));
    lab = mix(lab, CHROME_3, clamp(place - 2.0, 0.0, 1.0));
    lab = mix(lab, CHROME_4, clamp(place - 3.0, 0.0, 1.0));
    lab = mix(lab, CHROME_5, clamp(place - 4.0, 0.0, 1.0));
    lab = mix(lab, CHROME_6, clamp(place - 5.0, 0.0, 1.0));
    lab = mix(lab, CHROME_7, clamp(place - 6.0, 0.0, 1.0));
    return display_from_oklab(lab);
}
