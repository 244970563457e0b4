"""Draws the README's pictures: `make pictures`."""

from __future__ import annotations

from pathlib import Path

from netart.cli import cli

# File → command without its -o.
PICTURES = {
    "silk.png": "render silk --size 1280x480",
    "presets.png": "presets --sheet --size 150x150",
    "lava.png": "animate lava --strip 6 --size 200x200 --quiet",
    "layers.png": "sheet tour-10 --size 132x132 --columns 9 --gutter 8 --quiet",
}


def main() -> None:
    for name, command in PICTURES.items():
        cli([*command.split(), "-o", str(Path(__file__).parent / name)], standalone_mode=False)


if __name__ == "__main__":
    main()
