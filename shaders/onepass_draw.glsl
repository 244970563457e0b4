// Draws the pixel of a lane, when the network has been evaluated.
void draw_pixel(int lane) {
#if LANES > 1
    pixel_lane = lane;
#endif
    vec4 value = pixel();
    write(lane, u_samples > 1 ? average(value) : value);
}
