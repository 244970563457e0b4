"""The colours of palettes: the tables of those that have a name, and reading colours as text."""

from __future__ import annotations

import re

import numpy as np

from netart.errors import NetartError, unknown
from netart.net.ops import Array

MAX_STOPS = 64  # of a ramp's colours
SEPARATOR = re.compile(" ?, ?| ")  # of colours

# Bottom left, bottom right, top left, top right of the square that two outputs span.
CORNERS = {
    "bloom": "#2b1340 #e4467a #1f5aa8 #ffd9a0",
    "candy": "#4b2a7b #ff7f6b #2fb7b0 #fff0d0",
    "frost": "#0a1830 #5b8dd6 #6a4fa3 #eef6fb",
    "grove": "#10231c #c9b458 #2f6b5e #f3ead2",
    "jade": "#06251f #3fa796 #8d5a97 #fbe7c6",
    "kiln": "#12130f #d62828 #e8e4d9 #fcbf49",
    "mono": "#101014 #8b8a90 #4c5a6b #f5f2ea",
    "night": "#05060f #ff3d7f #1ec8ff #f7f4ff",
    "orchard": "#2d1e2f #e36397 #95d5b2 #fffbe6",
    "sun": "#3a0f2b #f2542d #0e9594 #f5dfbb",
}

# In no list, since they look like sun (coast, terra) and like night and candy (neon); shots that
# name them draw what they drew.
UNLISTED_CORNERS = {
    "coast": "#0d2b45 #d08159 #1f6f78 #ffecd6",
    "neon": "#120a2a #ff4f79 #00b3c6 #fff3b0",
    "terra": "#24140f #c65d3b #3d6070 #f2dcc0",
}

RAMPS = {
    "abalone": "#0c1a24 #155e63 #36b39a #cdeecb #f9d7e3 #b877c9 #41307c",
    "alpine": "#17324f #20626f #4f9a7c #b9c98a #e6c27a #cf7a45 #96322c",
    "aurora": "#05060f #0b2d3a #0f8b6d #7ff2b0 #e6fbef #8a5bd6 #1b0f3b",
    "bauhaus": "#f3ece0 #e4b92a #d8392b #1d4e9e #14141a #f3ece0",
    "blueorange": "#08213f #1c5c92 #8fc0d8 #f6efe2 #f2a65a #c8511b #5b1a0a",
    "constructivist": "#101418 #f2efe6 #101418 #d9381e #f2efe6 #101418",
    "dusk": "#101030 #3b2a6b #8a3f86 #e0647c #f9a978 #fdf0c8",
    "ember": "#0b0a14 #2a1436 #6b1f46 #c03a3a #f08a3c #fbe3a6",
    "gilt": "#0a0a0c #1b1b22 #0e0e12 #d6a23c #fff0b8 #8a5a1a #0a0a0c",
    "hobbs": "#f2e8d8 #e9b44c #d7572b #26202a #1b3a4b #5f9ea0 #f5c9b3",
    "inferno": "#000004 #1b0c41 #4a0c6b #781c6d #a52c60 #cf4446 #ed6925 #fb9b06 #f7d13d #fcffa4",
    "ink": "#0c0c0e #2a2b30 #6c6a66 #c9c2b4 #f4efe4",
    "klimt": "#14110f #3d2b1f #a8791f #f0cf6a #fff3cd #3f8a66 #12332b",
    "moss": "#0d1a14 #1f4033 #4f7a4a #a9b665 #ecd9a0 #f6efe0",
    "oilslick": "#0a0a12 #1f2d6b #0e8a8f #6fd67a #f5e663 #f0642f #b3217a #2a0f4f",
    "redgreen": "#7d1a22 #b8382f #dd7a4a #ecc885 #c3c98a #6f9f5c #2c6b41",
    "riso": "#f4efe4 #ff5a5f #2b2d6e #00a6a6 #f7c948 #f4efe4",
    "sakura": "#2a1a2e #7b3b5e #e07a9a #fbd3da #fff7f2 #b8d8ba #3d6b58",
    "sea": "#0e2a47 #14506b #2f8f8c #9ccf9f #e9e2b0",
    "spectral": "#3b3a8f #2f87b7 #6cc3a3 #d9ee9a #fdf3a8 #fdb366 #e6554a #96104a",
    "stone": "#4a4f57 #7d8084 #b3aca1 #d9cfbf #efe7da",
    "tide": "#03111f #0b3550 #13708a #58b8ae #d8ecd0 #f7f3e3",
    "ukiyo": "#0f2143 #22577a #8fb8c9 #f3ead7 #e8a583 #c8432b #3a1010",
    "vapor": "#1a0b3b #5a1e9a #ff4fa3 #ffc2d9 #f4fbff #7fe7ff #1f7ae0 #12104a",
    "viridis": "#440154 #482878 #3e4989 #31688e #26828e #1f9e89 #35b779 #6ece58 #b5de2b #fde725",
}

# Kind of palette → its names.
NAMED = {"corners": CORNERS | UNLISTED_CORNERS, "ramp": RAMPS}


def range_text(low: int, high: int) -> str:
    """How many are allowed, in words: `4`, `2 to 64`."""
    return str(low) if low == high else f"{low} to {high}"


def read_colours(text: str, kind: str, min_count: int, max_count: int) -> Array:
    """(3, N) display sRGB of a name of the kind, or of colours as `colour` reads them.

    Raises NetartError with the nearest name.
    """
    named = NAMED[kind]
    colours = SEPARATOR.split(" ".join(named.get(text, text).split()))
    if len(colours) == 1 and not is_colour(text):
        for other in NAMED:
            if text in NAMED[other]:
                raise NetartError(f"unknown name {text!r}: did you mean {other}:{text}?")
        raise unknown("name", text, named.keys() - UNLISTED_CORNERS)
    if len(colours) <= max_count:  # before anything is said of the number: a wrong one is clearer
        found = [colour(each) for each in colours]
    if not min_count <= len(colours) <= max_count:
        count = f"{len(colours)} colour{'s' * (len(colours) > 1)}"
        raise NetartError(f"{count}, must be {range_text(min_count, max_count)}")
    return np.array(found).T / 255


def is_colour(text: str) -> bool:
    """Whether the text is meant as a colour: begins with #, or is a name of CSS."""
    from PIL import ImageColor

    return text.startswith("#") or text.lower() in ImageColor.colormap


def colour(text: str) -> tuple[int, ...]:
    """Red, green, blue from 0 to 255 of #rgb, #rrggbb or a name of CSS. Raises NetartError."""
    from PIL import ImageColor

    is_hex = re.fullmatch("#([0-9a-fA-F]{3}){1,2}", text)
    if text[:1] in ("", "#") and not is_hex:
        raise NetartError(f"unknown colour {text!r}: write #rgb, #rrggbb or a name of CSS")
    if not is_hex and text.lower() not in ImageColor.colormap:
        raise unknown("colour", text, ("#rgb", "#rrggbb", *ImageColor.colormap))
    return ImageColor.getrgb(text)[:3]
