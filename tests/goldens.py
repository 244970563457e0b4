"""Golden pictures: small 8-bit pictures whose digests say that a refactoring moved no pixel.

`python -m tests.goldens` draws them by the reference and writes goldens.json: a line a picture, its
digest and its pixels, so that a picture that changed can be compared with what it was.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.draw.sheet import drawn, page_of
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.files.source import preset_names, read_source
from netart.files.stills.spec import levels
from netart.lens import picture
from netart.net.sampling import DISTRIBUTIONS
from netart.pixels import Pixels, Size
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from tests.shots import random_shot, shot

FILE = Path(__file__).with_name("goldens.json")

STILL: Size = (36, 24)
FRAME: Size = (24, 18)
PANEL: Size = (12, 9)
FRAMES = 3
RANDOM_SHOTS = 40

Levels = NDArray[np.uint8]  # (height, width, 3)


class Golden(NamedTuple):
    name: str
    draw: Callable[[Evaluator], Pixels]  # (height, width, 3) display sRGB
    dither: bool

    def levels(self, evaluator: Evaluator) -> Levels:
        """The picture as an 8-bit file holds it."""
        return levels(self.draw(evaluator), np.uint8, self.dither, 0)


def goldens() -> Iterator[Golden]:
    """All presets (of films three frames, of sheets the page), then random shots."""
    for name in preset_names():
        document = read_source(name).document
        if isinstance(document, Timeline):
            for k in range(FRAMES):
                at = document.at(k / (FRAMES - 1))
                yield still(f"presets/{name}@{k / (FRAMES - 1):g}", at, FRAME)
        elif isinstance(document, Sheet):
            yield page(f"presets/{name}", document)
        else:
            yield still(f"presets/{name}", document, STILL)
    for number in range(RANDOM_SHOTS):
        yield still(f"random/{number}", *varied(number))


def still(name: str, shot: Shot, size: Size) -> Golden:
    return Golden(name, lambda evaluator: picture(shot, size, evaluator), shot.look.dither)


def page(name: str, sheet: Sheet) -> Golden:
    """Without labels: their pixels are the font's."""
    sheet = replace(sheet, layout=replace(sheet.layout, panel=PANEL, labels=False))

    def draw(evaluator: Evaluator) -> Pixels:
        panels = ((shot, "") for shot in sheet.panels())
        return np.concatenate(list(drawn(page_of(sheet), panels, evaluator)))

    return Golden(name, draw, sheet.shot.look.dither)


def varied(number: int) -> tuple[Shot, Size]:
    """A random shot with a random look."""
    found, (width, height) = random_shot(number, number)
    rng = np.random.default_rng(1000 + number)
    texts = {
        "mix": f"{number}:0.8,{number + 1}:-0.5" if number % 4 == 0 else f"{number}:1",
        "distribution": str(rng.choice(sorted(DISTRIBUTIONS))),
        "gamma": f"{rng.uniform(0.5, 2):.2f}",
        "invert": str(number % 3 == 0).lower(),
        "posterize": str(rng.integers(2, 9) if number % 7 == 0 else 0),
        "dither": str(number % 2 == 0).lower(),
    }
    return shot(found, **texts), (width // 2, height // 2)


def read() -> dict[str, tuple[str, Levels]]:
    """Name → digest and pixels, as written."""
    return {
        name: (row["sha256"], _pixels(row)) for name, row in json.loads(FILE.read_text()).items()
    }


def digest(levels: Levels) -> str:
    """Of the size and the pixels."""
    return hashlib.sha256(repr(levels.shape).encode() + levels.tobytes()).hexdigest()


def write() -> None:
    """Draws all goldens by the reference and writes the file."""
    rows = {golden.name: _row(golden.levels(Reference())) for golden in goldens()}
    lines = (f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _row(levels: Levels) -> dict[str, Any]:
    packed = base64.b64encode(zlib.compress(levels.tobytes(), 9)).decode()
    return {"sha256": digest(levels), "shape": levels.shape, "pixels": packed}


def _pixels(row: dict[str, Any]) -> Levels:
    data = zlib.decompress(base64.b64decode(row["pixels"]))
    return np.frombuffer(data, np.uint8).reshape(row["shape"])


if __name__ == "__main__":
    write()
