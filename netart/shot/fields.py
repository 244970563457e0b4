"""One table of fields: what a user may name, how it is written, where in the Shot it stands.

Options, files and error messages all read this table. A field writes into the parts of a shot,
which are checked one by one; the shot itself is made when all fields are in place. The way back,
from a shot to the options that draw it, is here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec.structs import replace

from netart.errors import NetartError, unknown
from netart.net.network import MAX_LAYERS, input_names
from netart.net.recipe import Recipe, Weights
from netart.shot.lens import Lens
from netart.shot.look import Look
from netart.shot.shot import Shot
from netart.shot.view import View, angle, decimal, rotation

SWITCH = "true|false"  # the metavar of what is on or off

TWINS = (("seed", "mix"), ("layers", "widths"))  # two fields that say the same, the shorter first


class Parts(NamedTuple):
    """A shot on the workbench: its parts, not yet checked against each other."""

    network: Recipe | Weights
    view: View
    lens: Lens
    look: Look


class Field(NamedTuple):
    """name; the place in the Shot; how to read the value from text; how to write it into the
    parts; how the value is spelled; help. sampled: explicit weights have no such field. ways: how
    a film may find values in between, its own way first; without one it holds. read: the value of
    a shot, or None, where it does not stand at the place as it is written. sign: between the two
    of a pair.
    """

    name: str
    place: str
    parse: Callable[[str], Any]
    write: Callable[[Parts, Any], Parts]
    metavar: str
    help: str
    sampled: bool = False
    ways: tuple[str, ...] = ()
    read: Callable[[Shot], Any] | None = None
    sign: str = ""


def apply(shot: Shot | None, values: Mapping[str, Any], other: Shot | None = None) -> Shot:
    """The shot with the named fields replaced, in the table's order. Raises NetartError.

    shot: None for the plain start, which has no view of its own: an unset radius follows the
    network. other: a shot whose network comes first, with its latents' values; view, lens and
    look stay.
    """
    view = shot.view if shot else View()
    shot = shot or Shot()
    parts = Parts(shot.network, view, shot.lens, shot.look)
    if other:
        centre = (*view.centre[:2], *other.view.centre[2:])
        parts = parts._replace(network=other.network, view=replace(view, centre=centre))
    fields = {name: field(name) for name in values}
    for one, twin in TWINS:
        if one in values and twin in values:
            raise NetartError(f"--{one} and --{twin} say the same thing: give one of them")
    order = list(FIELDS)
    for name in sorted(values, key=lambda name: order.index(fields[name].name)):
        if fields[name].sampled and isinstance(parts.network, Weights):
            raise NetartError(f"--{_dashed(name)}: the network's weights are explicit")
        parts = fields[name].write(parts, values[name])
    made = Shot(**parts._asdict())
    if "output_activation" in values and made.lens.units:
        raise NetartError("--output-activation: units are drawn, not outputs")
    if "output_activation" in values and made.look.has_contrast:
        name = made.lens.palette(made.network, made.look).name
        raise NetartError(
            f"--output-activation: palette {name!r} reads pre-activations while contrast is on: "
            "add --contrast off"
        )
    return made


def field(name: str) -> Field:
    """The row called `name`, hyphens and underscores equal; `latent.NAME` is one latent alone.

    Raises NetartError with the nearest name.
    """
    name, dot, latent = name.replace("-", "_").partition(".")
    if name not in FIELDS or (dot and name != "latent"):
        raise unknown("field", name + dot + latent, FIELDS)
    row = FIELDS[name]
    if not dot:
        return row
    return row._replace(
        parse=decimal,
        write=lambda parts, value: row.write(parts, ((latent, value),)),
        read=lambda shot: None if latent in shot.view.axes else _coordinates(shot).get(latent),
    )


def parse(name: str, text: str) -> Any:
    """The value that `text` writes for the field `name`. Raises NetartError that names both."""
    try:
        return field(name).parse(text)
    except NetartError as error:
        raise NetartError(f"--{_dashed(name)} {text!r}: {error}") from None


def text_of(shot: Shot, name: str) -> str | None:
    """The text that `parse` reads as the shot's value of the field `name`; None where the shot
    has none that can be written. Raises NetartError for an unknown name.
    """
    row = field(name)
    if row.sampled and isinstance(shot.network, Weights):
        return None
    value = row.read(shot) if row.read else attrgetter(row.place)(shot)
    return None if value in (None, "", ()) else _spelled(value, row.sign)


def options(shot: Shot, base: Shot | None = None) -> list[str] | None:
    """The fewest options that make exactly this shot of the base, as words of a command line;
    None where no options do. base: the SOURCE's shot, None for no SOURCE.
    """
    texts = {name: text_of(shot, name) for name in FIELDS}
    texts["latent"] = _spelled(_further(shot, base or Shot()), FIELDS["latent"].sign)
    if shot.look.has_contrast or shot.lens.units:
        texts["output_activation"] = None  # has no meaning, and is refused where it is named
    for short, long in TWINS:
        if texts[short] is not None:
            texts[long] = None
    given = {name: text for name, text in texts.items() if text}
    if _made(base, given) != shot:
        return None
    for name in reversed(FIELDS):
        fewer = {other: text for other, text in given.items() if other != name}
        if _made(base, fewer) == shot:
            given = fewer
    return [word for name, text in given.items() for word in _words(name, text)]


def _made(base: Shot | None, texts: Mapping[str, str]) -> Shot | None:
    """What the options make of the base; None where they are refused."""
    try:
        return apply(base, {name: parse(name, text) for name, text in texts.items()})
    except NetartError:
        return None


def _words(name: str, text: str) -> list[str]:
    if FIELDS[name].metavar == SWITCH:
        return [f"--{_dashed(name)}" if text == "true" else f"--no-{_dashed(name)}"]
    return [f"--{_dashed(name)}", text]


def _dashed(name: str) -> str:
    return name.replace("_", "-")


# How values are written.


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise NetartError("must be a whole number") from None


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NetartError("must be a number") from None


def _switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise NetartError("must be true or false")
    return text == "true"


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    if not all(names):
        raise NetartError("a name is missing")
    return names


def _scale(*words: str) -> Callable[[str], float | str]:
    return lambda text: text if text in words else _float(text)


def _mix(text: str) -> tuple[tuple[int, float], ...]:
    pairs = (part.partition(":") for part in text.split(","))
    return tuple((_int(seed), _float(share) if colon else 1.0) for seed, colon, share in pairs)


def _layers(text: str) -> tuple[int, int | None]:
    depth, cross, width = text.partition("x")
    try:
        number = int(depth), int(width) if cross else None
    except ValueError:
        raise NetartError("write DEPTH or DEPTHxWIDTH, as in 20x30") from None
    return _checked_depth(number[0]), number[1]


def _depth(text: str) -> int:
    return _checked_depth(_int(text))


def _checked_depth(depth: int) -> int:
    if not 0 <= depth < MAX_LAYERS:
        raise NetartError(f"the number of hidden layers goes from 0 to {MAX_LAYERS - 1}")
    return depth


def _widths(text: str) -> tuple[int, ...]:
    widths: list[int] = []
    for part in _names(text):
        depth, width = _layers(part) if "x" in part else (1, _int(part))
        widths += [width or 0] * depth
    return tuple(widths)


def _centre(text: str) -> tuple[Decimal, Decimal]:
    numbers = tuple(map(decimal, text.split(",")))
    if len(numbers) != 2:
        raise NetartError("write X,Y")
    return numbers


def _axes(text: str) -> tuple[str, str]:
    names = _names(text)
    if len(names) != 2:
        raise NetartError("write two names of inputs, as in x,y")
    return names[0], names[1]


def _latents(text: str) -> tuple[tuple[str, Decimal], ...]:
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(equals for _, equals, _ in pairs):
        raise NetartError("write NAME=VALUE")
    if len({name.strip() for name, _, _ in pairs}) < len(pairs):
        raise NetartError("a name is given twice")
    return tuple((name.strip(), decimal(value)) for name, _, value in pairs)


def _units(text: str) -> tuple[tuple[int, int], ...]:
    pairs = [part.partition(".") for part in _names(text)]
    if not all(dot for _, dot, _ in pairs):
        raise NetartError("write LAYER.UNIT, as in 3.1")
    return tuple((_int(layer), _int(unit)) for layer, _, unit in pairs)


def _contrast(text: str) -> str | tuple[tuple[float, float], ...]:
    if text in ("auto", "off"):
        return text
    pairs = [part.partition(":") for part in text.split(",")]
    if not all(colon for _, colon, _ in pairs):
        raise NetartError("write auto, off, or LO:HI for all outputs or one each, as in -1:1,0:2")
    return tuple((_float(low), _float(high)) for low, _, high in pairs)


# How a shot's values are read and spelled.


def _spelled(value: Any, sign: str) -> str:
    """Numbers in all their digits, which are as many as are needed to read them back."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        pairs = (sign.join(map(str, x)) if isinstance(x, tuple) else str(x) for x in value)
        return ",".join(pairs)
    return str(value)


def _read_seed(shot: Shot) -> int | None:
    assert isinstance(shot.network, Recipe)
    (seed, share), *others = shot.network.mix
    return seed if share == 1 and not others else None


def _read_layers(shot: Shot) -> str | None:
    if not shot.network.widths:
        return "0"
    width = _read_width(shot)
    return None if width is None else f"{shot.network.depth}x{width}"


def _read_width(shot: Shot) -> int | None:
    widths = set(shot.network.widths)
    return widths.pop() if len(widths) == 1 else None


def _coordinates(shot: Shot) -> dict[str, Decimal]:
    return dict(zip(input_names(shot.network.latents), shot.view.centre, strict=True))


def _read_center(shot: Shot) -> tuple[Decimal, ...]:
    return tuple(_coordinates(shot)[name] for name in shot.view.axes)


def _read_latents(shot: Shot) -> tuple[tuple[str, Decimal], ...]:
    """Of x and y only what is not at its default."""
    return tuple(
        (name, value)
        for name, value in _coordinates(shot).items()
        if name not in shot.view.axes and (value or name in shot.network.latents)
    )


def _further(shot: Shot, base: Shot) -> tuple[tuple[str, Decimal], ...]:
    """The inputs that the base lacks, and those beside the picture's plane that differ."""
    own = _coordinates(base)
    return tuple(
        (name, value)
        for name, value in _coordinates(shot).items()
        if name not in own or (name not in shot.view.axes and value != own[name])
    )


# How values reach their place.


def _plain(part: str, name: str) -> Callable[[Parts, Any], Parts]:
    def write(parts: Parts, value: Any) -> Parts:
        return parts._replace(**{part: replace(getattr(parts, part), **{name: value})})

    return write


def _write_scale(name: str) -> Callable[[Parts, Any], Parts]:
    def write(parts: Parts, value: float | str) -> Parts:
        if isinstance(value, str) and isinstance(parts.network, Weights):
            raise NetartError(f"--{_dashed(name)} {value}: the weights are explicit, give a number")
        return parts._replace(network=replace(parts.network, **{name: value}))

    return write


def _write_seed(parts: Parts, seed: int) -> Parts:
    return parts._replace(network=replace(parts.network, mix=((seed, 1.0),)))


def _write_widths(parts: Parts, widths: tuple[int, ...]) -> Parts:
    recipe = parts.network
    assert isinstance(recipe, Recipe)
    names = recipe.activations
    if len(names) > 1:
        # Deeper networks go on with the last activation; shallower ones keep the first.
        names = (*names, *names[-1:] * len(widths))[: max(1, len(widths))]
    return parts._replace(network=replace(recipe, widths=widths, activations=names))


def _write_layers(parts: Parts, layers: tuple[int, int | None]) -> Parts:
    depth, width = layers
    parts = _write_depth(parts, depth)
    return parts if width is None else _write_width(parts, width)


def _write_depth(parts: Parts, depth: int) -> Parts:
    """Deeper networks go on with the last width, shallower ones keep the first."""
    assert isinstance(parts.network, Recipe)
    own = parts.network.widths or Recipe().widths[:1]
    return _write_widths(parts, (*own, *own[-1:] * depth)[:depth])


def _write_width(parts: Parts, width: int) -> Parts:
    return _write_widths(parts, (width,) * parts.network.depth)


def _write_coordinates(parts: Parts, values: Mapping[str, Decimal]) -> Parts:
    inputs = input_names(parts.network.latents)
    missing = (Decimal(0),) * (len(inputs) - len(parts.view.centre))
    own = dict(zip(inputs, (*parts.view.centre, *missing), strict=True))
    for name, value in values.items():
        if name not in own:
            raise unknown("input", name, inputs)
        own[name] = value
    return parts._replace(view=replace(parts.view, centre=tuple(own.values())))


def _write_latents(parts: Parts, latents: tuple[tuple[str, Decimal], ...]) -> Parts:
    for name, _ in latents:
        if name in input_names(parts.network.latents):
            if name in parts.view.axes:
                raise NetartError(f"--latent {name}: the picture spans {name}: use --center")
        elif isinstance(parts.network, Recipe):
            names = (*parts.network.latents, name)
            parts = parts._replace(network=replace(parts.network, latents=names))
    return _write_coordinates(parts, dict(latents))


def _write_center(parts: Parts, centre: tuple[Decimal, Decimal]) -> Parts:
    return _write_coordinates(parts, dict(zip(parts.view.axes, centre, strict=True)))


def _write_rotate(parts: Parts, degrees: float) -> Parts:
    return parts._replace(view=replace(parts.view, frame=rotation(degrees)))


FIELDS = {
    field.name: field
    for field in (
        Field(
            "seed", "", _int, _write_seed, "N|random", "Seed of the draws, 0 to 2⁶⁴ − 1.", True,
            read=_read_seed,
        ),
        Field(
            "mix", "network.mix", _mix, _plain("network", "mix"), "SEED:SHARE,…",
            "Weighted sum of several seeds' draws, as in 7:0.6,42:0.8.", True,
            ways=("mix",), sign=":",
        ),
        Field(
            "layers", "", _layers, _write_layers, "DEPTH[xWIDTH]",
            "Number of hidden layers (0: a one-layer network) and their width.", True,
            read=_read_layers,
        ),
        Field(
            "widths", "network.widths", _widths, _write_widths, "N,N,…",
            "Width of each hidden layer, as in 5,50,3.", True,
        ),
        Field(
            "depth", "", _depth, _write_depth, "N", "Number of hidden layers alone.", True,
            read=attrgetter("network.depth"),
        ),
        Field(
            "width", "", _int, _write_width, "N", "Width of all hidden layers alone.", True,
            read=_read_width,
        ),
        Field(
            "activation", "network.activations", _names, _plain("network", "activations"),
            "NAME[,NAME…]", "Activation of the hidden layers: one for all, or one each (tanh).",
        ),
        Field(
            "output_activation", "network.output_activation", str,
            _plain("network", "output_activation"), "NAME",
            "Activation of the output layer, where contrast is off (sigmoid).",
        ),
        Field(
            "distribution", "network.distribution", str, _plain("network", "distribution"),
            "NAME", "How weights and biases are drawn (uniform).", True,
        ),
        Field(
            "weight_scale", "network.weight_scale", _scale("auto"),
            _write_scale("weight_scale"), "A|auto",
            "Multiplies the weights; with uniform they lie in [−A, A). auto is lively at any depth "
            "and width.",
            ways=("geometric", "linear"),
        ),
        Field(
            "bias_scale", "network.bias_scale", _scale("auto", "same"),
            _write_scale("bias_scale"), "B|same|auto",
            "Multiplies the biases; same: as the weight scale; auto: 0.5.",
            ways=("geometric", "linear"),
        ),
        Field(
            "features", "network.features", _names, _plain("network", "features"), "NAME,…",
            "What of the point (x, y) enters the network (x,y).", True,
        ),
        Field(
            "outputs", "network.outputs", _int, _plain("network", "outputs"), "N",
            "Number of outputs (3).", True,
        ),
        Field(
            "axes", "view.axes", _axes, _plain("view", "axes"), "NAME,NAME",
            "The two inputs that the picture spans (x,y).",
        ),
        Field(
            "latent", "", _latents, _write_latents, "NAME=VALUE",
            "A further input of the network and its value; may be repeated.",
            ways=("linear",), read=_read_latents, sign="=",
        ),
        Field(
            "center", "view.centre", _centre, _write_center, "X,Y",
            "Centre of the picture, in input units, with any number of digits.",
            ways=("linear", "pinned"), read=_read_center,
        ),
        Field(
            "radius", "view.radius", _float, _plain("view", "radius"), "R",
            "Half of the picture's shorter side, in input units (1/weight scale).",
            ways=("geometric", "linear"),
        ),
        Field(
            "rotate", "", _float, _write_rotate, "DEGREES",
            "Turns the view anticlockwise, so the content turns clockwise.",
            ways=("linear", "short"), read=lambda shot: angle(shot.view.frame),
        ),
        Field(
            "layer", "lens.layer", _float, _plain("lens", "layer"), "K",
            "Draw hidden layer K, read out as if it were the last; 2.5 is halfway from 2 to 3.",
            ways=("linear",),
        ),
        Field(
            "output", "lens.output", _int, _plain("lens", "output"), "K", "Draw output K alone."
        ),
        Field(
            "units", "lens.units", _units, _plain("lens", "units"), "LAYER.UNIT,…",
            "Draw one or three units of a hidden layer themselves, as in 3.1,3.2,3.3.",
            sign=".",
        ),
        Field(
            "palette", "look.palette", str, _plain("look", "palette"), "NAME",
            "How outputs become colours (corners:sun; ramp:ember for one output).",
        ),
        Field(
            "contrast", "look.contrast", _contrast, _plain("look", "contrast"),
            "auto|off|LO:HI,…",
            "Which pre-activations span the palette (off for rgb, hsv and gray, else auto).",
            ways=("linear",), sign=":",
        ),
        Field(
            "gamma", "look.gamma", _float, _plain("look", "gamma"), "G",
            "Lifts the middle of the palette where above 1, lowers it where below (1).",
            ways=("geometric", "linear"),
        ),
        Field(
            "invert", "look.invert", _switch, _plain("look", "invert"), SWITCH,
            "Runs through the palette backwards.",
        ),
        Field(
            "posterize", "look.posterize", _int, _plain("look", "posterize"), "N",
            "N flat steps of the palette instead of all (0: none).",
        ),
        Field(
            "samples", "look.samples", _int, _plain("look", "samples"), "N",
            "N×N samples a pixel, averaged in linear light: smooth edges (1).",
        ),
        Field(
            "dither", "look.dither", _switch, _plain("look", "dither"), SWITCH,
            "Hides the steps of 8-bit gradients.",
        ),
    )
}  # fmt: skip
