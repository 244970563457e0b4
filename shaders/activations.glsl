// The activations: twins of the rows of netart/net/ops.py. z: pre-activations, any finite number.
#include "periodic.glsl"

vec4 act_linear(vec4 z) {
    return z;
}

// Finite wherever exp overflows, unlike (e^x - e^-x) / (e^x + e^-x); the series keeps the
// relative precision near 0.
vec4 act_tanh(vec4 z) {
    vec4 s = z * z;
    vec4 series = z * (1.0 - s * (0.333333333 - s * (0.133333333 - s * 0.053968254)));
    return mix(1.0 - 2.0 / (exp(2.0 * z) + 1.0), series, lessThan(s, vec4(0.01)));
}

vec4 act_sigmoid(vec4 z) {
    return 1.0 / (1.0 + exp(-z));
}

vec4 act_relu(vec4 z) {
    return mix(z, vec4(0.0), lessThan(z, vec4(0.0))); // max may lose a NaN
}

vec4 act_leaky_relu(vec4 z) {
    return mix(z, 0.01 * z, lessThan(z, vec4(0.0)));
}

// exp(z) - 1 for z at or below 0, without cancellation near 0.
vec4 exp_minus_one(vec4 z) {
    vec4 series = z * (1.0 + z * (0.5 + z * (0.166666667 + z * (0.0416666667 + z * 0.00833333333))));
    return mix(exp(z) - 1.0, series, greaterThan(z, vec4(-0.1)));
}

vec4 act_elu(vec4 z) {
    return mix(z, exp_minus_one(min(z, 0.0)), lessThan(z, vec4(0.0)));
}

// Klambauer et al. 2017, "Self-normalizing neural networks".
vec4 act_selu(vec4 z) {
    return 1.05070099 * mix(z, 1.67326324 * exp_minus_one(min(z, 0.0)), lessThan(z, vec4(0.0)));
}

// The error function to 1.5e-7: Abramowitz and Stegun, formula 7.1.26.
vec4 erf(vec4 z) {
    vec4 t = 1.0 / (1.0 + 0.3275911 * abs(z));
    vec4 series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741
        + t * (-1.453152027 + t * 1.061405429))));
    return sign(z) * (1.0 - series * exp(-z * z));
}

vec4 act_gelu(vec4 z) {
    return 0.5 * z * (1.0 + erf(z * 0.707106781));
}

vec4 act_silu(vec4 z) {
    return z / (1.0 + exp(-z));
}

vec4 act_softplus(vec4 z) {
    vec4 e = exp(-abs(z));
    vec4 series = e * (1.0 - e * (0.5 - e * 0.333333333));
    return max(z, 0.0) + mix(log(1.0 + e), series, lessThan(e, vec4(0.01)));
}

vec4 act_softsign(vec4 z) {
    return z / (1.0 + abs(z));
}

vec4 act_step(vec4 z) {
    return vec4(greaterThan(z, vec4(0.0)));
}

vec4 act_sign(vec4 z) {
    return sign(z);
}

vec4 act_sin(vec4 z) {
    return sine(z);
}

vec4 act_cos(vec4 z) {
    return cosine(z);
}

vec4 act_sinc(vec4 z) {
    return mix(sine(z) / z, vec4(1.0), lessThan(abs(z), vec4(1e-4)));
}

vec4 act_abs(vec4 z) {
    return abs(z);
}

vec4 act_square(vec4 z) {
    return z * z;
}

vec4 act_gaussian(vec4 z) {
    return exp(-z * z);
}

// A triangle wave of period 2 pi and amplitude 1, through 0 like sin.
vec4 act_triangle(vec4 z) {
    vec4 r = reduce_turns(z) * 0.636619772;
    return mix(r, sign(r) * 2.0 - r, greaterThan(abs(r), vec4(1.0)));
}
