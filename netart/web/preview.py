"""Small pictures that stand in a page until it draws, and where it cannot."""

from __future__ import annotations

import base64
from io import BytesIO

from msgspec.structs import replace

from netart.evaluate.backend import open_evaluator
from netart.evaluate.numbers import Numbers
from netart.lens import measured, picture, single
from netart.pixels import Size
from netart.shot.lens import Landscape, Regions
from netart.shot.shot import Shot

# Of a preview: pixels of a side, and how many times the shot's radius it covers, so that it fills
# windows of any shape.
SIDE, REACH = 480, 2.0
MAX_PREVIEW_BYTES = 18_000  # 24 kB in base64
# Of a picture that stands for a page: pixels of its height, and bytes.
STILL = 900, 110_000
SMALL = 360, 18_000
QUALITIES = (85, 75, 65, 50, 35, 20, 10, 1)  # of WebP


def preview(shot: Shot) -> str:
    """A data URL of a square picture around the view of a shot that a page draws, without letters;
    of a landscape, which fits windows of any shape, of itself.
    """
    shown = single(measured(shot))
    if isinstance(shot.lens, Landscape):
        return _data_url(shown, (SIDE, SIDE), MAX_PREVIEW_BYTES)
    view = replace(shown.view, radius=REACH * shown.view.radius)
    # The page shows it so much larger. Letters stand where the view alone has the widest parts.
    marks = replace(shown.marks, point_size=shown.marks.point_size / REACH)
    lens = shown.lens
    if isinstance(lens, Regions):
        lens = replace(lens, annotate=False)
    wide = replace(shown, view=view, marks=marks, lens=lens)
    return _data_url(wide, (SIDE, SIDE), MAX_PREVIEW_BYTES)


def still(shot: Shot, limits: tuple[int, int] = STILL) -> str:
    """A data URL of the picture of a shot that no page draws. limits: STILL or SMALL."""
    height, max_bytes = limits
    return _data_url(shot, (round(height * shot.aspect), height), max_bytes)


def _data_url(shot: Shot, size: Size, max_bytes: int) -> str:
    """A data URL of the picture as WebP, of the highest quality at which it is so small."""
    from PIL import Image

    with open_evaluator("cpu") as evaluator:
        image = Image.fromarray(picture(shot, size, evaluator, Numbers("u1")))
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "webp", quality=quality, method=4)
        if file.tell() <= max_bytes:
            break
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"
