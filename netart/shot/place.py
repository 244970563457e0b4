"""Places in a picture, in percent of its width and height from the top left, as image viewers tell
them: read once, and turned into coordinates, which alone a shot holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, InvalidOperation
from operator import sub

import numpy as np

from netart.errors import NetartError
from netart.net.network import input_names
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.view import MAX_DIGITS, normalise, round_below

PERCENT = "%"
FLAT = ("colour", "regions", "lines", "glass")  # lenses whose pictures are the view, edge to edge
DIGITS = 12  # that a coordinate of a place keeps below the radius


def with_coordinates(
    texts: Mapping[str, str], make: Callable[[Mapping[str, str]], Shot], size: Size | None = None
) -> dict[str, str]:
    """The texts of fields, with coordinates where the centre is a place in percent.

    make: makes the shot of whose picture it is, of all other texts but radius and rotate. size: of
    that picture, None for the shape that suits it. Raises NetartError.
    """
    place = texts.get("center", "")
    if PERCENT not in place:
        return dict(texts)
    others = {x: text for x, text in texts.items() if x not in ("center", "radius", "rotate")}
    return {**texts, "center": coordinates_at(make(others), place, size, "center")}


def coordinates_at(shot: Shot, place: str, size: Size | None, field: str) -> str:
    """The coordinates, as options write them, of what the shot's picture shows at `62%,40%`; of a
    picture that spans one input `62%` is enough.

    size: of the picture, None for the shape that suits it. field: of the place, for messages.
    Raises NetartError.
    """
    view, axes = shot.view, shot.view.axes
    shares = [_share(part, place, field) for part in place.split(",")]
    if len(shares) != 2 and not len(shares) == len(axes) == 1:
        wanted = "X%,Y%" if len(axes) > 1 else "X%"
        raise NetartError(f"{field} {place}: write {wanted}, from the top left", field=field)
    if len(shot.panels) > 1 or shot.lens.kind not in FLAT:
        kinds = " beside ".join(panel.lens.name for panel in shot.panels)
        why = f"the picture of {kinds} is not the plane of the view: write coordinates"
        raise NetartError(f"{field} {place}: {why}", field=field)
    exact = Context(prec=MAX_DIGITS)
    across, down = (shares[0], shares[1] if len(shares) == 2 else Decimal("0.5"))
    width, height = _sides(shot, size)
    u = exact.multiply(2 * across - 1, width)
    v = exact.multiply(1 - 2 * down, height)
    centre = dict(zip(input_names(shot.network.latents), view.centre, strict=True))
    found = []
    for axis, row in zip(axes, view.basis, strict=False):
        a, b, radius = (Decimal(repr(number)) for number in (*row, view.radius))
        offset = exact.multiply(radius, exact.add(exact.multiply(a, u), exact.multiply(b, v)))
        moved = exact.add(centre[axis], offset)
        found.append(round_below(moved, view.radius, DIGITS) if offset else centre[axis])
    return ",".join(str(normalise(number)) for number in found)


def is_in_picture(shot: Shot, centre: Sequence[Decimal], size: Size | None) -> bool:
    """Whether the shot's picture of this size shows the point at these coordinates, all of them in
    the order of the network's inputs.
    """
    view, names = shot.view, input_names(shot.network.latents)
    moved = dict(zip(names, map(sub, centre, view.centre), strict=True))
    offset = [float(moved[axis] / Decimal(repr(view.radius))) for axis in view.axes]
    at = np.array(view.basis)[: len(offset)].T @ offset  # u, v
    return bool((np.abs(at) <= np.array(_sides(shot, size), float)).all())


def _sides(shot: Shot, size: Size | None) -> tuple[Decimal, Decimal]:
    """Half the width and the height of the shot's picture, in radii."""
    width, height = map(Decimal, size) if size else (Decimal(repr(shot.aspect)), Decimal(1))
    shorter = min(width, height)
    return width / shorter, height / shorter


def _share(text: str, place: str, field: str) -> Decimal:
    """The share that a percentage of the place says. Raises NetartError."""
    number, sign, rest = text.strip().partition(PERCENT)
    try:
        found = Decimal(number)
    except InvalidOperation:
        found = Decimal("NaN")
    if not sign or rest or not (found.is_finite() and 0 <= found <= 100):
        why = f"{text.strip()!r} is not a percentage from 0% to 100%"
        raise NetartError(f"{field} {place}: {why}", field=field)
    if len(number) > MAX_DIGITS:
        message = f"{field} {place}: a number of more than {MAX_DIGITS} digits"
        raise NetartError(message, field=field)
    return found / 100
