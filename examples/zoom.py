"""A zoom as an animated GIF: equal ratios of the radius are a constant speed."""

from decimal import Decimal

from msgspec.structs import replace
from PIL import Image

import netart

FRAMES, CLOSER = 60, 12

shot = netart.load("silk")
# Contrast in numbers: measured for each frame anew it would flicker.
look = replace(shot.look, contrast=((-2.0, 2.0),))
there = (Decimal("0.36"), Decimal("-0.48"))

frames = []
for k in range(FRAMES):
    radius = shot.view.radius * CLOSER ** (-k / (FRAMES - 1))
    view = replace(shot.view, centre=there, radius=radius)
    image = netart.render(replace(shot, view=view, look=look), (320, 320))
    frames.append(Image.fromarray((image.pixels * 255 + 0.5).astype("uint8")))

frames[0].save("zoom.gif", save_all=True, append_images=frames[1:], duration=40, loop=0)
