"""What the window says of shots."""

from __future__ import annotations

import re
from math import floor, log10

import numpy as np

from netart.evaluate.reference import forward
from netart.lens import heads
from netart.live.keys import Aim, inputs
from netart.net.ops import ACTIVATIONS
from netart.net.recipe import to_network
from netart.shot.fields import FIELDS, text_of
from netart.shot.shot import Shot
from netart.shot.view import point

MOST_OUTPUTS = 6  # that are told
# What else says it: a field is not told where another one that can be written has changed too.
SAID_BY = {
    "layers": ("depth", "width", "widths"),
    "mix": ("seed",),
    "widths": ("depth", "width"),
    "contrast": ("seed", "mix", "depth", "widths", "activation", "layer", "palette"),
    "center": ("radius",),
}
NUMBER = re.compile(r"-?\d+\.\d+(E[+-]?\d+)?", re.IGNORECASE)


def told(shot: Shot, other: Shot) -> str:
    """What has changed from a shot to another one, field by field."""
    texts = {name: (text_of(shot, name), text_of(other, name)) for name in FIELDS}
    moved = {name: now for name, (then, now) in texts.items() if then != now and now is not None}
    shown = {
        name: now for name, now in moved.items() if moved.keys().isdisjoint(SAID_BY.get(name, ()))
    }
    return "   ".join(f"{name.replace('_', ' ')} {short(now)}" for name, now in shown.items())


def short(text: str) -> str:
    """The text with its numbers in five digits."""
    return NUMBER.sub(lambda number: f"{float(number[0]):.5g}", text)


def reading(shot: Shot, aim: Aim) -> str:
    """Input coordinates at a point of the picture, and the outputs there."""
    network, names, read = to_network(shot.network), inputs(shot), heads(shot)
    at = point(shot.view, names, *aim)
    with np.errstate(all="ignore"):
        here = np.array([[float(number)] for number in at])
        z = forward(network, read, here).outputs
        values = ACTIVATIONS[read[0].layer.activation].function(z)[0]
    digits = max(3, 3 - floor(log10(shot.view.radius)))
    places = "   ".join(f"{n} {a:.{digits}f}" for n, a in zip(names, at, strict=True))
    return f"{places}   :   {'   '.join(f'{value:.4f}' for value in values[:MOST_OUTPUTS])}"
