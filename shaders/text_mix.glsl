// Spherical interpolation between the shares of seeds at two keys, so that the weights' variance
// goes straight from one to the other (Shoemake 1985).
void mix_shares(float from[SEED_COUNT], float to[SEED_COUNT], float s) {
    float first = 0.0, last = 0.0, both = 0.0;
    for (int k = 0; k < SEED_COUNT; ++k) {
        first += from[k] * from[k];
        last += to[k] * to[k];
        both += from[k] * to[k];
    }
    first = sqrt(first);
    last = sqrt(last);
    float angle = acos(clamp(both / (first * last), -1.0, 1.0));
    vec2 parts = vec2(1.0 - s, s);
    if (angle > 1e-3) parts = sin(parts * angle) / sin(angle);
    parts *= mix(first, last, s) / vec2(first, last);
    for (int k = 0; k < SEED_COUNT; ++k)
        u_shares[k] = parts.x * from[k] + parts.y * to[k];
}
