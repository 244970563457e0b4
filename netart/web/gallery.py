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

from netart.draw.sheet import short_texts
from netart.errors import NetartError
from netart.evaluate.backend import open_evaluator
from netart.evaluate.numbers import Numbers
from netart.lens import picture
from netart.pixels import Size
from netart.shot.lens import Landscape
from netart.shot.sheet import Over, Sheet
from netart.shot.shot import Shot
from netart.web.bundle import script, style
from netart.web.describe import counted, listed, with_description
from netart.web.html import Text
from netart.web.origin import Origin
from netart.web.packed import packed_page
from netart.web.shot_page import shot_data, why_still

MAX_PANELS = 1000  # of a page
# A preview's longer side in pixels and the quality of its WebP, from the best on. The larger ones
# are for panels of which a page has nothing else.
FORMS = (
    (960, 85), (720, 85),
    (480, 92), (400, 88), (320, 85), (320, 75), (256, 70), (192, 65), (160, 60), (128, 50),
)  # fmt: skip
LIVE_SIDE = 480
MAX_PREVIEWS = 250_000  # bytes of all previews, unless each has MIN_PREVIEW
MIN_PREVIEW = 2000
MAX_VALUE = 40  # letters of a field's value in captions
LONG = 60  # letters of a text that is cut into pieces

BODY = """<main class="gallery">
<header>
<h1>{name}</h1>
<p>{about}</p>
<p id="ignored" role="status"></p>
</header>
{grid}
</main>
<div id="open" hidden>
<nav aria-label="Panels"></nav>
<main id="live"></main>
</div>"""

# Where texts are cut: behind the functions of a shader, and behind its statements.
_ENDS = re.compile(r"(?<=\n}\n)|(?<=;\n)")


def gallery_page(sheet: Sheet, origin: Origin) -> str:
    """The HTML of a sheet's page. Raises NetartError where it has too many panels for one."""
    if len(sheet) > MAX_PANELS:
        raise NetartError(f"{len(sheet):,} panels: a page holds {MAX_PANELS:,} at most")
    panels = list(sheet.panels())
    reasons = list(map(_why_picture, panels))
    data = [
        {"differs": differs}
        | ({"why": why} if why else {"live": shot_data(panel, _origin(origin, sheet, number))})
        for number, (panel, why, differs) in enumerate(
            zip(panels, reasons, differences(sheet), strict=True), 1
        )
    ]
    images = previews(sheet, FORMS[0][0] if any(reasons) else LIVE_SIDE)
    shorter, about = min(sheet.layout.panel), with_description(origin.about, _about(sheet))
    wide, high = (100 * side / shorter for side in sheet.layout.panel)
    numbers = f":root{{--columns:{sheet.grid[0]};--wide:{wide:g};--high:{high:g}}}"
    body = BODY.format(name=escape(origin.name), about=escape(about), grid=grid(sheet, images))
    # What draws landscapes is in the page only where there are some.
    has_landscapes = any(isinstance(panel.lens, Landscape) for panel in panels)
    css = style(
        "page.css", "help.css", "player.css", "gallery.css", *["landscape.css"] * has_landscapes
    )
    entry = "landscape_gallery.js" if has_landscapes else "shot_gallery.js"
    about_page = Text(origin.name, about, _data_url(images[0]))
    contents = {"name": origin.name, **share(data)}
    return packed_page(about_page, numbers + css, body, script(entry), contents)


def _why_picture(panel: Shot) -> str:
    """Why a panel does not open live, as a sentence; empty where it does."""
    why = why_still(panel)
    return why and f"Browsers do not draw {why}: this is a picture."


def _about(sheet: Sheet) -> str:
    """What the sheet shows, in a sentence."""
    varied = listed([_spoken(one.field) for one in sheet.varied])
    return f"{counted(len(sheet), 'picture')} of neural networks, which differ in {varied}."


def _origin(origin: Origin, sheet: Sheet, number: int) -> Origin:
    """Where a panel comes from: panel K of SOURCE is `SOURCE#K`."""
    name = f"{origin.name}#{number}"
    if not origin.words or origin.texts is None:
        return Origin(name, (), None)
    varied = {one.field for one in sheet.varied}
    texts = {field: text for field, text in origin.texts.items() if field not in varied}
    return Origin(name, (f"{origin.words[0]}#{number}", *origin.words[1:]), texts)


def previews(sheet: Sheet, longest: int = LIVE_SIDE) -> list[bytes]:
    """The panels as WebP, small enough for a page that holds all of them. longest: their longer
    side in pixels, one of FORMS.
    """
    size = _scaled(sheet.layout.panel, longest / max(sheet.layout.panel))
    with open_evaluator() as evaluator:
        drawn = [picture(panel, size, evaluator, Numbers("u1")) for panel in sheet.panels()]
    return compress(list(map(np.asarray, drawn)))


def compress(drawn: Sequence[NDArray[np.uint8]]) -> list[bytes]:
    """Pictures of one size, (height, width, 3), as WebP, in the best of FORMS in which all of them
    have room.
    """
    images = list(map(Image.fromarray, drawn))
    longest = max(images[0].size)
    for side, quality in FORMS:
        if side > longest:
            continue
        found = [_webp(image, side / longest, quality) for image in images]
        if sum(map(len, found)) <= max(MAX_PREVIEWS, MIN_PREVIEW * len(images)):
            break
    return found


def _data_url(image: bytes) -> str:
    return f"data:image/webp;base64,{base64.b64encode(image).decode()}"


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
    Long texts are numbers under an empty key: places in `texts`, where each is a list of places in
    `pieces`. `expand` in browser/gallery.js puts all of it together again.
    """
    texts: dict[str, int] = {}

    def number(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: number(one) for name, one in value.items()}
        if isinstance(value, (list, tuple)):
            return list(map(number, value))
        if isinstance(value, str) and len(value) > LONG:
            return {"": texts.setdefault(value, len(texts))}
        return value

    first, *others = map(number, values)
    pieces: dict[str, int] = {}
    cut = [[pieces.setdefault(one, len(pieces)) for one in _ENDS.split(text)] for text in texts]
    differences = [_difference(first, other) for other in others]
    return {"first": first, "others": differences, "texts": cut, "pieces": list(pieces)}


def _difference(first: Any, other: Any) -> dict[str, Any]:
    """`in`: of tables with the same keys, and of lists as long as each other, the values that
    differ; `is`: another value.
    """
    tables = [
        dict(enumerate(value)) if isinstance(value, list) else value for value in (first, other)
    ]
    if not (
        type(first) is type(other)
        and isinstance(tables[0], dict)
        and tables[0].keys() == tables[1].keys()
    ):
        return {"is": other}
    differ = {name: value for name, value in tables[1].items() if value != tables[0][name]}
    return {"in": {name: _difference(tables[0][name], value) for name, value in differ.items()}}


def grid(sheet: Sheet, images: Sequence[bytes]) -> str:
    """The panels as markup: a list of links, each a picture with its caption. Where two fields give
    the grid their values are its heads, and captions are there where it has fewer columns.
    """
    items = [
        f'<li><a href="#panel={number}">'
        f'<img src="{_data_url(image)}" alt="{escape(text)}" loading="lazy">'
        f'<span aria-hidden="true">{escape(text)}</span></a></li>'
        for number, (image, text) in enumerate(zip(images, captions(sheet), strict=True), 1)
    ]
    if len(sheet.overs) == 1:
        return f'<ol class="panels">{"".join(items)}</ol>'
    columns = sheet.grid[0]
    corner, across, down = heads(sheet)
    lines = [corner + "".join(across)]
    for row, head in enumerate(down):
        lines.append(head + "".join(items[columns * row : columns * (row + 1)]))
    kind = "panels table numbered" if sheet.layout.labels == "numbered" else "panels table"
    return f'<ol class="{kind}">{"".join(lines)}</ol>'


def heads(sheet: Sheet) -> tuple[str, list[str], list[str]]:
    """Of a sheet of two fields, as items of its list: the fields' names, for the corner, and the
    heads of its columns and of its rows. Readers of screens have them in each panel's caption.
    """
    rows, columns = short_texts(sheet), sheet.grid[0]

    def head(kind: str, *lines: str) -> str:
        text = "<br>".join(map(escape, lines))
        return f'<li class="head {kind}" aria-hidden="true">{text}</li>'

    def values(over: Over, row: dict[str, str]) -> str:
        return ", ".join(shorten(row[one.field]) for one in over.together)

    first, second = sheet.overs
    corner = head("corner", f"{_names(first)} →", f"{_names(second)} ↓")
    across = [head("across", values(first, row)) for row in rows[:columns]]
    down = [head("down", values(second, row)) for row in rows[::columns]]
    return corner, across, down


def captions(sheet: Sheet) -> list[str]:
    """What makes each panel another one than the others, in words: behind its number where the
    sheet numbers its panels.
    """
    found = []
    for number, texts in enumerate(differences(sheet), 1):
        text = ", ".join(texts.values())
        found.append(f"#{number} {text}" if sheet.layout.labels == "numbered" else text)
    return found


def differences(sheet: Sheet) -> list[dict[str, str]]:
    """Of each panel the fields that differ between panels, with their names and values in words."""
    return [
        {name: f"{_spoken(name)} {shorten(value)}" for name, value in row.items()}
        for row in short_texts(sheet)
    ]


def shorten(value: str) -> str:
    """The value, as long as there is room for."""
    return value if len(value) <= MAX_VALUE else f"{value[: MAX_VALUE - 1]}…"


def _names(over: Over) -> str:
    return ", ".join(_spoken(one.field) for one in over.together)


def _spoken(field: str) -> str:
    return field.replace("_", " ")
