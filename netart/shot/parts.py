"""Puts the values of fields into the parts of a shot, and reads them from a shot.

For the fields whose value is not a plain attribute: `layers` sets widths and activations, say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from netart.errors import NetartError, unknown
from netart.net.build import features_of
from netart.net.learning.trained import Trained
from netart.net.network import input_names, inputs_read
from netart.net.recipe import NetworkSource, Recipe
from netart.shot.lens import Lens, LensStruct, lens_named
from netart.shot.light import SETTINGS, light
from netart.shot.look import Look
from netart.shot.marks import Marks
from netart.shot.shot import Shot
from netart.shot.view import View, rotation


class Parts(NamedTuple):
    """The parts of a shot before they are checked against each other.

    Fields are applied in this order.
    """

    lens: Lens
    beside: Lens | None
    look: Look
    marks: Marks
    network: NetworkSource
    view: View

    @classmethod
    def of(cls, shot: Shot) -> Parts:
        """The parts of a shot."""
        return cls(*(getattr(shot, part) for part in cls._fields))

    @property
    def lenses(self) -> tuple[LensStruct, ...]:
        """The lens, and the one beside it if there is one."""
        return (self.lens, self.beside) if self.beside else (self.lens,)

    def reads(self, name: str) -> bool:
        """Whether an input has an effect on the picture: on the network, or on what lies in x and y
        beside it.
        """
        read = inputs_read(features_of(self.network), self.network.latents)
        return name in read or self.marks != Marks()

    def shot(self) -> Shot:
        """The shot that they make. Raises NetartError where they do not fit each other."""
        return Shot(**self._asdict())


Write = Callable[[Parts, Any], Parts]  # the parts with a value put in


def write_at(place: str) -> Write:
    """What puts a value at a place such as `look.gamma`, as it is; of a lens also at that place of
    the lens beside it, where both have it.
    """
    part, _, name = place.partition(".")

    def write(parts: Parts, value: Any) -> Parts:
        for own in ("lens", "beside") if part == "lens" else (part,):
            struct = getattr(parts, own)
            if struct and name in struct.__struct_fields__:
                parts = parts._replace(**{own: replace(struct, **{name: value})})
        return parts

    return write


def write_lens(parts: Parts, name: str) -> Parts:
    return parts._replace(lens=lens_named(name, parts.lens))


def read_lens(shot: Shot) -> str | None:
    """The lens' name, where it is not the default one."""
    return None if shot.lens.name == Shot().lens.name else shot.lens.name


def write_beside(parts: Parts, name: str) -> Parts:
    return parts._replace(beside=lens_named(name, parts.beside or parts.lens))


def read_beside(shot: Shot) -> str | None:
    """The name of the lens beside the first one."""
    return shot.beside.name if shot.beside else None


def write_scale(name: str) -> Write:
    """What puts a scale in: for explicit weights a number, for a recipe also a word."""

    def write(parts: Parts, value: float | str) -> Parts:
        is_number, is_recipe = not isinstance(value, str), isinstance(parts.network, Recipe)
        if not is_number and not is_recipe:
            message = f"{name} {value}: the weights are explicit, give a number"
            raise NetartError(message, field=name)
        values = {name: value}
        if name == "weight_scale" and is_number and is_recipe:
            values["detail"] = 1.0  # it was a factor of auto
        return parts._replace(network=replace(parts.network, **values))

    return write


def write_run(parts: Parts, name: str) -> Parts:
    """Chooses one of the runs: at its last step where the one before was at its last, or where it
    has no such step.
    """
    network = parts.network
    assert isinstance(network, Trained)
    assert network.step is not None
    last = {run.name: run.last for run in network.runs}.get(name, network.step)
    step = None if network.step == network.drawn.last else min(network.step, last)
    return parts._replace(network=replace(network, run=name, step=step))


def write_seed(parts: Parts, seed: int) -> Parts:
    return parts._replace(network=replace(parts.network, mix=((seed, 1.0),)))


def read_seed(shot: Shot) -> int | None:
    """The seed where the mix is one seed alone."""
    assert isinstance(shot.network, Recipe)
    (seed, share), *others = shot.network.mix
    return seed if share == 1 and not others else None


def write_widths(parts: Parts, widths: tuple[int, ...]) -> Parts:
    """Sets the widths; further layers get the last activation, fewer layers keep the first ones."""
    names = parts.network.activations
    if len(names) > 1:
        names = (*names, *names[-1:] * len(widths))[: max(1, len(widths))]
    return parts._replace(network=replace(parts.network, widths=widths, activations=names))


def write_layers(parts: Parts, layers: tuple[int, int | None]) -> Parts:
    depth, width = layers
    if not depth and width is not None:
        raise NetartError(
            f"layers {depth}x{width}: there are no hidden layers to be {width} wide: write 0",
            field="layers",
        )
    parts = write_depth(parts, depth)
    return parts if width is None else write_width(parts, width)


def read_layers(shot: Shot) -> str | None:
    if not shot.network.widths:
        return "0"
    width = read_width(shot)
    return None if width is None else f"{shot.network.depth}x{width}"


def write_depth(parts: Parts, depth: int) -> Parts:
    """Sets the depth; further layers get the last width, fewer layers keep the first ones."""
    own = parts.network.widths or Recipe().widths[:1]
    return write_widths(parts, (*own, *own[-1:] * depth)[:depth])


def write_width(parts: Parts, width: int) -> Parts:
    return write_widths(parts, (width,) * parts.network.depth)


def read_width(shot: Shot) -> int | None:
    """The width of the hidden layers, where all have the same."""
    widths = set(shot.network.widths)
    return widths.pop() if len(widths) == 1 else None


def coordinates(shot: Shot) -> dict[str, Decimal]:
    """The view's centre: name of each input → number."""
    return dict(zip(input_names(shot.network.latents), shot.view.centre, strict=True))


def write_coordinates(parts: Parts, values: Mapping[str, Decimal]) -> Parts:
    """Sets these inputs of the view's centre. Raises NetartError for one that there is not."""
    inputs = input_names(parts.network.latents)
    missing = (Decimal(0),) * (len(inputs) - len(parts.view.centre))
    centre = dict(zip(inputs, (*parts.view.centre, *missing), strict=True))
    for name, value in values.items():
        if name not in centre:
            raise unknown("input", name, inputs)
        centre[name] = value
    return parts._replace(view=replace(parts.view, centre=tuple(centre.values())))


def write_latents(parts: Parts, latents: tuple[tuple[str, Decimal], ...]) -> Parts:
    """Sets latents of the view's centre; a recipe gets those that it does not have yet."""
    own = set(input_names(parts.network.latents))
    for name, _ in latents:
        if name in own and name in parts.view.axes:
            message = f"latent {name}: the picture spans {name}: use center"
            raise NetartError(message, field="latent", hint="center")
    further = tuple(dict.fromkeys(name for name, _ in latents if name not in own))
    if further and isinstance(parts.network, Recipe):
        names = (*parts.network.latents, *further)
        parts = parts._replace(network=replace(parts.network, latents=names))
    return write_coordinates(parts, dict(latents))


def read_latents(shot: Shot) -> tuple[tuple[str, Decimal], ...]:
    """The inputs that the picture does not span; x and y only where they are not 0."""
    return tuple(
        (name, value)
        for name, value in coordinates(shot).items()
        if name not in shot.view.axes and (value or name in shot.network.latents)
    )


def further_latents(shot: Shot, base: Shot) -> tuple[tuple[str, Decimal], ...]:
    """The inputs that the base lacks, and those off the plane that have other values in it."""
    own = coordinates(base)
    return tuple(
        (name, value)
        for name, value in coordinates(shot).items()
        if name not in own or (name not in shot.view.axes and value != own[name])
    )


def write_centre(parts: Parts, centre: tuple[Decimal, ...]) -> Parts:
    """Sets the centre in the plane of the picture. Raises NetartError as `check_centre` does."""
    check_centre(centre, parts.view.axes)
    return write_coordinates(parts, dict(zip(parts.view.axes, centre, strict=True)))


def write_centre_along(parts: Parts, axis: str, value: Decimal) -> Parts:
    """Sets the centre along one input. Raises NetartError where the picture does not span it."""
    axes = parts.view.axes
    if axis not in axes:
        name = f"center.{axis}"
        raise NetartError(f"{name}: the picture spans {','.join(axes)}", field=name)
    return write_coordinates(parts, {axis: value})


def check_centre(centre: tuple[Decimal, ...], axes: tuple[str, ...]) -> None:
    """Raises NetartError unless the centre has a number for each axis of the picture."""
    if len(centre) != len(axes):
        given, names = ",".join(map(str, centre)), ",".join(axes)
        form = ",".join("XY"[: len(axes)])
        message = f"center {given}: the picture spans {names}: write {form}"
        raise NetartError(message, field="center")


def read_centre(shot: Shot) -> tuple[Decimal, ...]:
    """The centre's numbers in the plane of the picture, one an axis."""
    return tuple(coordinates(shot)[name] for name in shot.view.axes)


def write_light(parts: Parts, name: str) -> Parts:
    """Sets the light; settings that it does not read become unset."""
    kind = light(name)
    read = kind.settings if kind else {}
    unset = {f"light_{setting}": None for setting in SETTINGS if setting not in read}
    return parts._replace(look=replace(parts.look, light=name, **unset))


def write_rotation(parts: Parts, degrees: float) -> Parts:
    return parts._replace(view=replace(parts.view, basis=rotation(degrees)))
