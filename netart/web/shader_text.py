"""GLSL that is read, and pasted into other programs: what is used of the files of shaders/, with
names, numbers and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from netart.assets import folder

WIDTH = 100  # characters of a line

_INCLUDE = re.compile(r'^#include "(.+)"\n', re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w*")
_CALL = re.compile(r"\b[a-z_]\w*(?=\()")
# What an item at the top level defines: a function, a struct, constants and variables.
_FUNCTION = re.compile(r"^\w+ (\w+)\(", re.MULTILINE)
_STRUCT = re.compile(r"^struct (\w+)")
_VARIABLES = re.compile(r"^(?:const |uniform |out )*\w+ ([^=;]+)[=;]")
# Sentences that speak of netart's own code, and those of a file's header that speak of its use.
_OF_NETART = re.compile(r"\b[Tt]wins?\b|netart/|\.glsl|Further names")
_OF_FILES = re.compile(rf"{_OF_NETART.pattern}|\brows\b|uniforms|other shader")
# Names in comments, which prose does not have.
_NAMED = re.compile(r"(?<=`)\w+(?=`)|\b[a-z]+_\w+")
# Intervals, which are not cut at the end of a line.
_INTERVAL = re.compile(r"([\[(][^\s\[(]+), ([^\s\])]+[\])])")


class Item(NamedTuple):
    """What stands at the top level of a shader: a definition with the comment above it."""

    comment: str
    code: str
    names: frozenset[str]


def number(value: Any) -> str:
    """A number as GLSL has it, in as many digits as float32 needs."""
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return str(np.float32(value))


def vector(values: Any) -> str:
    """A number, a vector, or a square matrix, column by column."""
    array = np.asarray(values)
    if not array.ndim:
        return number(array.item())
    kind = f"{'mat' if array.ndim == 2 else 'vec'}{len(array)}"
    return f"{kind}({', '.join(number(x) for x in array.T.ravel().tolist())})"


def kind_of(value: Any) -> str:
    """The GLSL type of such a value."""
    array = np.asarray(value)
    if array.ndim:
        return f"{'mat' if array.ndim == 2 else 'vec'}{len(array)}"
    return "float" if array.dtype.kind == "f" else "int"


def constant(name: str, value: Any, about: str = "") -> str:
    """The line that defines a number, a vector or a matrix; about: what it is."""
    text, note = vector(value), f" // {about}" if about else ""
    if np.ndim(value) == 2:
        columns = (", ".join(map(number, column)) for column in np.transpose(value))
        text = f"{kind_of(value)}(\n    " + ",\n    ".join(columns) + ")"
    return f"const {kind_of(value)} {name} = {text};{note}\n"


def array(name: str, kind: str, values: Iterable[str]) -> str:
    """The lines that define an array of these."""
    texts = list(values)
    return f"const {kind} {name}[{len(texts)}] = {listing(kind, texts)};\n"


def listing(kind: str, texts: list[str]) -> str:
    """The array of these texts, on one line where it is short."""
    line = f"{kind}[]({', '.join(texts)})"
    return line if len(line) < WIDTH // 2 else f"{kind}[](\n{_rows(texts)})"


def _rows(texts: list[str]) -> str:
    """The texts separated by commas, as many to a line as fit."""
    lines, line = [], "   "
    for k, text in enumerate(texts):
        word = text + ("," if k + 1 < len(texts) else "")
        if len(line) + 1 + len(word) > WIDTH - 2 and line.strip():
            lines.append(line)
            line = "   "
        line += f" {word}"
    return "\n".join([*lines, line])


def printable(text: str) -> str:
    """The text as one line that stays in its comment: what is not printable ASCII is written as
    Python escapes it, and what could end a comment, or go on with it in the next line, is no
    longer there.
    """
    line = " ".join(text.replace("\\", "\\x5c").split())
    escaped = line.encode("ascii", "backslashreplace").decode()
    plain = "".join(char if " " <= char <= "~" else repr(char)[1:-1] for char in escaped)
    return plain.replace("*/", "* /").replace("/*", "/ *")


def comment(text: str) -> str:
    """The text as lines of a comment; its lines that are indented stay as they are."""
    lines = []
    for line in text.splitlines():
        inner = printable(line)
        if line.startswith(" "):
            lines.append(f"//     {inner}")
        else:
            held = wrap(_INTERVAL.sub("\\1,\xa0\\2", inner), WIDTH - 3)
            lines += [f"// {each}".replace("\xa0", " ") for each in held] or ["//"]
    return "\n".join(lines) + "\n"


def assemble(parts: Iterable[str], roots: Iterable[str], names: Mapping[str, str]) -> str:
    """The shader of these parts, files of shaders/ or lines, without what its roots do not reach.

    roots: names that are defined in it. names: functions that are called, files that are included,
    and uniforms, with what stands in their places; `u_NAME` is NAME in capitals where it is not
    among them. A line that calls `nothing` is left out.
    """
    items = [item for part in parts for item in _items(part, set(), names)]
    # A file comes in once.
    items = list(dict.fromkeys(items))
    used, found = set(roots), set(roots)
    while found:
        words = {
            word
            for item in items
            if item.names & found
            for word in _WORD.findall(_without_comments(item.code))
        }
        found = words - used
        used |= words
    kept = [item for item in items if item.names & used or not item.names]
    return _tidy(_capitals("".join(_spaced(kept)), names))


def _spaced(items: list[Item]) -> Iterable[str]:
    """The items' texts, with empty lines around functions and before comments."""
    before = ""
    for item in items:
        is_long = item.code.count("\n") > 1
        if before and (is_long or item.comment or before == "long"):
            yield "\n"
        yield item.comment + item.code
        before = "long" if is_long else "short"


def _items(part: str, seen: set[str], names: Mapping[str, str]) -> Iterable[Item]:
    """The items of a part; of a file, of those first that it includes."""
    if not part.endswith(".glsl"):
        yield from _split(part, "", names)
        return
    part = names.get(part, part)
    if not part or part in seen:
        return
    seen.add(part)
    source = (folder("shaders") / part).read_text(encoding="utf-8")
    for name in _INCLUDE.findall(source):
        yield from _items(name, seen, names)
    yield from _split(_INCLUDE.sub("", source), part.removesuffix(".glsl"), names)


def _split(source: str, stem: str, names: Mapping[str, str]) -> list[Item]:
    """The items of a text; what stands above all of it goes to the function called `stem`, else to
    the first.
    """
    source = _CALL.sub(lambda match: names.get(match[0], match[0]), source)
    header, items, above, code, depth = "", [], "", "", 0
    for line in source.splitlines(keepends=True):
        if line.lstrip().startswith("nothing("):
            continue
        plain = line.partition("//")[0].strip()
        if not code and not plain:
            if line.strip():
                above += line
            elif above:
                header, above = header or above, ""
            continue
        code += line
        depth += sum(line.partition("//")[0].count(x) for x in "({")
        depth -= sum(line.partition("//")[0].count(x) for x in ")}")
        if not depth and (plain.endswith((";", "}")) or plain.startswith("#")):
            items.append(Item(_comment(above, _OF_NETART, names), code, _defined(code)))
            above = code = ""
    if header and items:
        own = next((k for k, item in enumerate(items) if stem in item.names), -1)
        text = _comment(header, _OF_FILES, names) + ("\n" if own < 0 else "")
        if stem and text.strip():
            own = max(0, own)
            items[own] = items[own]._replace(comment=text + items[own].comment)
        elif not stem:
            items[0] = items[0]._replace(comment=header + items[0].comment)
    return items


def _comment(text: str, foreign: re.Pattern[str], names: Mapping[str, str]) -> str:
    """A comment of a file without its foreign sentences, and with the names of this shader."""
    if foreign.search(text):
        words = " ".join(line.removeprefix("//").strip() for line in text.splitlines())
        kept = [each for each in re.split(r"(?<=[.]) ", words) if not foreign.search(each)]
        text = comment(" ".join(kept)) if kept else ""
    return _NAMED.sub(lambda match: names.get(match[0], match[0]), text)


def _defined(code: str) -> frozenset[str]:
    """The names that an item defines."""
    for pattern in (_STRUCT, _FUNCTION):
        if match := pattern.match(code):
            return frozenset([match[1]])
    if code.startswith("#define"):
        return frozenset([code.split()[1]])
    match = _VARIABLES.match(code)
    if match is None or code.startswith("#"):
        return frozenset()
    without = re.sub(r"\[[^]]*\]", "", match[1])
    return frozenset(name.strip() for name in without.split(","))


def _without_comments(code: str) -> str:
    return re.sub(r"//.*", "", code)


def _capitals(text: str, names: Mapping[str, str]) -> str:
    """The text with constants in place of uniforms."""
    taken = set(_WORD.findall(_without_comments(text)))

    def name(match: re.Match[str]) -> str:
        word = match[0]
        if not word.startswith("u_"):
            return word
        if word in names:
            return names[word]
        capitals = word[2:].upper()
        return f"U_{capitals}" if capitals in taken else capitals

    return _WORD.sub(name, text)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
