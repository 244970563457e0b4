// Draws the pixel of a lane, when the network has been evaluated.
void draw_pixel(int lane) {
    pixel_lane = lane;
    vec4 value = pixel();
    write(lane, u_samples > 1 ? average(value) : value);
}
