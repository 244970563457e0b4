"""All regular expressions of netart take a time by the length of what they are tried on."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import netart

ROOT = Path(netart.__file__).parent
WAYS = ("match", "fullmatch", "search", "split", "sub", "findall")
LENGTH = 6000
# What repetitions take: letters, digits, spaces, separators, brackets, alone and in turn.
PARTS = (
    "a", "1", " ", "\t", "\n", "\n ", "#", ".", ",", '"', "<", "[\n", "[\n1,", "a.", "a . ", "1.",
    "1e1", "%1", "&", "(", "\\", "://", "netart:", '"a"', "-", "é",
)  # fmt: skip
LIMIT_S = 0.15  # of one expression and all texts: one of quadratic time takes longer


def expressions() -> Iterator[tuple[str, Any, str]]:
    """Of all that stand in the source: their place, the expression, and how it is used."""
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "import re\n" not in text:
            continue
        tree = ast.parse(text)
        place = path.relative_to(ROOT.parent)
        names = set()
        for node in tree.body:
            call = node.value if isinstance(node, ast.Assign) else None
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "re.compile":
                assert isinstance(node, ast.Assign)
                names.add(ast.unparse(node.targets[0]))
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            way = node.func.attr
            if way not in WAYS:
                continue
            of = ast.unparse(node.func.value)
            where = f"{place}:{node.lineno}"
            if of in names:
                module = import_module(".".join(place.with_suffix("").parts))
                yield where, getattr(module, of), way
            elif of == "re" and isinstance(node.args[0], ast.Constant):
                yield where, re.compile(node.args[0].value), way


FOUND = list(expressions())


def time_of(expression: re.Pattern[Any], way: str) -> float:
    begin = time.process_time()
    for part in PARTS:
        text: Any = part * (LENGTH // len(part)) + "\0"
        for tried in (text, "1" + text, '"' + text):
            own = tried.encode() if isinstance(expression.pattern, bytes) else tried
            if way == "sub":
                expression.sub("x" if isinstance(own, str) else b"x", own)
            else:
                getattr(expression, way)(own)
    return time.process_time() - begin


def test_the_expressions_are_found() -> None:
    assert len(FOUND) > 25
    assert any("toml.py" in place and way == "search" for place, _, way in FOUND)


@pytest.mark.parametrize(
    ("expression", "way"), [one[1:] for one in FOUND], ids=[f"{p} {w}" for p, _, w in FOUND]
)
def test_time_goes_by_the_length(expression: re.Pattern[Any], way: str) -> None:
    assert min(time_of(expression, way) for _ in range(2)) < LIMIT_S


@pytest.mark.parametrize(("pattern", "way"), [(r"\s*\n\s*", "sub"), (r"\d+\.?\d*x", "fullmatch")])
def test_an_expression_of_quadratic_time_would_be_seen(pattern: str, way: str) -> None:
    assert time_of(re.compile(pattern), way) > LIMIT_S
