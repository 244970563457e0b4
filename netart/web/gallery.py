"""The page of a sheet: a gallery of its panels, each of which opens live."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netart.draw.sheet import labels
from netart.errors import NetartError
from netart.evaluate.backend import open_evaluator
from netart.lens import picture
from netart.pixels import Size
from netart.shot.sheet import Sheet

MAX_PANELS = 1000  # of a page
# A preview's longer side in pixels and the quality of its WebP, from the best on.
FORMS = ((480, 92), (400, 88), (320, 85), (320, 75), (256, 70), (192, 65), (160, 60), (128, 50))
MAX_PREVIEWS = 300_000  # bytes of all previews, unless each has MIN_PREVIEW
MIN_PREVIEW = 2000
LONG = 60  # letters of a text that is cut into pieces

# Where texts are cut: behind the functions of a shader, and behind its statements.
_ENDS = re.compile(r"(?<=\n}\n)|(?<=;\n)")


def previews(sheet: Sheet) -> list[bytes]:
    """The panels as WebP, small enough for a page that holds all of them."""
    size = _scaled(sheet.layout.panel, FORMS[0][0] / max(sheet.layout.panel))
    with open_evaluator() as evaluator:
        drawn = [picture(panel, size, evaluator) for panel in sheet.panels()]
    return compress([np.rint(255 * pixels).astype(np.uint8) for pixels in drawn])


def compress(drawn: Sequence[NDArray[np.uint8]]) -> list[bytes]:
    """Pictures whose longer side is that of the first of FORMS as WebP, in the best form in which
    they have room.
    """
    images = list(map(Image.fromarray, drawn))
    for side, quality in FORMS:
        found = [_webp(image, side / FORMS[0][0], quality) for image in images]
        if sum(map(len, found)) <= max(MAX_PREVIEWS, MIN_PREVIEW * len(images)):
            break
    return found


def _webp(image: Image.Image, scale: float, quality: int) -> bytes:
    smaller = image.resize(_scaled(image.size, scale), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    smaller.save(file, "WEBP", quality=quality)
    return file.getvalue()


def _scaled(size: Size, scale: float) -> Size:
    return max(1, round(scale * size[0])), max(1, round(scale * size[1]))


def share(values: Sequence[Any]) -> dict[str, Any]:
    """Plain data that is much alike, with what they share written once.

    `first`: the first of the values. `others`: how each differs from it, as `_difference` says.
    `pieces`: of the long texts, which are lists of pieces' numbers under an empty key.
    `expand` in browser/gallery.js puts them together again.
    """
    numbers: dict[str, int] = {}

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(one) for name, one in value.items()}
        if isinstance(value, str) and len(value) > LONG:
            return {"": [numbers.setdefault(one, len(numbers)) for one in _ENDS.split(value)]}
        return value

    first, *others = map(cut, values)
    differences = [_difference(first, other) for other in others]
    return {"first": first, "others": differences, "pieces": list(numbers)}


def _difference(first: Any, other: Any) -> dict[str, Any]:
    """`in`: of tables with the same keys, the values that differ; `is`: another value."""
    if not (isinstance(first, dict) and isinstance(other, dict) and first.keys() == other.keys()):
        return {"is": other}
    differ = {name: value for name, value in other.items() if value != first[name]}
    return {"in": {name: _difference(first[name], value) for name, value in differ.items()}}


def grid(sheet: Sheet, images: Sequence[bytes]) -> str:
    """The panels as markup: a list of links, each a picture with its label."""
    items = []
    for number, (image, label) in enumerate(zip(images, labels(sheet), strict=True), 1):
        source = f"data:image/webp;base64,{base64.b64encode(image).decode()}"
        items.append(
            f'<li><a href="#panel={number}">'
            f'<img src="{source}" alt="{escape(describe(sheet, number))}" loading="lazy">'
            f'<span aria-hidden="true">{"<br>".join(map(escape, label.split(chr(10))))}</span>'
            "</a></li>"
        )
    # A sheet without labels shows them where a panel is pointed at.
    kind = "panels" if sheet.layout.labels else "panels bare"
    return f'<ol class="{kind}">{"".join(items)}</ol>'


def describe(sheet: Sheet, number: int) -> str:
    """What makes a panel another one than the others, in words."""
    texts = sheet.texts(number).items()
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in texts)


def check(sheet: Sheet) -> None:
    """Raises NetartError for a sheet of too many panels for a page."""
    if len(sheet) > MAX_PANELS:
        raise NetartError(f"{len(sheet):,} panels: a page holds {MAX_PANELS:,} at most")
