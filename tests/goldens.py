"""Golden pictures: small 8-bit pictures whose digests say that a refactoring moved no pixel.

`python -m tests.goldens` draws them by the reference and writes goldens.json: a line a picture, its
digest and its pixels, so that a picture that changed can be compared with what it was. The random
shots stand in the file themselves: drawn anew, they would change with every table that grows.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.draw.sheet import lay_out, page_strips
from netart.evaluate.numbers import Numbers
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.files.source import preset_names, read_source
from netart.lens import measured, picture
from netart.pixels import Pixels, Size
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.shot.timeline import Timeline

FILE = Path(__file__).with_name("goldens.json")

STILL: Size = (36, 24)
PLOT: Size = (120, 80)  # of what would be letters alone
FRAME: Size = (24, 18)
PANEL: Size = (12, 9)
FRAMES = 3

Levels = NDArray[np.uint8]  # (height, width, 3)
Measure = Callable[[Shot], Shot]


PLOTTED = {"curves", "warp", "diagram", "loss"}  # lenses whose pixels matplotlib makes


class Golden(NamedTuple):
    name: str
    draw: Callable[[Evaluator], Pixels]  # (height, width, 3) display sRGB
    draw_measured: Callable[[Evaluator], Pixels]  # the same pixels: what is `auto` is measured once
    dither: bool
    plotted: bool  # its pixels are those of a version of matplotlib

    def levels(self, pixels: Pixels) -> Levels:
        """The picture as an 8-bit file holds it, from what `draw` gives."""
        return Numbers("u1", dither=self.dither).of(pixels)


def goldens() -> Iterator[Golden]:
    """All presets (of films three frames, of sheets the page), then the file's random shots."""
    for name in preset_names(retired=True):
        document = read_source(name).document
        if isinstance(document, Timeline):
            for k in range(FRAMES):
                at = document.at(k / (FRAMES - 1))
                yield still(f"presets/{name}@{k / (FRAMES - 1):g}", at, FRAME)
        elif isinstance(document, Sheet):
            yield page(f"presets/{name}", document)
        else:
            size = PLOT if is_plotted(document) else STILL
            yield still(f"presets/{name}", document, size)
    for name, row in rows().items():
        if "shot" in row:
            height, width, _ = row["shape"]
            yield still(name, from_text(row["shot"]), (width, height))


def still(name: str, shot: Shot, size: Size) -> Golden:
    def draw(measure: Measure, evaluator: Evaluator) -> Pixels:
        return picture(measure(shot), size, evaluator)

    return _golden(name, draw, shot)


def page(name: str, sheet: Sheet) -> Golden:
    """Without labels: their pixels are the font's."""
    panel = STILL if is_plotted(sheet.shot) else PANEL
    sheet = replace(sheet, layout=replace(sheet.layout, panel=panel, labels=False))

    def draw(measure: Measure, evaluator: Evaluator) -> Pixels:
        panels = ((measure(shot), "") for shot in sheet.panels())
        return np.concatenate(list(page_strips(lay_out(sheet), panels, evaluator)))

    return _golden(name, draw, sheet.shot)


def _golden(name: str, draw: Callable[[Measure, Evaluator], Pixels], shot: Shot) -> Golden:
    """draw: takes what becomes of each shot before it is drawn. shot: whose look it has."""

    def as_it_is(shot: Shot) -> Shot:
        return shot

    once = cache(measured)
    return Golden(
        name, partial(draw, as_it_is), partial(draw, once), shot.look.dither, is_plotted(shot)
    )


def is_plotted(shot: Shot) -> bool:
    return any(panel.lens.kind in PLOTTED for panel in shot.panels)


def read() -> dict[str, tuple[str, Levels]]:
    """Name → digest and pixels, as written."""
    return {name: (row["sha256"], _pixels(row)) for name, row in rows().items()}


def rows() -> dict[str, dict[str, Any]]:
    """The file: name → sha256, shape and packed pixels, and of a random shot its text."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text())
    return found


def digest(levels: Levels) -> str:
    """Of the size and the pixels."""
    return hashlib.sha256(repr(levels.shape).encode() + levels.tobytes()).hexdigest()


def write() -> None:
    """Draws all goldens by the reference and writes the file."""
    shots = {name: {"shot": row["shot"]} for name, row in rows().items() if "shot" in row}
    drawn = {golden.name: _row(golden.levels(golden.draw(Reference()))) for golden in goldens()}
    whole = {name: shots.get(name, {}) | row for name, row in drawn.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(row)}" for name, row in whole.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _row(levels: Levels) -> dict[str, Any]:
    packed = base64.b64encode(zlib.compress(levels.tobytes(), 9)).decode()
    return {"sha256": digest(levels), "shape": levels.shape, "pixels": packed}


def _pixels(row: dict[str, Any]) -> Levels:
    data = zlib.decompress(base64.b64decode(row["pixels"]))
    return np.frombuffer(data, np.uint8).reshape(row["shape"])


if __name__ == "__main__":
    write()
