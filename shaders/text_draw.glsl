// The colour of the picture at a point, as linear light.
vec4 draw(vec2 uv) {
    at = 0;
    layers_done = 0;
    first_layer(uv);
    network();
    return average(pixel());
}

// The colour of a pixel: the mean of its samples.
vec4 draw_pixel(vec2 corner) {
    vec4 sum = vec4(0.0);
    for (int k = ZERO; k < SAMPLES * SAMPLES; ++k)
        sum += draw(plane(corner + (vec2(k % SAMPLES, k / SAMPLES) + 0.5) / float(SAMPLES)));
    return mean(sum / float(SAMPLES * SAMPLES));
}
