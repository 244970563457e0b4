"""Palettes from files: the main colours of a picture, or a list that another program wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from netart.errors import NetartError
from netart.files.limits import MAX_PALETTE_BYTES, open_regular, read_text_within
from netart.files.pictures import read_picture
from netart.shot.clusters import Colours, corners_of, ramp_of
from netart.shot.colours import MAX_STOPS, colour
from netart.shot.oklab import blend_stops

PICTURE_COLOURS = 7  # of a picture, which are a ramp, or of which corners are chosen
SIDE = 192  # of the picture whose colours are counted

WRITTEN = re.compile(r"(?:(ramp|corners):)?(from:)?(.+)", re.DOTALL)
COLOUR_LINE = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s.*)?", re.ASCII)
GPL_HEAD = re.compile(r"#|(Name|Columns|Channels):")


def read_palette(text: str) -> str:
    """The name of a palette, with its colours in place of the file from which it takes them.

    text: `from:FILE`, `ramp:from:FILE` or `corners:from:FILE`, of a picture or a file of colours,
    whose suffix does without `from:`; anything else is a name already. Raises NetartError.
    """
    found = WRITTEN.fullmatch(text)
    if not found or not (found[2] or Path(found[3]).suffix.lower() in LISTS):
        return text
    kind, path = found[1] or "ramp", Path(found[3])
    read_list = LISTS.get(path.suffix.lower())
    with open_regular(path) as file:
        colours = _read_list(file, read_list) if read_list else _read_picture(file)
        chosen = _choose(colours, kind, is_list=read_list is not None)
    levels = np.rint(chosen.T * 255).astype(int)
    return f"{kind}:" + ",".join("#{:02x}{:02x}{:02x}".format(*level) for level in levels)


def _choose(colours: Colours, kind: str, is_list: bool) -> Colours:
    """The colours of a palette of this kind: all that a list has, if that may be."""
    if kind == "corners":
        return (
            colours if is_list and colours.shape[1] == 4 else corners_of(colours, PICTURE_COLOURS)
        )
    if not is_list:
        return ramp_of(colours, PICTURE_COLOURS)
    if colours.shape[1] <= MAX_STOPS:
        return colours
    return blend_stops(colours, MAX_STOPS)


def _read_picture(file: IO[bytes]) -> Colours:
    """(3, N) display sRGB of the picture made small, without what is transparent."""
    from PIL import Image

    image = read_picture(file, SIDE)
    image.thumbnail((SIDE, SIDE), Image.Resampling.NEAREST)
    rgba = np.asarray(image).reshape(-1, 4)
    opaque = rgba[rgba[:, 3] > 127, :3]
    if not len(opaque):
        raise NetartError("is transparent everywhere")
    return np.asarray(opaque.T / 255)


def _read_list(file: IO[bytes], read: Callable[[str], list[Any]]) -> Colours:
    """(3, N) display sRGB of the colours in a file. Raises NetartError where there are none."""
    colours = read(read_text_within(file, MAX_PALETTE_BYTES, "replace"))
    if len(colours) < 2:
        raise NetartError(f"{len(colours)} colours, must be 2 at least")
    return np.array(colours).T / 255


def _read_gpl(text: str) -> list[Any]:
    """The colours of GIMP's format: a line each, behind a head."""
    first, *lines = text.splitlines() or [""]
    if first.strip() != "GIMP Palette":
        raise NetartError("line 1: must be GIMP Palette")
    return _read_lines(["" if GPL_HEAD.match(line) else line for line in ["", *lines]])


def _read_map(text: str) -> list[Any]:
    """The colours of Fractint's format: a line each, with comments behind them."""
    return _read_lines(text.splitlines())


def _read_lines(lines: list[str]) -> list[Any]:
    """The colours of lines that begin with them; empty lines have none."""
    colours = []
    for number, line in enumerate(lines, 1):
        found = COLOUR_LINE.fullmatch(line)
        levels = [int(level) for level in found.groups()] if found else [256]
        if max(levels) < 256:
            colours.append(levels)
        elif line.strip():
            wanted = "must begin with red, green and blue from 0 to 255"
            raise NetartError(f"line {number}: {line[:80]!r}: {wanted}")
    return colours


def _read_json(text: str) -> list[Any]:
    """The colours of a list, each as in a ramp's name, or [red, green, blue] from 0 to 255."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NetartError("is not valid JSON") from None
    if not isinstance(data, list):
        raise NetartError("must be a list of colours")
    return [_read_item(item, number) for number, item in enumerate(data, 1)]


def _read_item(item: Any, number: int) -> Any:
    if isinstance(item, str):
        try:
            return colour(item)
        except NetartError as error:
            raise error.at(f"colour {number}") from None
    levels = item if isinstance(item, list) else []
    if len(levels) == 3 and all(type(level) is int and 0 <= level < 256 for level in levels):
        return levels
    raise NetartError(
        f"colour {number}: must be a text such as #102030, or [red, green, blue] from 0 to 255"
    )


# Suffix of a file of colours → what reads its text.
LISTS: dict[str, Callable[[str], list[Any]]] = {
    ".gpl": _read_gpl,
    ".map": _read_map,
    ".json": _read_json,
}
