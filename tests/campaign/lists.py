"""Inputs that options take: palettes, points, pictures to learn."""

from __future__ import annotations

import json
from random import Random

from tests.campaign import seeds
from tests.campaign.values import LISTS, OBJECTS, change, count, number, spelled, text, value
from tests.weights import mutated

COLOURS = ["#102030", "#fff", "red", [0, 128, 255], "rgb(1,2,3)", "hsl(9,9%,9%)", [1, 2, 3]]


def palette(chance: Random) -> tuple[str, bytes]:
    """A file of colours with wrong lines, or a picture with wrong bytes."""
    kind, rows = chance.choice(("gpl", "map", "json", "png")), count(chance, 9, 300, 9000)
    if kind == "png":
        return _picture(chance)
    if kind == "json":
        tree = json.loads(json.dumps([chance.choice(COLOURS) for _ in range(rows)]))
        change(tree, chance, lambda name: value(chance) if name else {"a": 1})
        made = spelled(json.dumps(tree), chance.choice((LISTS, OBJECTS)))
    else:
        head = "GIMP Palette\nName: a\nColumns: 4\n# b\n" if kind == "gpl" else ""
        lines = [_row(chance, " \t", 3, 0.02) + chance.choice(("", "\tname")) for _ in range(rows)]
        made = head + "\n".join(lines)
    return f"a.{kind}", _perhaps_mutated(made, chance)


def points(chance: Random) -> tuple[str, bytes]:
    """A table of points with wrong cells, rows, or bytes."""
    rows, wide = count(chance, 9, 300, 30_000), chance.choice((2, 3, 3, 4))
    head = chance.choice(("", "x,y,class\n", "\ufeffx,y\n", '"x","y","c"\n'))
    end = chance.choice(("\n", "\n", "\r\n", "\r"))
    lines = [_row(chance, ",", wide, 0.02) for _ in range(rows)]
    return "a.csv", _perhaps_mutated(head + end.join(lines), chance)


def target(chance: Random) -> tuple[str, bytes]:
    """A picture with wrong bytes."""
    return _picture(chance)


def _picture(chance: Random) -> tuple[str, bytes]:
    kind = chance.choice(seeds.PICTURES)
    data = seeds.plain_picture(kind)
    if chance.random() < 0.3:  # where its size stands
        return f"a.{kind.lower()}", mutated(data[:40], chance) + data[40:]
    return f"a.{kind.lower()}", mutated(data, chance)


def _row(chance: Random, separator: str, wide: int, odd: float) -> str:
    cells = [str(chance.randrange(256)) for _ in range(wide)]
    if chance.random() < odd:
        k = chance.randrange(wide)
        cells[k : k + chance.randrange(2)] = [chance.choice((text(chance), _spelled(chance)))]
    return chance.choice(separator).join(cells)


def _spelled(chance: Random) -> str:
    found = number(chance)
    return str(found) if not isinstance(found, int) or abs(found) < 10**300 else "9" * 500


def _perhaps_mutated(made: str, chance: Random) -> bytes:
    data = made.encode("utf-8", "surrogatepass")
    way = chance.random()
    if way < 0.1:
        return made.encode("utf-16", "surrogatepass")
    return mutated(data, chance) if way < 0.3 else data
