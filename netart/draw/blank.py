"""Pictures of one colour: finds them among what was drawn, and the field that may be to blame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from netart.draw.measurement import measured_film
from netart.errors import NetartError
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.reference import Reference
from netart.lens import measured, missed_levels, preview
from netart.net.build import scales
from netart.pixels import PREVIEW
from netart.shot.fields import FIELDS, apply, parse, text_of
from netart.shot.oklab import srgb_encode
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

# In levels of 255: what a picture of one colour may hold, and that of black and of white. Dithering
# spreads a colour over two levels.
MAX_SPREAD, MAX_BLACK, MIN_WHITE = 2.0, 3.0, 252.0
MIN_PIXELS = 64  # fewer may well be of one colour
MIN_SHOWN = 25.0  # levels that a picture spans which shows something
MAX_LISTED = 12  # panels
FRAMES = 3  # of a film that are looked at: the first, the last, and those between


class Blank(NamedTuple):
    """What a picture of one colour shows, and why it may."""

    colour: str  # black, white or #rrggbb
    # Fields, with their texts, with which there would be something to see; none where unknown.
    remedy: dict[str, str]
    # A level between regions that all values miss, in words.
    reason: str = ""

    def describe(self, spell: Callable[[str], str] = str) -> str:
        """`all black: contrast auto would show more`. spell: writes the name of a field."""
        what = self.colour if self.colour[0] != "#" else f"of one colour, {self.colour}"
        words = " ".join(f"{spell(name)} {text}" for name, text in self.remedy.items())
        why = self.reason or (f"{words} would show more" if words else "")
        return f"all {what}{why and f': {why}'}"


class Extent:
    """The least and the greatest value of each channel in what was drawn so far."""

    def __init__(self) -> None:
        self._low, self._high = np.full(3, np.inf), np.full(3, -np.inf)
        self._pixels = 0

    def add(self, samples: Samples, numbers: Numbers | None = None) -> None:
        """Takes in samples (rows, columns, 3) in these numbers, by default display values."""
        self._pixels += samples.shape[0] * samples.shape[1]
        if self.levels > MAX_SPREAD:
            return  # it is not of one colour, whatever follows
        one, is_linear = (numbers.one, numbers.linear) if numbers else (1, False)
        for found, join in ((self._low, np.minimum), (self._high, np.maximum)):
            levels = join.reduce(join.reduce(samples, axis=0), axis=0).astype(np.float64) / one
            join(found, 255 * (srgb_encode(levels) if is_linear else levels), out=found)

    @property
    def levels(self) -> float:
        """How many levels of 255 the most varied channel spans at least: all of them, where it is
        of one colour.
        """
        return float((self._high - self._low).max())

    @property
    def colour(self) -> str:
        """The colour that all of it is: `black`, `white` or `#rrggbb`; empty where it has several,
        or too few pixels to tell.
        """
        if self._pixels < MIN_PIXELS or not self.levels <= MAX_SPREAD:
            return ""
        if self._high.max() <= MAX_BLACK:
            return "black"
        if self._low.min() >= MIN_WHITE:
            return "white"
        middle = np.clip((self._low + self._high) / 2, 0, 255).round().astype(int)
        return "#{:02x}{:02x}{:02x}".format(*middle)


class BlankPanels:
    """The panels of one colour of a page, among those that were drawn so far."""

    def __init__(self) -> None:
        self._drawn = 0
        self._found: list[tuple[int, Shot, Extent]] = []  # number, shot and extent of each

    def add(self, shot: Shot, pixels: Samples) -> None:
        """Looks at the next panel: (height, width, 3) display values in [0, 1]."""
        self._drawn += 1
        extent = extent_of(pixels)
        if extent.colour:
            self._found.append((self._drawn, shot, extent))

    def describe(self, spell: Callable[[str], str] = str, kind: str = "panel #") -> str:
        """What is wrong with the first of them, and which others there are; empty where none are.

        spell: writes the name of a field. kind: stands before a panel's number.
        """
        if not self._found:
            return ""
        (number, shot, extent), *others = self._found
        blank = find_blank(shot, extent)
        assert blank
        listed = ", ".join(f"{kind}{number}" for number, _, _ in others[:MAX_LISTED])
        more = f" and {len(others) - MAX_LISTED} more" if len(others) > MAX_LISTED else ""
        alike = f"; of one colour too: {listed}{more}" if others else ""
        return f"{kind}{number} is {blank.describe(spell)}{alike}"


def watch(
    strips: Iterable[Samples], extent: Extent, numbers: Numbers | None = None
) -> Iterator[Samples]:
    """The strips as they come, each of which the extent takes in."""
    for strip in strips:
        extent.add(strip, numbers)
        yield strip


def find_blank(shot: Shot, extent: Extent) -> Blank | None:
    """What is wrong with the shot's picture, of which this was drawn, where it is of one colour;
    None where it is not. It costs next to nothing but for a picture of one colour, of which a dozen
    small variants are drawn.
    """
    if not extent.colour:
        return None
    missed = missed_levels(shot, PREVIEW)
    reason = "level {:g}: values go from {:.3g} to {:.3g}".format(*missed[0]) if missed else ""
    return Blank(extent.colour, {} if reason else _remedy(shot, partial(_with, shot)), reason)


def blank_frames(timeline: Timeline) -> list[tuple[float, Blank]]:
    """Of FRAMES moments of a film those whose picture is of one colour, by their share of the way:
    the first of them with what is wrong with it.
    """
    found: list[tuple[float, Blank]] = []
    for t in np.linspace(0, 1, FRAMES).tolist():
        extent = extent_of(preview(timeline.at(t), Reference()))
        if extent.colour:
            blank = Blank(extent.colour, {})
            found.append((t, blank if found else _explain_frame(blank, timeline, t)))
    return found


def _explain_frame(blank: Blank, timeline: Timeline, t: float) -> Blank:
    """The blank frame of a film at t, with what would show more in the film, or what moves too
    far. None of the fields that move, and no contrast that the film has already.
    """
    shot = timeline.at(t)

    def at_t(texts: dict[str, str]) -> Shot | None:
        base = _with(timeline.shot, texts)
        return base and measured_film(replace(timeline, shot=base)).at(t)

    if remedy := _remedy(shot, at_t):
        return blank._replace(remedy=remedy)
    moved = {track.field for track in timeline.tracks}
    eased = {"contrast": "auto"} if "contrast" in moved else {}
    moved -= {"contrast"}  # it follows the others
    too_far = _remedy(
        shot, lambda texts: _with(shot, texts | eased) if texts.keys() <= moved else None
    )
    return blank._replace(reason=f"the film moves {', '.join(too_far)} too far" if too_far else "")


def extent_of(samples: Samples) -> Extent:
    """Of a whole picture, (height, width, 3) display values."""
    extent = Extent()
    extent.add(samples)
    return extent


def _remedy(shot: Shot, changed: Callable[[dict[str, str]], Shot | None]) -> dict[str, str]:
    """The first fields that show more at other values, with these; none where none does.

    changed: makes the shot with fields of these texts, None where it cannot have them.
    """
    for texts in _remedies(shot):
        if _changes(shot, texts) and (other := changed(texts)):
            extent = extent_of(preview(measured(other), Reference()))
            if extent.levels >= MIN_SHOWN:
                return texts
    return {}


def _remedies(shot: Shot) -> Iterator[dict[str, str]]:
    """Fields with texts that make pictures lively, by how often the fields are to blame."""
    yield {"weight_scale": "auto"}
    yield {"bias_scale": str(text_of(Shot(), "bias_scale"))}
    yield {"weight_scale": "auto", "bias_scale": "auto"}
    yield {"contrast": "auto"}
    yield {"detail": "1.0"}
    centre = ",".join("0" * len(shot.view.axes))
    scale = abs(scales(shot.network)[0])
    radius = {"radius": f"{1 / scale:.3g}"} if scale else {}
    yield radius
    yield {"center": centre}
    yield radius | {"center": centre}
    yield {"gamma": "1.0"}
    yield {"posterize": "0"}
    yield {"light": "none"}
    yield {"layer": str(shot.network.depth)}
    yield {"palette": "corners:sun"}
    yield {"activation": "tanh"}
    yield {"seed": "1"}


def _changes(shot: Shot, texts: dict[str, str]) -> bool:
    """Whether the shot has such fields, and another text in one."""
    parts = Parts.of(shot)
    if any(FIELDS[name].refuses(parts) for name in texts):
        return False
    return any(text_of(shot, name) != text for name, text in texts.items())


def _with(shot: Shot, texts: dict[str, str]) -> Shot | None:
    """The shot with these fields; None where it cannot have them."""
    try:
        return apply(shot, {name: parse(name, text) for name, text in texts.items()})
    except NetartError:
        return None
