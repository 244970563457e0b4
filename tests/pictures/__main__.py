"""Draws the README's pictures: `make pictures`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import netart
from netart.cli import cli
from netart.live.overlay import help_page

# File → command without its -o.
PICTURES = {
    "glaze.png": "render glaze --size 1280x480",
    "presets.png": "presets --sheet --group pictures --size 118x118",
    "lights.png": "sheet ember --light all --size 190x190 --columns 4 --quiet",
    "lenses.png": "sheet --widths 12,12,3 --activation leaky_relu --radius 2 --seed 4 "
    "--size 200x200 --over lens=colour,landscape,regions,lines,glass,glass:facets --columns 6 "
    "--gutter 8 --background #f4f2ee --quiet",
    "turntable.png": "animate turntable --strip 6 --size 200x200 --quiet",
    "phase.png": "phase --lens landscape --outputs 1 --layers 16x20 --size 1200x900 --quiet",
    "sweep.png": "sheet ginn-sweep --size 150x150 --columns 9 --gutter 6 --quiet",
    "spiral-turn.png": "render spiral-turn --size 1280x330 --quiet",
    "ginn-learns.webp": "animate ginn-learns --size 480x240 --duration 4 --fps 15 --quiet",
    "gilt-scales.webp": "animate gilt-scales --size 240x240 --duration 2.5 --quiet",
    "lava.png": "animate lava --strip 6 --size 200x200 --quiet",
    "layers.png": "sheet tour-10 --size 132x132 --columns 9 --gutter 8 --quiet",
}


FOLDER = Path(__file__).parent


def main() -> None:
    for name, command in PICTURES.items():
        cli([*command.split(), "-o", str(FOLDER / name)], standalone_mode=False)
    window("silk", FOLDER / "live.png")


def window(preset: str, path: Path) -> None:
    """The window as it looks with its help, which lies over the picture as the screen puts it."""
    size = 1280, 720
    image = netart.render(preset, size)
    page = help_page(size, 1.0).astype(np.float32) / 255
    high, wide, _ = page.shape
    left, top = (size[0] - wide) // 2, (size[1] - high) // 2
    below = image.pixels[top : top + high, left : left + wide]
    below[:] = page[..., :3] + below * (1 - page[..., 3:])
    image.save(path, metadata=False)


if __name__ == "__main__":
    main()
