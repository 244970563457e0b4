"""One script of several: the ES modules of browser/, joined so that a page needs no other file."""

from __future__ import annotations

import re
from pathlib import Path

BROWSER = Path(__file__).parent / "browser"

# How modules import: whole lines, names in braces, from a neighbour.
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w/]+\.js)";\n', re.MULTILINE)
# What a page need not carry: lines that are comments or empty, what lines begin with, and comments
# behind code that are no part of a text.
_SPARE = re.compile(r"""^\s*(?://.*)?\n|^[ \t]+|(?<=[;,{}()\[\]]) +// [^\n"'`]*$""", re.MULTILINE)
# Of a style sheet: comments, and spaces that part nothing.
_SPARE_STYLE = re.compile(
    r"/\*.*?\*/\s*|(?<=[{};,:])\s+|^ +|(?<=\S)\s+(?=\{)", re.MULTILINE | re.DOTALL
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)


def script(*entries: str, folder: Path = BROWSER) -> str:
    """Modules as a script, behind all that they import. Names that modules of one script have at
    their top level are different.
    """
    return '"use strict";\n' + shorten(joined(*entries, folder=folder))


def joined(*entries: str, folder: Path = BROWSER) -> str:
    """Modules and all that they import, as they are written."""
    seen: set[str] = set()

    def text(name: str) -> str:
        if name in seen:
            return ""
        seen.add(name)
        source = (folder / name).read_text(encoding="utf-8")
        below = "".join(map(text, _IMPORT.findall(source)))
        return below + _EXPORT.sub("", _IMPORT.sub("", source))

    return "".join(map(text, entries))


def shorten(code: str) -> str:
    """JavaScript or GLSL without comments, but for some with quotes, and without indentation."""
    return _SPARE.sub("", code)


def style(*names: str) -> str:
    """The style sheets of browser/, joined, without comments and spare spaces."""
    texts = ((BROWSER / name).read_text(encoding="utf-8") for name in names)
    return _SPARE_STYLE.sub("", "".join(texts))
