"""Pages whose style, script and data are deflated, which makes them several times smaller."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

from netart.web.bundle import script as bundle
from netart.web.html import Text, page, to_json

# What stands for those of base64.b85encode that mean something to HTML or JSON.
DIGITS = bytes.maketrans(b"<>&", b",./")

# Until the page has its own style.
HIDDEN = "body { visibility: hidden; } noscript { visibility: visible; }"


def packed_page(about: Text, style: str, body: str, script: str, data: Mapping[str, Any]) -> str:
    """The page as `page` in html.py makes it, but unpacked by the browser that opens it. What is
    too old for that, from before 2023, says so.
    """
    text = to_json({"style": style, "data": to_json(data), "script": script})
    packing = zlib.compressobj(9, memLevel=6)  # smaller blocks suit code and weights in one text
    packed = _base85(packing.compress(text.encode()) + packing.flush())
    return page(about, HIDDEN, body, bundle("unpack.js"), {"packed": packed}, script)


def _base85(data: bytes) -> str:
    """Bytes in digits that may stand between tags: four bytes are five digits, a sixteenth fewer
    than of base64.
    """
    return base64.b85encode(data).translate(DIGITS).decode()
