"""The table of keys: each changes the shot on screen, or names an action of the controller.

A key is written as it is typed: `n`, `D`, `+`, `shift+1`, `ctrl+z`, `left`. No GL, no window here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from string import ascii_lowercase
from typing import NamedTuple

from msgspec.structs import replace

from netart.errors import NetartError
from netart.evaluate.request import Evaluator, check_depth
from netart.lens import explicit, unmeasured
from netart.live.gestures import Pointer, inputs, pan_to, with_light, zoom_at
from netart.live.steps import FAR, first_step, last_step, run_by, step_by
from netart.net.build import scales, to_network
from netart.net.learning.trained import Trained
from netart.net.ops import ACTIVATIONS
from netart.net.recipe import Recipe
from netart.net.sampling import MAX_SEED
from netart.shot import lens
from netart.shot.fields import FIELDS, apply
from netart.shot.light import LIGHTS, NONE, SETTINGS
from netart.shot.palette import NAMES
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.shot.view import rotate

PAN = 0.25  # of half the picture's shorter side
ZOOM = 1.25
TURN = 5  # degrees
SCALE = 1.04
QUARTER = 0.25
LATENT = Decimal("0.05")
HEIGHT = 1.15  # of a surface
MIN_HEIGHT = 0.01  # to which it rises from 0
MUTATION = 0.15  # share of another network that a mutation adds

LAYER = FIELDS["layer"]

MIN_RESOLVED = 720  # pixels of the shorter side that must be told apart

Change = Callable[[Shot, Pointer], Shot]


class Row(NamedTuple):
    """A row of the table of keys, and of the help page."""

    label: str  # of its keys
    keys: Mapping[str, Change | str]  # key → a pure function, or the name of an action
    help: str  # what they do
    remeasures: bool = False  # whether contrast is measured again afterwards


def mutate(shot: Shot, seed: int) -> Shot:
    """The shot with some of another seed's network mixed in; the weights' variance stays."""
    recipe = _recipe(shot)
    own = {old: share * (1 - MUTATION**2) ** 0.5 for old, share in recipe.mix}
    norm = sum(share**2 for _, share in recipe.mix) ** 0.5
    own[seed] = own.get(seed, 0) + MUTATION * norm
    shares = tuple((old, round(share, 6)) for old, share in sorted(own.items()))
    return apply(shot, {"mix": shares})


def apply_change(
    shot: Shot, change: Change, pointer: Pointer, remeasures: bool, evaluator: Evaluator
) -> Shot:
    """The shot after a change. Raises NetartError where the evaluator could not draw it.

    remeasures: whether what was measured, such as contrast, is to be measured again.
    """
    found = change(unmeasured(shot) if remeasures else shot, pointer)
    check_depth(evaluator, found.view, MIN_RESOLVED)
    return found


def _recipe(shot: Shot) -> Recipe:
    if isinstance(shot.network, Trained):
        raise NetartError("the network was trained: its seed, depth and width are those of its run")
    if not isinstance(shot.network, Recipe):
        raise NetartError("the network's weights are explicit: it has no seed, depth or width")
    return shot.network


def _pan(u: float, v: float) -> Change:
    return lambda shot, pointer: pan_to(shot, PAN * u, PAN * v)


def _zoom(factor: float) -> Change:
    return lambda shot, pointer: zoom_at(shot, factor, pointer)


def _turn(degrees: float) -> Change:
    return lambda shot, pointer: replace(shot, view=rotate(shot.view, degrees))


def _seed(step: int) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        largest = max(_recipe(shot).mix, key=lambda pair: abs(pair[1]))
        return apply(shot, {"seed": (largest[0] + step) % (MAX_SEED + 1)})

    return change


def _scale(factor: float) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        scale = float(f"{scales(shot.network)[0] * factor:.6g}")
        with suppress(NetartError):  # explicit weights have no scale of their own
            found = apply(shot, {"weight_scale": "auto"})
            auto = scales(found.network)[0]
            if abs(scale - auto) < 1e-4 * auto:  # steps are rounded
                return found
        return apply(shot, {"weight_scale": scale})

    return change


def _depth(step: int) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        depth = _recipe(shot).depth + step
        if depth < 0:
            raise NetartError("the network has no hidden layer that could go")
        parts = Parts.of(shot)
        if not LAYER.is_absent(parts) and (LAYER.value(shot) or 0) > depth:
            shot = LAYER.put(parts, None).shot()
        return apply(shot, {"depth": depth})

    return change


def _width(step: int) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        widths = tuple(width + step * max(1, width // 8) for width in _recipe(shot).widths)
        if not widths or min(widths) < 1:
            raise NetartError("the network has no hidden units that could go")
        return apply(shot, {"widths": widths})

    return change


def _activation(step: int) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        if not shot.network.depth:
            raise NetartError("the network has no hidden layer, so no activation")
        own = shot.network.activations or (to_network(shot.network).layers[0].activation,)
        return apply(shot, {"activation": (_next(tuple(ACTIVATIONS), own[0], step),)})

    return change


def _lens(step: int) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        name = shot.lens.name
        for _ in lens.NAMES:
            name = _next(lens.NAMES, name, step)
            with suppress(NetartError):  # it cannot show the network
                return apply(shot, {"lens": name})
        return shot

    return change


def _palette(step: int) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        name = str(explicit(shot).look.palette)
        for _ in NAMES:
            name = _next(NAMES, name, step)
            with suppress(NetartError):  # it reads more outputs than there are
                return apply(shot, {"palette": name})
        return shot

    return change


def _light(step: int) -> Change:
    return lambda shot, pointer: with_light(shot, _next((NONE, *LIGHTS), shot.look.light, step))


def _height(factor: float) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        height = shot.look.light_settings.get("height")
        if not isinstance(height, float):
            raise NetartError(f"light {shot.look.light} has no height: g chooses another")
        higher = height * factor or (MIN_HEIGHT if factor > 1 else 0.0)
        higher = min(float(f"{higher:.3g}"), SETTINGS["height"].high)
        return apply(shot, {"light_height": higher})

    return change


def _layer(step: float) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        if error := LAYER.refuses(Parts.of(shot)):
            raise error
        depth, own = shot.network.depth, LAYER.value(shot)
        layer = (depth if own is None else own) + step
        if not min(1, depth) <= layer <= depth:
            raise NetartError(f"the network has hidden layers 1 to {depth}")
        return LAYER.put(Parts.of(shot), None if layer == depth else layer).shot()

    return change


def _latent(number: int, step: Decimal) -> Change:
    def change(shot: Shot, pointer: Pointer) -> Shot:
        names = list(shot.network.latents)
        spare = (name for name in ascii_lowercase if name not in inputs(shot))
        while len(names) < number and isinstance(shot.network, Recipe):
            names.append(next(spare))
        if len(names) < number:
            raise NetartError(f"the network's weights are explicit: it has {len(names)} latents")
        centre = dict(zip(inputs(shot), shot.view.centre, strict=True))
        values = {name: centre.get(name, Decimal(0)) for name in names}
        values[names[number - 1]] += step
        changed = {name: value for name, value in values.items() if value != centre.get(name)}
        return apply(shot, {"latent": tuple(changed.items())})

    return change


def _step(count: int) -> Change:
    return lambda shot, pointer: step_by(shot, count)


def _run(count: int) -> Change:
    return lambda shot, pointer: run_by(shot, count)


def _contrast(value: str) -> Change:
    return lambda shot, pointer: apply(shot, {"contrast": value})


def _next(names: tuple[str, ...], name: str, step: int) -> str:
    """The name a number of places on, cyclically; the first where it is not among them."""
    return names[(names.index(name) + step) % len(names)] if name in names else names[0]


TABLE = (
    Row(
        "arrows",
        {"left": _pan(-1, 0), "right": _pan(1, 0), "up": _pan(0, 1), "down": _pan(0, -1)},
        "pan",
    ),
    Row("+ -", {"+": _zoom(ZOOM), "=": _zoom(ZOOM), "-": _zoom(1 / ZOOM)}, "zoom at the pointer"),
    Row(", .", {",": _turn(TURN), ".": _turn(-TURN)}, "rotate"),
    Row("n p", {"n": _seed(1), "p": _seed(-1)}, "next, previous seed", True),
    Row("r", {"r": "random"}, "random seed", True),
    Row("m", {"m": "mutate"}, "mix in a little of another network", True),
    Row("[ ]", {"[": _scale(1 / SCALE), "]": _scale(SCALE)}, "weight scale"),
    Row("d D", {"d": _depth(1), "D": _depth(-1)}, "deeper, shallower", True),
    Row("w W", {"w": _width(1), "W": _width(-1)}, "wider, narrower", True),
    Row("a A", {"a": _activation(1), "A": _activation(-1)}, "activation", True),
    Row(
        "l L",
        {"l": _layer(QUARTER), "L": _layer(-QUARTER)},
        "layer up, down, by quarters",
        True,
    ),
    Row("k K", {"k": _lens(1), "K": _lens(-1)}, "lens", True),
    Row("c C", {"c": _palette(1), "C": _palette(-1)}, "palette", True),
    Row("g G", {"g": _light(1), "G": _light(-1)}, "light"),
    Row("b B", {"b": _height(HEIGHT), "B": _height(1 / HEIGHT)}, "height in the light"),
    Row("o O", {"o": _contrast("auto"), "O": _contrast("off")}, "contrast measured, off", True),
    Row(
        "1…9",
        {str(k): _latent(k, LATENT) for k in range(1, 10)}
        | {f"shift+{k}": _latent(k, -LATENT) for k in range(1, 10)},
        "a further input up, with shift down",
    ),
    Row("j J", {"j": _step(1), "J": _step(-1)}, "later, earlier step of a run", True),
    Row(
        "page keys",
        {"pagedown": _step(FAR), "pageup": _step(-FAR)},
        "ten steps later, earlier",
        True,
    ),
    Row(
        "home end",
        {
            "home": lambda shot, pointer: first_step(shot),
            "end": lambda shot, pointer: last_step(shot),
        },
        "first, last step",
        True,
    ),
    Row("y Y", {"y": _run(1), "Y": _run(-1)}, "next, previous of several runs", True),
    Row("space", {"space": "play"}, "play, stop a film; a run learns"),
    Row("t T", {"t": "next film", "T": "previous film"}, "choose the film"),
    Row("v", {"v": "record"}, "record your hands as a film"),
    Row("u ctrl-z", {"u": "undo", "ctrl+z": "undo"}, "undo"),
    Row("ctrl-y", {"ctrl+y": "redo", "ctrl+Z": "redo"}, "redo"),
    Row("0", {"0": "start"}, "back to the start"),
    Row("f F", {"f": "keep", "F": "drop"}, "keep, drop a favourite"),
    Row("tab", {"tab": "next favourite", "shift+tab": "previous favourite"}, "favourites"),
    Row("s", {"s": "save"}, "save a still"),
    Row("S", {"S": "size"}, "choose the still's size"),
    Row("e", {"e": "write"}, "write the shot as TOML"),
    Row("x", {"x": "copy"}, "copy its command line"),
    Row("i", {"i": "point"}, "numbers under the pointer"),
    Row("h", {"h": "help"}, "show, hide this"),
    Row("F11", {"f11": "full screen"}, "full screen"),
    Row("q escape", {"q": "quit", "escape": "quit"}, "quit"),
)

# What the mouse does, for the help page.
MOUSE = (
    ("wheel", "zoom at the pointer"),
    ("drag", "pan"),
    ("shift-drag", "turn the camera"),
    ("ctrl-drag", "move the light"),
    ("drop a file", "open it"),
)

ROWS = {key: row for row in TABLE for key in row.keys}


def find_key(char: str, digit: str, shift: bool) -> str:
    """The key of the table that was typed; empty where it is not in the table.

    char: what the keyboard layout makes of it. digit: of a key in the row of digits, which layouts
    write with or without shift; empty for other keys. shift: whether it was held.
    """
    if digit and (char.isdigit() or char not in ROWS):
        char = f"shift+{digit}" if shift else digit
    elif char.isalpha():  # whatever the caps lock says
        char = char.upper() if shift else char.lower()
    return char if char in ROWS else ""
