// The derivatives of the coordinate features to x and y: grad_NAME is the twin of grad_NAME in
// netart/net/derivatives.py, a vec2 for each column. x, y, k: as in features.glsl.
#include "features.glsl"

// Cosine and sine of a point's angle: 0 at the origin.
vec2 direction(float x, float y) {
    return vec2(x, y) / max(feat_r(x, y, 0.0), NOT_ZERO);
}

// The derivatives of the angle.
vec2 turning(float x, float y) {
    vec2 d = direction(x, y);
    return vec2(-d.y, d.x) / max(feat_r(x, y, 0.0), NOT_ZERO);
}

// The derivatives of ln(r + 1e-6).
vec2 deepening(float x, float y) {
    return direction(x, y) / (feat_r(x, y, 0.0) + 1e-6);
}

vec2 grad_x(float x, float y, float k) {
    return vec2(1.0, 0.0);
}

vec2 grad_y(float x, float y, float k) {
    return vec2(0.0, 1.0);
}

vec2 grad_r(float x, float y, float k) {
    return direction(x, y);
}

vec2 grad_angle(float x, float y, float k) {
    return turning(x, y);
}

vec2 grad_xy(float x, float y, float k) {
    return vec2(y, x);
}

vec2 grad_x2(float x, float y, float k) {
    return vec2(2.0 * x, 0.0);
}

vec2 grad_y2(float x, float y, float k) {
    return vec2(0.0, 2.0 * y);
}

vec2 grad_abs_x(float x, float y, float k) {
    return vec2(sign(x), 0.0);
}

vec2 grad_abs_y(float x, float y, float k) {
    return vec2(0.0, sign(y));
}

vec2 grad_sin_x(float x, float y, float k) {
    return vec2(k * cosine(vec4(k * x)).x, 0.0);
}

vec2 grad_sin_y(float x, float y, float k) {
    return vec2(0.0, k * cosine(vec4(k * y)).x);
}

vec2 grad_cos_x(float x, float y, float k) {
    return vec2(-k * sine(vec4(k * x)).x, 0.0);
}

vec2 grad_cos_y(float x, float y, float k) {
    return vec2(0.0, -k * sine(vec4(k * y)).x);
}

mat2 grad_kaleidoscope(float x, float y, float k) {
    float period = 2.0 * PI / k;
    float wedge = mod(feat_angle(x, y, 0.0) + 0.5 * period, period) - 0.5 * period;
    float p = cosine(vec4(wedge)).x, q = sine(vec4(abs(wedge))).x;
    vec2 d = direction(x, y), sideways = sign(wedge) * vec2(d.y, -d.x);
    return mat2(p * d + q * sideways, q * d - p * sideways);
}

mat4x2 grad_tile(float x, float y, float k) {
    float turn = 2.0 * PI / k;
    vec4 at = turn * vec4(x, x, y, y), p = turn * cosine(at), q = turn * sine(at);
    return mat4x2(-q.x, 0.0, p.x, 0.0, 0.0, -q.z, 0.0, p.z);
}

mat2 grad_mirror_tile(float x, float y, float k) {
    vec2 side = sign(mod(vec2(x, y), 2.0 * k) - k);
    return mat2(side.x, 0.0, 0.0, side.y);
}

mat3x2 grad_spiral(float x, float y, float k) {
    vec4 phase = vec4(k * feat_angle(x, y, 0.0) + 3.0 * log_radius(x, y));
    vec2 deeper = deepening(x, y), along = k * turning(x, y) + 3.0 * deeper;
    return mat3x2(-sine(phase).x * along, cosine(phase).x * along, deeper);
}

mat3x2 grad_log_polar(float x, float y, float k) {
    vec2 d = direction(x, y), turn = turning(x, y);
    return mat3x2(deepening(x, y), -d.y * turn, d.x * turn);
}

mat4x2 grad_swirl(float x, float y, vec3 k) {
    float r = max(feat_r(x, y, 0.0), NOT_ZERO);
    vec2 deeper = 2.0 * PI / log(k.x) * direction(x, y) / r;
    vec2 left = deeper + k.y * turning(x, y), right = deeper - k.z * turning(x, y);
    vec4 waves = feat_swirl(x, y, k);
    return mat4x2(-waves.y * left, waves.x * left, -waves.w * right, waves.z * right);
}
