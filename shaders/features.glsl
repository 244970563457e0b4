// The coordinate features: twins of the rows of netart/net/ops.py.
// x, y: coordinates of the point; k: the feature's parameter, 0 where it takes none.
#include "periodic.glsl"

float feat_x(float x, float y, float k) {
    return x;
}

float feat_y(float x, float y, float k) {
    return y;
}

float feat_r(float x, float y, float k) {
    float longer = max(abs(x), abs(y)), shorter = min(abs(x), abs(y));
    float t = longer > 0.0 ? shorter / longer : 0.0;
    return longer * sqrt(1.0 + t * t); // squares of large numbers would overflow
}

// atan of t in [0, 1], after one reduction by pi/8: the Cephes library, atanf.
float arctangent(float t) {
    bool far = t > 0.414213562;
    float r = far ? (t - 1.0) / (t + 1.0) : t;
    float s = r * r;
    float tail = (((8.05374449538e-2 * s - 1.38776856032e-1) * s + 1.99777106478e-1) * s
        - 3.33329491539e-1) * s * r + r;
    return far ? 0.785398163 + tail : tail;
}

float feat_angle(float x, float y, float k) {
    float longer = max(abs(x), abs(y));
    float t = longer > 0.0 ? min(abs(x), abs(y)) / longer : 0.0;
    float a = arctangent(t);
    a = abs(y) > abs(x) ? 0.5 * PI - a : a;
    a = x < 0.0 ? PI - a : a;
    return y < 0.0 ? -a : a;
}

float feat_xy(float x, float y, float k) {
    return x * y;
}

float feat_x2(float x, float y, float k) {
    return x * x;
}

float feat_y2(float x, float y, float k) {
    return y * y;
}

float feat_abs_x(float x, float y, float k) {
    return abs(x);
}

float feat_abs_y(float x, float y, float k) {
    return abs(y);
}

float feat_sin_x(float x, float y, float k) {
    return sine(vec4(k * x)).x;
}

float feat_sin_y(float x, float y, float k) {
    return sine(vec4(k * y)).x;
}

float feat_cos_x(float x, float y, float k) {
    return cosine(vec4(k * x)).x;
}

float feat_cos_y(float x, float y, float k) {
    return cosine(vec4(k * y)).x;
}
