"""The text of shaders: files of shaders/ and lines, joined."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from netart.assets import folder

DESKTOP = "desktop.glsl"  # the file of the version line of OpenGL 3.3

_INCLUDE = re.compile(r'^#include "(.+)"\n', re.MULTILINE)


def join(*parts: str) -> str:
    """One shader of the parts: names of files in shaders/, or lines. Includes come in once."""
    return _join(folder("shaders"), parts)


@lru_cache(64)  # a picture is drawn in many parts
def _join(files: Path, parts: tuple[str, ...]) -> str:
    seen: set[str] = set()

    def text(part: str) -> str:
        if not part.endswith(".glsl"):
            return part
        if part in seen:
            return ""
        seen.add(part)
        source = (files / part).read_text(encoding="utf-8")
        return _INCLUDE.sub(lambda match: text(match[1]), source) + "\n"

    return "".join(map(text, parts))


def number_lines(source: str) -> str:
    """The source with line numbers, to read a compiler's messages by."""
    return "\n".join(f"{k:4d}  {line}" for k, line in enumerate(source.splitlines(), 1))
