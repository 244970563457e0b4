// Where a compute shader's pixels go: an invocation is LANES neighbouring pixels of a row, and adds
// a sample to each in an image. What lies outside of the image is dropped.
layout(local_size_x = 16, local_size_y = 8) in; // PIXEL_GROUP in netart/evaluate/dialects.py

layout(rgba32f) uniform image2D u_sums;

// Column and row of the first of them, in the part of the picture that is drawn.
ivec2 first_pixel() {
    return ivec2(LANES, 1) * ivec2(gl_GlobalInvocationID.xy);
}

// A sample of the pixel that many columns after the first.
void write(int column, vec4 value) {
    ivec2 at = first_pixel() + ivec2(column, 0);
    if (u_sample != ivec2(0)) value += imageLoad(u_sums, at);
    imageStore(u_sums, at, value);
}
