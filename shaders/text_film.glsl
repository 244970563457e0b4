// How fast a value goes from one key of the film to the next: from the share of the time that is
// over to the share of the change.

float ease_smooth(float s) {
    return s * s * (3.0 - 2.0 * s);
}

float ease_in(float s) {
    return s * s;
}

float ease_out(float s) {
    return s * (2.0 - s);
}

float ease_sine(float s) {
    return 0.5 - 0.5 * cos(3.14159265 * s);
}

float ease_sine_in(float s) {
    return 1.0 - cos(1.57079633 * s);
}

float ease_sine_out(float s) {
    return sin(1.57079633 * s);
}

// A cubic curve from (0, 0) to (1, 1) with handles a and b, as in CSS.
float ease_bezier(float s, vec2 a, vec2 b) {
    if (s <= 0.0 || s >= 1.0) return s;
    float low = 0.0, high = 1.0;
    for (int k = 0; k < 24; ++k) {
        float u = 0.5 * (low + high);
        if (u * (3.0 * (1.0 - u) * ((1.0 - u) * a.x + u * b.x) + u * u) < s) low = u;
        else high = u;
    }
    return high * (3.0 * (1.0 - high) * ((1.0 - high) * a.y + high * b.y) + high * high);
}

// The share of the time between two keys that is over.
float over(float t, float from, float to) {
    return clamp((t - from) / (to - from), 0.0, 1.0);
}
