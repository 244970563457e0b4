"""Draws the README's pictures: `make pictures`."""

from __future__ import annotations

from pathlib import Path

import netart

# File → preset and size in pixels.
PICTURES = {"silk.png": ("silk", (1280, 480))}


def main() -> None:
    for name, (preset, size) in PICTURES.items():
        netart.save(netart.render(netart.load(preset), size), Path(__file__).parent / name)
        print(name)


if __name__ == "__main__":
    main()
