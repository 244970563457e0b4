"""A field as numbers: the first output before its activation, through a gray of known limits."""

import numpy as np
from msgspec.structs import replace

import netart

LOW, HIGH = -8.0, 8.0

shot = netart.load("silk")
lens = replace(shot.lens, output=1)
look = replace(shot.look, palette="gray", contrast=((LOW, HIGH),))
gray = netart.render(replace(shot, lens=lens, look=look), (512, 512)).pixels[..., 0]

field = LOW + (HIGH - LOW) * gray
print(f"from {field.min():.3f} to {field.max():.3f}, {np.mean(field > 0):.1%} above 0")
np.save("field.npy", field)
