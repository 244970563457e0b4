"""Finds the liveliest places of a picture, each a shot to go on with."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from netart.draw.score import has_form, oklab, score, stripes
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.lens import moves_with_view, picture, preview, single
from netart.net.network import input_names
from netart.pixels import PREVIEW
from netart.shot.fields import FIELDS, apply
from netart.shot.lens import lens_named
from netart.shot.marks import Marks
from netart.shot.parts import Parts
from netart.shot.sheet import Over
from netart.shot.shot import Shot
from netart.shot.syntax import spell
from netart.shot.view import MAX_DIGITS, normalise, point, resolves

MAX_SPOTS = 100
MAP_PX = 320  # a side of the picture in which places are looked for
SCALES = (4, 7, 12, 20, 30)  # how many times smaller than the picture's radius a place's is
FURTHER = 8  # places of each scale that are looked at, beside its share of those asked for
SHARE = 0.4  # of the places, that one scale may have
MAX_STRIPES = 0.8  # of a place that has form: close to a filament all is stripes
MIN_SCORE = 0.02  # of a place that has no form, where there are too few that have
ALIKE = 2.5  # of two places that far apart in size, one may lie in the other
DIGITS = 3  # of a place's radius, and of its centre from the radius' first digit on

Values = NDArray[np.floating[Any]]


class Place(NamedTuple):
    """A square of a picture: its middle, (u, v), and half of its side, in units of the view."""

    u: float
    v: float
    half: float

    def overlaps(self, other: Place) -> bool:
        """Whether the two are of like size, and have an area in common."""
        smaller, larger = sorted((self.half, other.half))
        gap = max(abs(self.u - other.u), abs(self.v - other.v))
        return larger < ALIKE * smaller and gap < (smaller + larger) * (1 - 1e-9)


class Spot(NamedTuple):
    """A place that was drawn and judged."""

    place: Place
    values: dict[str, Any]  # its centre and radius
    has_form: bool
    score: float  # that stripes lower

    def rank(self) -> tuple[bool, float]:
        """Least for the best: those with form come first."""
        return not self.has_form, -self.score


def find_spots(shot: Shot, count: int) -> Over:
    """So many of the liveliest places of the shot's picture, the liveliest first: centres, and with
    each its radius. No two of like size overlap. They are fewer where there is too little form.

    Places are looked for in one small picture, at several scales; the best are drawn, 48 by 48
    pixels each, and judged by `score`. All of it is by the definition, so that every machine finds
    the same. Raises NetartError where the lens has no view of two inputs, or no place has form.
    """
    _check(shot, count)
    alive = [spot for spot in _judge(shot, count) if spot.has_form or spot.score > MIN_SCORE]
    chosen = _choose(alive, count)
    if not chosen:
        raise NetartError(f"spots {count}: no place has form", field=f"spots {count}")
    centres = tuple(spell(spot.values["center"], "") for spot in chosen)
    radii = tuple(spell(spot.values["radius"], "") for spot in chosen)
    return Over("center", centres, (Over("radius", radii),))


def _check(shot: Shot, count: int) -> None:
    """Raises NetartError where so many cannot be found, whatever is in the picture."""
    asked = f"spots {count}"
    if not 1 <= count <= MAX_SPOTS:
        raise NetartError(f"{asked}: must be from 1 to {MAX_SPOTS}", field=asked)
    parts = Parts.of(shot)
    for name in ("center", "radius"):
        if error := FIELDS[name].refuses(parts):
            raise NetartError(f"{asked}: {error}", field=asked)
    if len(shot.view.axes) == 1:
        raise NetartError(
            f"{asked}: the picture spans {shot.view.axes[0]} alone, not a plane", field=asked
        )


def _judge(shot: Shot, count: int) -> list[Spot]:
    """The places that may be lively, several times as many as are wanted, the best first."""
    plane = _on_plane(shot)
    lab = oklab(picture(plane, (MAP_PX, MAP_PX), Reference()))
    share = ceil(count * SHARE)
    found: list[Spot] = []
    for scale in SCALES:
        places = _candidates(lab, scale, FURTHER + share)
        spots = sorted(_draw(plane, places), key=Spot.rank)
        found += (_shift(plane, spot) if k < share else spot for k, spot in enumerate(spots))
    return sorted(found, key=Spot.rank)


def _draw(plane: Shot, places: Iterable[Place]) -> Iterator[Spot]:
    """The places drawn and judged, those that float64 can draw."""
    for place in places:
        values = _values(plane, place)
        spot = apply(plane, values)
        if resolves(spot.view, min(PREVIEW), sys.float_info.epsilon):
            display = preview(spot, Reference())
            striped = stripes(display)
            is_formed = has_form(display) and striped < MAX_STRIPES
            yield Spot(place, values, is_formed, score(display) * (1 - striped))


def _shift(plane: Shot, spot: Spot) -> Spot:
    """The spot, or one that is better half a step beside it."""
    place, step = spot.place, spot.place.half / 2
    reach = 1 - place.half
    moved = [
        place._replace(
            u=min(max(place.u + du, -reach), reach), v=min(max(place.v + dv, -reach), reach)
        )
        for du, dv in ((step, 0), (-step, 0), (0, step), (0, -step))
    ]
    return min([spot, *_draw(plane, moved)], key=Spot.rank)


def _on_plane(shot: Shot) -> Shot:
    """The shot, or where its picture is not the view's plane, its network's colours on it."""
    if moves_with_view(shot):
        return single(replace(shot, marks=Marks()))
    return single(replace(shot, lens=lens_named("colour", shot.lens), beside=None, marks=Marks()))


def _values(shot: Shot, place: Place) -> dict[str, Any]:
    """The centre and the radius of a place of the shot's picture, in few digits."""
    view = shot.view
    inputs = input_names(shot.network.latents)
    radius = float(f"{view.radius * place.half:.{DIGITS}g}")
    step = Decimal(1).scaleb(Decimal(radius).adjusted() + 1 - DIGITS)
    exact = dict(zip(inputs, point(view, inputs, place.u, place.v), strict=True))
    with localcontext(prec=MAX_DIGITS):
        centre = tuple(normalise(exact[axis].quantize(step)) for axis in view.axes)
    return {"center": centre, "radius": radius}


def _candidates(lab: Values, scale: int, count: int) -> list[Place]:
    """The places of this scale that seem liveliest in the picture (MAP_PX, MAP_PX, 3) in Oklab."""
    window = MAP_PX // scale
    starts = np.unique(np.linspace(0, MAP_PX - 1 - window, 4 * scale - 3).round().astype(int))
    promise = _promise(lab, starts, window)
    order = np.argsort(-promise, axis=None, kind="stable")
    found: list[Place] = []
    for row, column in zip(*np.unravel_index(order, promise.shape), strict=True):
        left, top = starts[column] + window / 2, starts[row] + window / 2
        place = Place(2 * left / MAP_PX - 1, 1 - 2 * top / MAP_PX, 1 / scale)
        if not any(place.overlaps(other) for other in found):
            found.append(place)
        if len(found) == count:
            break
    return found


def _promise(lab: Values, starts: NDArray[np.intp], window: int) -> Values:
    """How lively windows of a picture seem, (starts, starts): slopes that fill all four quarters
    and run in more than one direction.
    """
    across, down = np.diff(lab, axis=1)[:-1], np.diff(lab, axis=0)[:, :-1]
    xx, yy, xy = ((a * b).sum(axis=2) for a, b in ((across, across), (down, down), (across, down)))
    half = window // 2
    slopes = np.sqrt(xx + yy)
    quarters = [
        _sums(slopes, starts + dy, starts + dx, half) for dy in (0, half) for dx in (0, half)
    ]
    xx, yy, xy = (_sums(part, starts, starts, window) for part in (xx, yy, xy))
    coherence = np.hypot(xx - yy, 2 * xy) / np.maximum(xx + yy, 1e-30)
    whole = np.sum(quarters, axis=0)
    balance = np.sqrt(4 * np.maximum(np.min(quarters, axis=0), 0) / np.maximum(whole, 1e-30))
    return np.asarray(np.sqrt(np.maximum(whole, 0)) * balance * (1 - coherence))


def _sums(values: Values, rows: NDArray[np.intp], columns: NDArray[np.intp], side: int) -> Values:
    """Of the squares that begin at these rows and columns, (rows, columns)."""
    total = np.pad(values.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    down = total[rows + side] - total[rows]
    return np.asarray(down[:, columns + side] - down[:, columns])


def _choose(judged: list[Spot], count: int) -> list[Spot]:
    """The best that do not overlap, of one scale no more than its share while others have any.

    judged: the best first.
    """
    chosen: list[Spot] = []
    for share in (ceil(count * SHARE), count):
        for spot in judged:
            is_new = not any(spot.place.overlaps(other.place) for other in chosen)
            alike = sum(spot.place.half == other.place.half for other in chosen)
            if is_new and alike < share and len(chosen) < count:
                chosen.append(spot)
    return sorted(chosen, key=Spot.rank)
