"""A sheet: networks read out after some of their layers, a row for each seed."""

import numpy as np
from msgspec.structs import replace
from PIL import Image

import netart

shot = netart.load("silk")
rows = []
for seed in (321, 322, 323):
    network = replace(shot.network, mix=((seed, 1.0),))
    row = []
    for layer in (2, 4, 8, 12, 16):
        panel = replace(shot, network=network, lens=replace(shot.lens, layer=layer))
        row.append(netart.render(panel, (240, 240)).pixels)
    rows.append(np.concatenate(row, axis=1))

page = np.concatenate(rows)
Image.fromarray((page * 255 + 0.5).astype("uint8")).save("layers.png")
