"""Status text: what the window says about shots, and on stderr."""

from __future__ import annotations

import re
import sys
from math import floor, log10

import numpy as np

from netart.draw.blank import Blank, extent_of
from netart.errors import printable
from netart.evaluate.reference import Reference, forward
from netart.evaluate.request import Evaluator
from netart.lens import cost, heads, is_measured, moves_with_view, picture, single
from netart.live.gestures import Pointer, inputs
from netart.net.build import to_network
from netart.net.learning.trained import Trained
from netart.net.ops import ACTIVATIONS
from netart.pixels import PREVIEW, Size
from netart.shot.fields import FIELDS, text_of
from netart.shot.shot import Shot
from netart.shot.view import point

GLANCES: tuple[Size, ...] = ((16, 16), PREVIEW)  # the second where the first is of one colour
MAX_COST = 30_000  # multiplications a pixel of these
MAX_OUTPUTS = 6  # that are listed for a point
MAX_INPUTS = 8  # that are; of more, those that the picture spans
# A field's change is left out where one of these fields, which implies it, has changed too.
IMPLIED_BY = {
    "layers": ("depth", "width", "widths"),
    "mix": ("seed",),
    "widths": ("depth", "width"),
    "contrast": ("seed", "mix", "depth", "widths", "activation", "layer", "palette", "run", "step"),
    "center": ("radius",),
    # Said together.
    "step": ("run",),
    "blend_steps": ("run", "step"),
}
NUMBER = re.compile(r"(?<!\d)-?\d+\.\d+(E[+-]?\d+)?", re.IGNORECASE)


def describe_change(shot: Shot, other: Shot) -> str:
    """The fields in which the other shot differs, with their new values, in a line."""
    return "   ".join(list_changes(shot, other))


def list_changes(shot: Shot, other: Shot) -> list[str]:
    """The fields in which the other shot differs, each with its new value."""
    texts = {name: (text_of(shot, name), text_of(other, name)) for name in FIELDS}
    changed = {
        name: after
        for name, (before, after) in texts.items()
        if after != before and after is not None
    }
    if shot.lens.name != other.lens.name:  # which has fields of its own, at their defaults
        own = {name for name in changed if FIELDS[name].place.startswith("lens.")}
        changed = {"lens": other.lens.name} | {
            name: text for name, text in changed.items() if name not in {*own, "lens", "contrast"}
        }
    listed = {
        name: text
        for name, text in changed.items()
        if changed.keys().isdisjoint(IMPLIED_BY.get(name, ()))
    }
    return [
        describe_step(other)
        if name in ("run", "step")
        else f"{name.replace('_', ' ')} {shorten_numbers(text)}"
        for name, text in listed.items()
    ]


def describe_step(shot: Shot) -> str:
    """Which step of a run is drawn, and how well the network did at the nearest step that the run
    keeps, unless it has been changed since. Nothing where the network is not one of a run.
    """
    network = shot.network
    if not isinstance(network, Trained):
        return ""
    assert network.step is not None
    run = network.drawn
    name = [run.name] if len(network.runs) > 1 else []
    found = [*name, f"step {network.step:,.0f}"]
    scaled = network.weight_scale != 1 or network.bias_scale != 1
    if not (scaled or network.activations or network.output_activation):
        index = int(np.searchsorted(run.steps, run.nearest(network.step)))
        found += describe_score(float(run.loss[index]), float(run.accuracy[index]))
    return "   ".join(found)


def describe_score(loss: float, accuracy: float) -> list[str]:
    """How well a network does. accuracy: a share, NaN where values are learned."""
    return [f"loss {loss:#.3g}", *([f"{accuracy:.2%} right"] if accuracy == accuracy else [])]


def shorten_numbers(text: str) -> str:
    """The text with five significant digits for each number with a decimal point."""
    return NUMBER.sub(lambda number: f"{float(number[0]):.5g}", text)


def describe_point(shot: Shot, pointer: Pointer) -> str:
    """The input coordinates at a point of the picture, and the network's outputs there; nothing
    where a point of the picture is no point of the view.
    """
    if not moves_with_view(shot):
        return ""
    network, names, outputs = to_network(shot.network), inputs(shot), heads(shot)
    place = point(shot.view, names, *pointer)
    with np.errstate(all="ignore"):
        z = forward(network, outputs, np.array([[float(number)] for number in place])).outputs
        values = ACTIVATIONS[outputs[0].layer.activation].function(z)[0]
    digits = max(3, 3 - floor(log10(shot.view.radius)))
    numbers = "   ".join(
        f"{name} {x:.{digits}f}"
        for name, x in zip(names, place, strict=True)
        if len(names) <= MAX_INPUTS or name in shot.view.axes
    )
    return f"{numbers}   :   {'   '.join(f'{value:.4f}' for value in values[:MAX_OUTPUTS])}"


def describe_doubt(shot: Shot, size: Size, evaluator: Evaluator) -> str:
    """A warning where the evaluator's numbers cannot tell the pixels of the picture apart, or all
    of it is of one colour, which two small pictures tell where they cost next to nothing.
    """
    if not evaluator.resolves(shot.view, min(size)):
        return f"{evaluator.name} cannot tell pixels apart so close"
    if not (moves_with_view(shot) and is_measured(shot) and cost(shot) <= MAX_COST):
        return ""
    for small in GLANCES:
        extent = extent_of(picture(single(shot), small, Reference()))
        if not extent.colour:
            return ""
    return f"the picture is {Blank(extent.colour, {}).describe()}"


def log(text: str) -> None:
    """Writes a message to stderr; that of a shader has many lines."""
    lines = "\n".join(map(printable, text.splitlines()))
    print(f"netart: {lines}", file=sys.stderr, flush=True)
