"""Which arrays of a file are a layer's, in which order the layers stand, and which way round.

Libraries say it by names and shapes: torch `net.0.weight` (out, in), Keras `dense/kernel`
(in, out), by hand `W0`, `b0`; each with a bias as long as the layer has units.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple

from netart.errors import NetartError
from netart.files.npz import MAX_AXES
from netart.net.network import MAX_LAYERS, check_sizes

Shape = tuple[int, ...]

WEIGHT, BIAS = "weight", "bias"
KINDS = dict.fromkeys(("weight", "weights", "kernel", "w"), WEIGHT)
KINDS |= dict.fromkeys(("bias", "biases", "b"), BIAS)
KERAS, TORCH = "kernel", "weight"  # whose matrices are (in, out), and (out, in)

MAX_NAMED = 6  # layers that a message lists


class Place(NamedTuple):
    """Where a layer stands in a file."""

    weight: str
    # Without one, biases are 0.
    bias: str | None
    # Whether the matrix is (in, out).
    transposed: bool
    # Whether its name says which way round it is.
    is_named: bool


class _Pair(NamedTuple):
    """A matrix, and the bias beside it."""

    label: str
    weight: str
    bias: str | None


def find_layers(shapes: Mapping[str, Shape]) -> tuple[list[Place], str]:
    """The layers from first to last, and a warning where names do not say their order.

    shapes: of all arrays of the file, by their names. Raises NetartError that names what does not
    fit, with its shape.
    """
    if len(shapes) > 2 * MAX_LAYERS:
        raise NetartError(f"{len(shapes):,} arrays: at most {MAX_LAYERS} layers are read")
    pairs = _pair(shapes)
    if not pairs:
        raise NetartError("holds no matrix of weights")
    for pair in pairs:
        if 0 in shapes[pair.weight]:
            raise NetartError(f"{_shown(pair.weight, shapes)}: is empty")
    ways = _ways_round(pairs, shapes)
    # The order of the names comes before one that shapes alone say.
    for order_of in (_in_order, _chain):
        for transposed in ways:
            sides = [_sides(shapes[pair.weight], transposed) for pair in pairs]
            if order := order_of(sides):
                return _places(pairs, order, sides, transposed)
    listed = ", ".join(_shown(pair.weight, shapes) for pair in pairs[:MAX_NAMED])
    raise NetartError(f"layers do not follow each other by their shapes: {listed}")


def _places(
    pairs: list[_Pair], order: list[int], sides: list[tuple[int, int]], transposed: bool
) -> tuple[list[Place], str]:
    """What `find_layers` returns. Raises NetartError for a network too large to hold."""
    check_sizes(sides[order[0]][0], [sides[k][1] for k in order])
    found = [pairs[k] for k in order]
    names = ", ".join(pair.label for pair in found[:MAX_NAMED])
    warning = "" if found == pairs else f"layers are in the order of their shapes: {names}"
    named = _is_named([pair.weight for pair in found], KERAS if transposed else TORCH)
    return [Place(pair.weight, pair.bias, transposed, named) for pair in found], warning


def flat(shape: Shape) -> Shape:
    """The shape of a bias without axes of one, which some write: (n, 1) is (n,)."""
    return (prod(shape),) if 1 in shape and 2 <= len(shape) <= MAX_AXES else shape


def _pair(shapes: Mapping[str, Shape]) -> list[_Pair]:
    """Matrices with their biases, in the natural order of their names. Raises NetartError."""
    read = {name: _read_name(name) for name in shapes}
    if all(kind is None for _, kind in read.values()):
        return _pair_in_turn(shapes)
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for name, (key, kind) in read.items():
        if kind is None:
            raise NetartError(f"{_shown(name, shapes)}: neither weights nor biases by its name")
        good = len(shapes[name]) == 2 if kind == WEIGHT else len(flat(shapes[name])) == 1
        if not good:
            must = "a matrix" if kind == WEIGHT else "of one axis"
            raise NetartError(f"{_shown(name, shapes)}: must be {must}, of a dense layer")
        other = found.setdefault(key, {}).setdefault(kind, name)
        if other != name:
            raise NetartError(f"{other}, {name}: are of one layer")
    for parts in found.values():
        if WEIGHT not in parts:
            raise NetartError(f"{_shown(parts[BIAS], shapes)}: there is no matrix to this bias")
    return [
        _Pair(".".join(key) or parts[WEIGHT], parts[WEIGHT], parts.get(BIAS))
        for key, parts in sorted(found.items(), key=lambda item: list(map(_natural, item[0])))
    ]


def _pair_in_turn(shapes: Mapping[str, Shape]) -> list[_Pair]:
    """Where no name says what it is, as in arr_0, arr_1: a bias follows its matrix."""
    found: list[_Pair] = []
    for name in sorted(shapes, key=_natural):
        axes = len(shapes[name])
        if axes == 2:
            found.append(_Pair(name, name, None))
        elif axes == 1 and found and found[-1].bias is None:
            found[-1] = found[-1]._replace(bias=name)
        else:
            raise NetartError(f"{_shown(name, shapes)}: is no matrix, nor the bias after one")
    return found


def _read_name(name: str) -> tuple[tuple[str, ...], str | None]:
    """The layer's name, in parts, and whether an array is its weights or its bias.

    `net.0.weight`, `fc1_W`, `dense/kernel:0`, `W0` and `b_0` are read.
    """
    parts = tuple(re.findall(r"[^\W_]+", name.removesuffix(":0")))
    *above, last = parts or ("",)
    if kind := KINDS.get(last.lower()):
        return tuple(above), kind
    if last.isdecimal() and above and (kind := KINDS.get(above[-1].lower())):
        return (*above[:-1], last), kind
    numbered = re.fullmatch(r"([A-Za-z]+)(\d+)", last, re.ASCII)
    if numbered and (kind := KINDS.get(numbered[1].lower())):
        return (*above, numbered[2]), kind
    return parts, None


def _natural(text: str) -> list[tuple[int, int | str]]:
    """Sorts `fc2` before `fc10`."""
    parts = re.split(r"(\d{1,18})", text, flags=re.ASCII)
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]


def _ways_round(pairs: Sequence[_Pair], shapes: Mapping[str, Shape]) -> tuple[bool, ...]:
    """Whether the matrices are (in, out), as biases say, else names; both where neither does.

    Raises NetartError where biases fit no side, or not all the same one.
    """
    votes: dict[bool, str] = {}
    for pair in pairs:
        if pair.bias is None:
            continue
        (rows, columns), (units,) = shapes[pair.weight], flat(shapes[pair.bias])
        text = f"{_shown(pair.weight, shapes)} with {_shown(pair.bias, shapes)}"
        if units not in (rows, columns):
            raise NetartError(f"{text}: the bias is as long as no side of the matrix")
        if rows != columns:
            votes[units == columns] = text
    if len(votes) == 2:
        raise NetartError(f"{votes[False]} is (out, in), but {votes[True]} is (in, out)")
    if votes:
        return tuple(votes)
    names = [pair.weight for pair in pairs]
    if _is_named(names, KERAS):
        return (True,)
    return (False,) if _is_named(names, TORCH) else (False, True)


def _is_named(names: Sequence[str], last: str) -> bool:
    """Whether all matrices have such a name."""
    return all(name.lower().removesuffix(":0").endswith(last) for name in names)


def _sides(shape: Shape, transposed: bool) -> tuple[int, int]:
    """(inputs, units) of a layer."""
    rows, columns = shape
    return (rows, columns) if transposed else (columns, rows)


def _in_order(sides: Sequence[tuple[int, int]]) -> list[int] | None:
    """The order that they have, where each layer takes what the one below gives."""
    return list(range(len(sides))) if _chains(sides) else None


def _chains(sides: Sequence[tuple[int, int]]) -> bool:
    """Whether each layer takes what the one below gives."""
    return all(below[1] == above[0] for below, above in pairwise(sides))


def _chain(sides: Sequence[tuple[int, int]]) -> list[int] | None:
    """An order of all layers in which each takes what the one below gives; None where there is
    none. Of layers that could stand in one place, that which comes first in `sides` is taken.

    Widths are vertices, layers edges: Hierholzer's algorithm finds the path along all of them.
    """
    leaving: dict[int, list[int]] = defaultdict(list)
    surplus: dict[int, int] = defaultdict(int)
    for k, (inputs, units) in reversed(list(enumerate(sides))):
        leaving[inputs].append(k)
        surplus[inputs] += 1
        surplus[units] -= 1
    start = next((inputs for inputs, _ in sides if surplus[inputs] > 0), sides[0][0])
    path: list[int] = []
    walked: list[tuple[int, int | None]] = [(start, None)]
    while walked:
        width, edge = walked[-1]
        if leaving[width]:
            k = leaving[width].pop()
            walked.append((sides[k][1], k))
        else:
            walked.pop()
            path += [] if edge is None else [edge]
    path.reverse()
    return path if len(path) == len(sides) and _chains([sides[k] for k in path]) else None


def _shown(name: str, shapes: Mapping[str, Shape]) -> str:
    return f"{name} {shapes[name]}"
