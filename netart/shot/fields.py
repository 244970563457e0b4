"""The table of fields: all that a user can set of a shot, by name.

Options, files, films, keys and error messages read it. Functions apply values to a shot, and find
the fewest values that make a given shot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec.structs import replace

from netart.errors import NetartError, unknown
from netart.net.ops import ACTIVATIONS
from netart.net.sampling import DISTRIBUTIONS
from netart.shot import syntax
from netart.shot.light import LIGHTS, NONE, SETTINGS, readers
from netart.shot.palette import NAMES
from netart.shot.parts import (
    Parts,
    Write,
    coordinates,
    further_latents,
    read_centre,
    read_latents,
    read_layers,
    read_seed,
    read_width,
    write_at,
    write_centre,
    write_depth,
    write_latents,
    write_layers,
    write_light,
    write_rotation,
    write_scale,
    write_seed,
    write_width,
    write_widths,
)
from netart.shot.shot import Shot
from netart.shot.view import View, decimal, exact_angle

SWITCH = "true|false"  # the metavar of what is on or off

# Pairs of fields that say the same thing, the shorter one first.
EXCLUSIVE = (("seed", "mix"), ("layers", "widths"))


class Field(NamedTuple):
    """A value of a shot that a user can set: under one name in options, files, films, messages."""

    name: str
    # Where the value stands in the shot, as `part.name`.
    place: str
    # From the text of an option to the value.
    parse: Callable[[str], Any]
    # How the text looks, as help shows it.
    metavar: str
    # What the value does, as help shows it.
    help: str
    # Puts the value into the parts of a shot; unset where it stands at its place as it is.
    write: Write | None = None
    # The value of a shot, or None; unset where it stands at its place as it is.
    read: Callable[[Shot], Any] | None = None
    # All names that the value may be, where they can be listed.
    choices: tuple[str, ...] = ()
    # The interpolations that a film may use, its default first; with none the value jumps.
    interpolations: tuple[str, ...] = ()
    # What stands in text between the two of a pair.
    separator: str = ""
    # Whether files may have this text at the value's place.
    in_files: bool = True

    def value(self, shot: Shot) -> Any:
        """The shot's value, or None."""
        return self.read(shot) if self.read else attrgetter(self.place)(shot)

    def put(self, parts: Parts, value: Any) -> Parts:
        """The parts with the value in its place. Raises NetartError."""
        return (self.write or write_at(self.place))(parts, value)

    def is_absent(self, parts: Parts) -> bool:
        """Whether the parts have no such value: explicit weights have no seed, say."""
        part, _, name = self.place.partition(".")
        return name not in getattr(parts, part).__struct_fields__

    def refuses(self, parts: Parts) -> NetartError | None:
        """Why the field cannot be set in these parts, as an error, or None."""
        if self.is_absent(parts):
            part = self.place.partition(".")[0]
            kind = getattr(parts, part).__struct_config__.tag
            why = (
                "the network's weights are explicit"
                if kind == "weights"
                else f"a {kind} lens has none"
            )
            return NetartError(f"{self.name}: {why}", field=self.name)
        return parts.network.refuses(self.name) or parts.lens.refuses(
            self.name, parts.network, parts.look
        )


FIELDS = {
    field.name: field
    for field in (
        Field(
            "seed", "network.mix", syntax.whole_number, "N|random",
            "Seed of the draws, 0 to 2⁶⁴ − 1.",
            write=write_seed, read=read_seed, in_files=False,
        ),
        Field(
            "mix", "network.mix", syntax.mix, "SEED:SHARE,…",
            "Weighted sum of several seeds' draws, as in 7:0.6,42:0.8.",
            interpolations=("mix",), separator=":",
        ),
        Field(
            "layers", "network.widths", syntax.layers, "DEPTH[xWIDTH]",
            "Number of hidden layers (0: a one-layer network) and their width.",
            write=write_layers, read=read_layers, in_files=False,
        ),
        Field(
            "widths", "network.widths", syntax.widths, "N,N,…",
            "Width of each hidden layer, as in 5,50,3.",
            write=write_widths,
        ),
        Field(
            "depth", "network.widths", syntax.depth, "N",
            "Number of hidden layers alone.",
            write=write_depth, read=attrgetter("network.depth"), in_files=False,
        ),
        Field(
            "width", "network.widths", syntax.whole_number, "N",
            "Width of all hidden layers alone.",
            write=write_width, read=read_width, in_files=False,
        ),
        Field(
            "activation", "network.activations", syntax.names, "NAME[,NAME…]",
            "Activation of the hidden layers: one for all, or one each (tanh).",
            choices=tuple(ACTIVATIONS),
        ),
        Field(
            "output_activation", "network.output_activation", str, "NAME",
            "Activation of the output layer, where contrast is off (sigmoid).",
            choices=tuple(ACTIVATIONS),
        ),
        Field(
            "distribution", "network.distribution", str, "NAME",
            "How weights and biases are drawn (uniform).",
            choices=tuple(DISTRIBUTIONS),
        ),
        Field(
            "weight_scale", "network.weight_scale", syntax.number_or("auto"), "A|auto",
            "Multiplies the weights; with uniform they lie in [−A, A). auto is lively at any "
            "depth and width.",
            write=write_scale("weight_scale"), interpolations=("geometric", "linear"),
        ),
        Field(
            "detail", "network.detail", syntax.number, "F",
            "Multiplies the weight scale of auto: above 1 finer, below 1 calmer (1).",
            interpolations=("geometric", "linear"),
        ),
        Field(
            "bias_scale", "network.bias_scale", syntax.number_or("auto", "same"), "B|same|auto",
            "Multiplies the biases; same: as the weight scale; auto: 0.5.",
            write=write_scale("bias_scale"), interpolations=("geometric", "linear"),
        ),
        Field(
            "features", "network.features", syntax.names, "NAME,…",
            "What of the point (x, y) enters the network (x,y).",
        ),
        Field(
            "outputs", "network.outputs", syntax.whole_number, "N",
            "Number of outputs (3).",
        ),
        Field(
            "axes", "view.axes", syntax.axes, "NAME,NAME",
            "The two inputs that the picture spans (x,y).",
        ),
        Field(
            "latent", "view.centre", syntax.latents, "NAME=VALUE",
            "A further input of the network and its value; may be repeated.",
            write=write_latents, read=read_latents, interpolations=("linear",), separator="=",
            in_files=False,
        ),
        Field(
            "center", "view.centre", syntax.centre, "X,Y",
            "Centre of the picture, in input units, with any number of digits.",
            write=write_centre, read=read_centre, interpolations=("linear", "pinned"),
        ),
        Field(
            "radius", "view.radius", syntax.number, "R",
            "Half of the picture's shorter side, in input units (1/weight scale).",
            interpolations=("geometric", "linear"),
        ),
        Field(
            "rotate", "view.basis", syntax.number, "DEGREES",
            "Turns the view anticlockwise, so the content turns clockwise.",
            write=write_rotation, read=lambda shot: exact_angle(shot.view.basis),
            interpolations=("linear", "short"), in_files=False,
        ),
        Field(
            "layer", "lens.layer", syntax.number, "K",
            "Draw hidden layer K, read out as if it were the last; 2.5 is halfway from 2 to 3.",
            interpolations=("linear",),
        ),
        Field(
            "output", "lens.output", syntax.whole_number, "K",
            "Draw output K alone.",
        ),
        Field(
            "units", "lens.units", syntax.units, "LAYER.UNIT,…",
            "Draw one or three units of a hidden layer themselves, as in 3.1,3.2,3.3.",
            separator=".",
        ),
        Field(
            "palette", "look.palette", str, "NAME|random|FILE",
            "How outputs become colours (corners:sun; ramp:ember for one output).",
            choices=NAMES,
        ),
        Field(
            "chroma", "look.chroma", syntax.number, "P",
            "Corners: how much chroma comes back between opposite hues (0: none, 0.6: much).",
            interpolations=("linear",),
        ),
        Field(
            "contrast", "look.contrast", syntax.contrast, "auto|eased|off|LO:HI,…",
            "Which pre-activations span the palette (off for rgb, hsv and gray, else auto); eased "
            "follows them along a film.",
            interpolations=("linear",), separator=":",
        ),
        Field(
            "gamma", "look.gamma", syntax.number, "G",
            "Lifts the middle of the palette where above 1, lowers it where below (1).",
            interpolations=("geometric", "linear"),
        ),
        Field(
            "invert", "look.invert", syntax.switch, SWITCH,
            "Runs through the palette backwards.",
        ),
        Field(
            "posterize", "look.posterize", syntax.whole_number, "N",
            "N flat steps of the palette instead of all (0: none).",
        ),
        Field(
            "samples", "look.samples", syntax.samples, "N|auto",
            "N×N samples a pixel, averaged in linear light: smooth edges (1; new pictures auto, "
            "new sheets 2). auto takes more only where a pixel differs from a neighbour.",
        ),
        Field(
            "dither", "look.dither", syntax.switch, SWITCH,
            "Hides the steps of 8-bit gradients.",
        ),
        Field(
            "light", "look.light", str, "NAME",
            "Finish of the surface, as in relief (none).",
            write=write_light, choices=(NONE, *LIGHTS),
        ),
        *(
            Field(
                f"light_{name}", f"look.light_{name}",
                str if setting.is_colour else syntax.number,
                setting.metavar,
                f"{setting.help} For {', '.join(readers(name))}"
                f"{setting.range and f' ({setting.range})'}.",
                interpolations=setting.interpolations,
            )
            for name, setting in SETTINGS.items()
        ),
    )
}  # fmt: skip


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
        name=f"latent.{latent}",
        parse=decimal,
        write=lambda parts, value: write_latents(parts, ((latent, value),)),
        read=lambda shot: None if latent in shot.view.axes else coordinates(shot).get(latent),
    )


def parse(name: str, text: str) -> Any:
    """The value of the field `name` that is written as `text`. Raises NetartError."""
    row = field(name)
    try:
        return row.parse(text)
    except NetartError as error:
        raise NetartError(f"{row.name} {text!r}: {error}", field=row.name) from None


def apply(shot: Shot | None, values: Mapping[str, Any], other: Shot | None = None) -> Shot:
    """The shot with other values of the named fields. Raises NetartError.

    They are put in part by part (look, lens, network, view), within each in the table's order;
    chroma is put in last.

    shot: None for the default shot with an unset radius, which follows the network. other: a shot
    whose network, with its latents' values, first replaces the shot's.
    """
    view = shot.view if shot else View()
    parts = Parts.of(shot or Shot())._replace(view=view)
    if other:
        centre = (*view.centre[:2], *other.view.centre[2:])
        parts = parts._replace(network=other.network, view=replace(view, centre=centre))
    for one, twin in EXCLUSIVE:
        if one in values and twin in values:
            raise NetartError(f"{one}: says the same thing as {twin}", field=one, hint=twin)
    named = [(field(name), value) for name, value in values.items()]
    for row, value in sorted(named, key=lambda pair: _order(pair[0])):
        if error := row.refuses(parts):
            raise error
        parts = row.put(parts, value)
    return parts.shot()


def _order(row: Field) -> tuple[bool, int, int]:
    """Sorts fields as they are applied: by part, then as in the table. Chroma is last: whether it
    has an effect depends on all other parts.
    """
    part, _, _ = row.place.partition(".")
    name, _, _ = row.name.partition(".")
    return row.name == "chroma", Parts._fields.index(part), list(FIELDS).index(name)


def text_of(shot: Shot, name: str) -> str | None:
    """The shot's value of the field `name`, as the text that `parse` reads; None where it has none.

    Raises NetartError for an unknown name.
    """
    row = field(name)
    if row.is_absent(Parts.of(shot)):
        return None
    value = row.value(shot)
    return None if value in (None, "", ()) else syntax.spell(value, row.separator)


def fewest_texts(shot: Shot, base: Shot | None = None) -> dict[str, str] | None:
    """The fewest fields, with their texts, that turn the base into exactly this shot.

    None where no fields do. base: as in `apply`.
    """
    parts = Parts.of(shot)
    texts = {name: text_of(shot, name) for name, row in FIELDS.items() if not row.refuses(parts)}
    latents = further_latents(shot, base or Shot())
    texts["latent"] = syntax.spell(latents, FIELDS["latent"].separator)
    for short, long in EXCLUSIVE:
        if texts.get(short) is not None:
            texts[long] = None
    given = {name: text for name in FIELDS if (text := texts.get(name))}
    if _try_texts(base, given) != shot:
        return None
    for name in reversed(FIELDS):
        fewer = {other: text for other, text in given.items() if other != name}
        if _try_texts(base, fewer) == shot:
            given = fewer
    return given


def _try_texts(base: Shot | None, texts: Mapping[str, str]) -> Shot | None:
    """The base with these fields; None where they are refused."""
    try:
        return apply(base, {name: parse(name, text) for name, text in texts.items()})
    except NetartError:
        return None
