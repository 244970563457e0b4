"""Films of a shot that moves: where a zoom ends, and what the film decides that the shot leaves
open.
"""

from __future__ import annotations

import logging
from math import isfinite
from typing import Any

from netart.draw.score import closest_with_form
from netart.errors import NetartError
from netart.net.build import to_network
from netart.net.ops import ACTIVATIONS
from netart.pixels import Size
from netart.shot import films
from netart.shot.fields import FIELDS, apply, parse
from netart.shot.films import Motion
from netart.shot.parts import Parts
from netart.shot.place import PERCENT, coordinates_at, is_in_picture
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline

SIDE = 640  # pixels of a film of which no size is said, on its shorter side
# The same of a GIF, and its frames a second: it packs pixels badly, and is shown small.
GIF_SIDE, GIF_RATE = 360, "20"
DRIFT_FRAMES = 200  # of a gentle loop

log = logging.getLogger("netart")


def zoom(
    shot: Shot,
    begin: float | None = None,
    end: float | None = None,
    toward: str | None = None,
    easing: str = "linear",
    size: Size | None = None,
) -> Motion:
    """A zoom as in shot/films.py; where no end is given, it goes on while there is form to see.

    toward: also a place in percent, as in `62%,40%`, in the shot's picture of this size.
    """
    if toward is not None:
        toward = _coordinates(shot, toward, size)
    motion = films.zoom(shot, begin, end, toward, easing)
    if motion.loop == "none" and end is None:
        end = float(f"{closest_with_form(motion).view.radius:.4g}")
        motion = films.zoom(shot, begin, end, toward, easing)
    return motion


def _coordinates(shot: Shot, toward: str, size: Size | None) -> str:
    """The coordinates of the point that stays in its place. Raises NetartError."""
    if PERCENT in toward:
        return coordinates_at(shot, toward, size, "toward")
    if error := FIELDS["center"].refuses(Parts.of(shot)):
        raise error
    try:
        there = apply(shot, {"center": parse("center", toward)})
    except NetartError:
        forms = "X,Y or X%,Y%" if len(shot.view.axes) > 1 else "X or X%"
        raise NetartError(f"toward {toward}: write {forms}", field="toward") from None
    if not is_in_picture(shot, there.view.centre, size):
        log.warning("toward %s: is not in the picture; 50%%,50%% is its middle", toward)
    return toward


def film_of(motion: Motion, frames: int = Pace().frames, samples: int | None = None) -> Timeline:
    """The film of a motion: with contrast that follows it, and so many samples a pixel across and
    down, where its shot leaves that open.

    samples: None for those that the shot has. Raises NetartError where what moves has no effect.
    """
    motion.check_effects()
    look = motion.shot.look
    open_fields: dict[str, Any] = {}
    if look.contrast is None and look.has_contrast:
        open_fields["contrast"] = _contrast(motion)
    if samples is not None and look.samples == 1:
        open_fields["samples"] = samples
    parts = Parts.of(motion.shot)
    fresh = {name: value for name, value in open_fields.items() if not FIELDS[name].refuses(parts)}
    shot = apply(motion.shot, fresh)
    return Timeline(shot=shot, tracks=motion.tracks, pace=Pace(frames=frames, loop=motion.loop))


def film_size(shot: Shot, picture: Size | None, side: int = SIDE) -> Size:
    """The size of a film that is made of a picture: of its shape, with so many pixels on the
    shorter side, and even, as all players take it.

    picture: its size, None where nothing says one.
    """
    width, height = picture or (shot.aspect, 1)
    scale = side / min(width, height)
    return 2 * round(width * scale / 2), 2 * round(height * scale / 2)


def _contrast(motion: Motion) -> str:
    """The contrast of a film: none where a network learns outputs that are shares, whose range is
    known, else what follows their range.
    """
    if all(track.field != "step" for track in motion.tracks):
        return "eased"
    row = ACTIVATIONS[to_network(motion.shot.network).layers[-1].activation]
    return "off" if isfinite(row.low) and isfinite(row.high) else "eased"
