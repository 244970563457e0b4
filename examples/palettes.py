"""Palettes: one picture in colours of your own, in a scientific map, and drawn from a seed."""

from msgspec.structs import replace

import netart

PALETTES = {
    "own": "ramp:#102030,#2f6f8f,#f0a040,white",
    "corners": "corners:#0a1830,#5b8dd6,#6a4fa3,#eef6fb",
    "map": "map:batlow",
    "cosine": "cosine:9",
    "poster": "bauhaus",
}

shot = netart.load("silk")
for name, palette in PALETTES.items():
    look = replace(shot.look, palette=palette, posterize=6 if name == "poster" else 0)
    image = netart.render(replace(shot, look=look), (600, 400))
    netart.save(image, f"{name}.webp", quality="lossless")
