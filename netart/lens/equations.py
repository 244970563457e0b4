"""The equations of units that are affine, and where they are written beside their lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netart.fonts import font
from netart.lens.marks import FONT_SIZE, MIN_FONT_PX
from netart.net.network import Network
from netart.net.ops import Array
from netart.pixels import Size
from netart.shot.view import View, affine

STRAIGHT = {"x": 0, "y": 1}  # features that are inputs themselves, and which
INSIDE = 0.86  # of the picture's half width and height: where equations stand
PLACES = np.linspace(0.08, 0.92, 15)  # along a line within that
HEIGHT = 1.2  # of letters, in font sizes, with room above and below
DIGITS = 3
SMALL = 1e-3  # of the largest coefficient: smaller ones are not written


class Line(NamedTuple):
    """Where a unit is 0."""

    unit: int  # from 0
    text: str  # as in x − y − 3 = 0
    coefficients: Array  # (3,): a, b, c of a u + b v + c


def lines(network: Network, view: View, layer: int) -> list[Line]:
    """The lines of all units of a hidden layer, from 1; none where it is not affine."""
    names = [feature.kind.name for feature in network.features]
    if not set(names) <= set(STRAIGHT):
        return []
    weight = np.zeros((len(names) + len(network.latents), len(network.inputs)))
    for row, name in enumerate(names):
        weight[row, STRAIGHT[name]] = 1
    for row in range(len(network.latents)):
        weight[len(names) + row, 2 + row] = 1
    bias = np.zeros(len(weight))
    if any(below.activation != "linear" for below in network.layers[: layer - 1]):
        return []
    for below in network.layers[:layer]:
        weight = below.weight.astype(float) @ weight
        bias = below.weight.astype(float) @ bias + below.bias
    on_plane = weight @ affine(view, network.inputs)
    on_plane[:, 0] += bias
    spanned = [network.inputs.index(axis) for axis in view.axes]
    centre = affine(view, network.inputs)[:, 0].copy()
    centre[spanned] = 0
    constants = weight @ centre + bias
    found = []
    for unit, (c, a, b) in enumerate(on_plane):
        if a or b:
            text = write(dict(zip(view.axes, weight[unit, spanned], strict=True)), constants[unit])
            found.append(Line(unit, text, np.array([a, b, c])))
    return found


def write(coefficients: dict[str, float], constant: float) -> str:
    """An equation, as in `2x − y − 3 = 0`."""
    largest = max(map(abs, (*coefficients.values(), constant)))
    text = ""
    for name, value in (*coefficients.items(), ("", constant)):
        if abs(value) < SMALL * largest:
            continue
        size = f"{abs(value):.{DIGITS}g}"
        sign = ("− " if value < 0 else "+ ") if text else ("−" if value < 0 else "")
        text += f"{' ' if text else ''}{sign}{'' if name and size == '1' else size}{name}"
    return f"{text} = 0"


def place(drawn: list[Line], size: Size) -> list[tuple[float, float] | None]:
    """Where in u and v each equation stands, beside its line and far from all others; None for a
    line that the picture does not show.
    """
    font_px = max(MIN_FONT_PX, round(min(size) * FONT_SIZE))
    reach = np.array([INSIDE * side / min(size) for side in size])
    edge = np.array(size) / min(size)
    found: list[tuple[float, float] | None] = []
    taken: list[tuple[Array, Array]] = []  # middles of equations, and half their widths and heights
    for line in drawn:
        ends = _clip(line.coefficients, reach)
        if ends is None:
            found.append(None)
            continue
        normal = line.coefficients[:2] / np.hypot(*line.coefficients[:2])
        box = np.array([font(font_px).getlength(line.text), HEIGHT * font_px]) / min(size)
        # Beside the line, if there is room on the side that is farther from the picture's middle.
        aside = np.copysign(np.abs(normal) @ box, -line.coefficients[2]) * normal
        on_line = ends[0] + PLACES[:, None] * (ends[1] - ends[0])
        at = np.concatenate([on_line + aside, on_line - aside])
        room = np.full(len(at), 0.5)
        covered = np.zeros(len(at), bool)
        for spot, half in taken:
            room = np.minimum(room, np.hypot(*(at - spot).T) / 2)
            covered |= (np.abs(at - spot) < box + half).all(axis=1)
        for other in drawn:
            a, b, c = other.coefficients
            if other is not line:
                room = np.minimum(room, np.abs(a * at[:, 0] + b * at[:, 1] + c) / np.hypot(a, b))
        room[len(on_line) :] -= 1
        room = np.where(covered, room - 2, room)
        room = np.where((np.abs(at) + box <= edge).all(axis=1), room, room - 4)
        spot = np.clip(at[room.argmax()], *np.sort([box - edge, edge - box], axis=0))
        taken.append((spot, box))
        found.append((float(spot[0]), float(spot[1])))
    return found


def _clip(coefficients: Array, reach: Array) -> Array | None:
    """The ends (2, 2) of the line a u + b v + c = 0 within the rectangle ±reach; None for none."""
    normal, constant = coefficients[:2], coefficients[2]
    foot = -constant * normal / (normal @ normal)
    along = np.array([-normal[1], normal[0]]) / np.hypot(*normal)
    low, high = -np.inf, np.inf
    for at, step, limit in zip(foot, along, reach, strict=True):
        if abs(step) < 1e-12:
            if abs(at) > limit:
                return None
            continue
        one, two = sorted(((-limit - at) / step, (limit - at) / step))
        low, high = max(low, one), min(high, two)
    return np.stack([foot + low * along, foot + high * along]) if low < high else None
