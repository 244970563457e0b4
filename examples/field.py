"""A field as numbers: the outputs before any colour, their slopes, and one hidden layer."""

import numpy as np

import netart

shot = netart.new("silk", radius=1)
field = netart.values(shot, 256, derivatives=True)
print("values", field.z.shape, f"from {field.z.min():.2f} to {field.z.max():.2f}")

# Slopes are per unit of x and y; a pixel is 2 · radius / 256 wide.
steepness = np.hypot(field.slopes[..., 0], field.slopes[..., 1])
print(f"at most {steepness.max() * 2 * shot.view.radius / 256:.2f} from pixel to pixel")

units = netart.values(shot, 256, hidden=3)
print(f"layer 3: {units.shape[2]} units, on in {np.mean(units > 0):.0%} of the picture")
np.savez_compressed("field.npz", z=field.z, slopes=field.slopes, units=units)
