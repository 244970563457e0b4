// The derivatives of activations: slope_NAME is the twin of slope_NAME in
// netart/net/derivatives.py. z: pre-activations of four units, any number; y: what act_NAME makes
// of them. Where that jumps it is 0; at a kink it is 0 or the slope of one side.
#include "activations.glsl"

vec4 slope_linear(vec4 z, vec4 y) {
    return vec4(1.0);
}

vec4 slope_tanh(vec4 z, vec4 y) {
    return 1.0 - y * y;
}

vec4 slope_sigmoid(vec4 z, vec4 y) {
    return y * (1.0 - y);
}

vec4 slope_relu(vec4 z, vec4 y) {
    return vec4(greaterThan(z, vec4(0.0)));
}

vec4 slope_leaky_relu(vec4 z, vec4 y) {
    return mix(vec4(0.01), vec4(1.0), greaterThan(z, vec4(0.0)));
}

vec4 slope_elu(vec4 z, vec4 y) {
    return mix(y + 1.0, vec4(1.0), greaterThan(z, vec4(0.0)));
}

vec4 slope_selu(vec4 z, vec4 y) {
    return mix(y + 1.75809934, vec4(1.05070099), greaterThan(z, vec4(0.0)));
}

vec4 slope_gelu(vec4 z, vec4 y) {
    return 0.5 * (1.0 + erf(z * 0.707106781)) + z * exp(-0.5 * z * z) * 0.39894228;
}

vec4 slope_silu(vec4 z, vec4 y) {
    vec4 share = act_sigmoid(z);
    return share + y * (1.0 - share);
}

vec4 slope_softplus(vec4 z, vec4 y) {
    return act_sigmoid(z);
}

vec4 slope_softsign(vec4 z, vec4 y) {
    vec4 rest = 1.0 - abs(y);
    return rest * rest;
}

vec4 slope_step(vec4 z, vec4 y) {
    return vec4(0.0);
}

vec4 slope_sign(vec4 z, vec4 y) {
    return vec4(0.0);
}

vec4 slope_sin(vec4 z, vec4 y) {
    return cosine(z);
}

vec4 slope_cos(vec4 z, vec4 y) {
    return -sine(z);
}

// Near 0, where cos z - sin z / z cancels, by the series.
vec4 slope_sinc(vec4 z, vec4 y) {
    vec4 square = z * z;
    vec4 series = z * (square * (0.0333333333 - square * 0.00119047619) - 0.333333333);
    return mix((cosine(z) - y) / z, series, lessThan(abs(z), vec4(0.3)));
}

vec4 slope_abs(vec4 z, vec4 y) {
    return sign(z);
}

vec4 slope_square(vec4 z, vec4 y) {
    return 2.0 * z;
}

vec4 slope_gaussian(vec4 z, vec4 y) {
    return -2.0 * z * y;
}

vec4 slope_triangle(vec4 z, vec4 y) {
    vec4 r = reduce_turns(z);
    return mix(vec4(0.636619772), vec4(-0.636619772), greaterThan(abs(r), vec4(0.5 * PI)));
}
