// The pattern of dithering, whose numbers netart/evaluate/numbers.py gives.

// In (0, 1): what dithering adds before it drops the fraction.
float pattern(uvec2 pixel, uint channel) {
    uint turn = pixel.x * ALONG_X + pixel.y * ALONG_Y + channel * CHANNEL;
    return (float(turn >> 24) + 0.5) / 256.0;
}
