"""A Shot: everything that decides a picture, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import msgspec

from netart.errors import NetartError
from netart.net.build import reach, scales
from netart.net.learning.trained import Trained
from netart.net.network import input_names
from netart.net.recipe import NetworkSource, Recipe, Weights
from netart.shot.lens import Colour, Lens
from netart.shot.look import Look
from netart.shot.marks import Marks
from netart.shot.target import target_identity
from netart.shot.view import UNSET_RADIUS, View

COLOUR_FILES = (".gpl", ".map", ".json")  # suffixes of files that are palettes


class Shot(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    dict=True,
    repr_omit_defaults=True,
):
    """Everything that decides a picture, but its size.

    What depends on several parts is filled in when a shot is made: an unset radius becomes
    1/|weight scale|, whatever the detail, the centre gets a 0 for every input that it lacks, chroma
    is 0 where the palette loses none, a target that no lens shows is dropped, and lenses get what
    they take from a run.
    """

    # The function that is drawn.
    network: NetworkSource = Recipe()
    # The piece of input space that the picture covers.
    view: View = View()
    # What of the network is looked at.
    lens: Lens = Colour()
    # How numbers become colours.
    look: Look = Look()
    # A second lens, whose picture stands to the right of the first one's.
    beside: Lens | None = None
    # What is drawn over it.
    marks: Marks = Marks()

    def __post_init__(self) -> None:
        view, inputs = self.view, input_names(self.network.latents)
        for name in view.axes:
            if name not in inputs:
                raise NetartError(f"view.axes: unknown input {name!r}: one of {', '.join(inputs)}")
        if len(view.centre) > len(inputs):
            raise NetartError(f"view.centre: {len(view.centre)} numbers for {len(inputs)} inputs")
        missing = len(inputs) - len(view.centre)
        changes: dict[str, Any] = {"centre": (*view.centre, *[Decimal(0)] * missing)}
        if view.radius == UNSET_RADIUS:
            scale = abs(scales(_without_detail(self.network))[0])
            if not 1e-300 < scale < 1e300:
                raise NetartError(f"view.radius: must be given with a weight scale of {scale}")
            changes["radius"] = reach(self.network) / scale
        msgspec.structs.force_setattr(self, "view", msgspec.structs.replace(view, **changes))
        for name in ("lens", "beside"):
            if given := getattr(self, name):
                msgspec.structs.force_setattr(self, name, given.complete(self.network))
        lenses = (self.lens, self.beside) if self.beside else (self.lens,)
        for lens in lenses:
            lens.check(self.network, self.look)
            lens.check_view(self.network, self.view)
            if self.marks.points:
                lens.check_points(self.network, self.view)
        has_target = any(lens.has_target for lens in lenses)
        if has_target and not self.marks.target:
            raise NetartError(
                "lens.backdrop = target: of which picture? Add target FILE", hint="target FILE"
            )
        if self.marks.target and not has_target:  # one spelling for one picture
            marks = msgspec.structs.replace(self.marks, target=None)
            msgspec.structs.force_setattr(self, "marks", marks)
        if self.look.chroma and not any(
            lens.loses_chroma(self.network, self.look) for lens in lenses
        ):
            look = msgspec.structs.replace(self.look, chroma=0.0)  # one spelling for one picture
            msgspec.structs.force_setattr(self, "look", look)

    def but(self, **fields: Any) -> Shot:
        """The shot with other values of fields: `shot.but(seed=8, palette="frost")`.

        fields: by their names, which are those of options with `_` in place of `-`; values as
        options write them, as in `center="0.4,-0.2"`, or as Python does, `center=(0.4, -0.2)`.
        What is chosen at random, read from a file, or taken from another network or a run's data
        takes netart.new(shot, palette="random").
        Raises NetartError for a name that there is not, with the nearest one, and for a value that
        may not be.
        """
        from netart.shot.fields import apply, parse, texts_of_values  # which know what a shot is
        from netart.shot.place import with_coordinates

        for name, value in fields.items():
            if _is_of_new(name, value):
                how = f"netart.new(shot, {name}=…) takes it"
                raise NetartError(f"{name} {value!r:.80}: {how}", field=name)
        texts = texts_of_values(fields)

        def make(texts: Mapping[str, str]) -> Shot:
            return apply(self, {name: parse(name, text) for name, text in texts.items()})

        return make(with_coordinates(texts, make))

    @cached_property
    def panels(self) -> tuple[Shot, ...]:
        """The shots whose pictures stand side by side in its own: itself, where it is one."""
        lenses = [*self.lens.split(), *(self.beside.split() if self.beside else ())]
        if len(lenses) == 1:
            return (self,)
        return tuple(msgspec.structs.replace(self, lens=lens, beside=None) for lens in lenses)

    @property
    def panel_widths(self) -> list[int]:
        """How wide its panels are, in hundredths of the height that suits them."""
        return [panel.lens.WIDTH for panel in self.panels]

    @property
    def aspect(self) -> float:
        """The width that suits its picture, as a multiple of the height: a square a panel."""
        return max(1.0, sum(self.panel_widths) / 100)

    @cached_property
    def sha256(self) -> str:
        """The hash that a shot keeps for ever: of canonical JSON of all that is not a default."""
        text = json.dumps(_canonical(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def digests(self) -> list[str]:
        """What decides all that can be varied of the shot: its hash, those of the runs of which it
        draws a step, their names where there are several, and whether steps are blended.
        """
        network = self.network
        if not isinstance(network, Trained):
            return [self.sha256]
        names = [run.name for run in network.runs] if len(network.runs) > 1 else []
        blended = ["blend_steps"] if network.blend_steps else []
        return [self.sha256, *(run.sha256 for run in network.runs), *names, *blended]


def _is_of_new(name: str, value: Any) -> bool:
    """Whether netart.new takes this and a shot cannot: it is random, or in a file, or no field."""
    if name in ("network", "show_data"):
        return True
    text = str(value)
    if name == "palette":
        return text == "random" or "from:" in text or text.lower().endswith(COLOUR_FILES)
    if name == "points":
        return text.lower().endswith(".csv")
    return (name, text) == ("seed", "random")


def _without_detail(network: NetworkSource) -> NetworkSource:
    """The network with the scales of `auto` itself: detail shall not move the view with it."""
    return msgspec.structs.replace(network, detail=1.0) if isinstance(network, Recipe) else network


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _canonical(part: msgspec.Struct) -> dict[str, Any]:
    """The values that are not defaults, as plain data: a field added later changes no hash."""
    if isinstance(part, Weights):
        return {"kind": "weights", **part.identity}
    found = {}
    for field in _fields(type(part)):
        value = getattr(part, field.name)
        if isinstance(value, Marks) and value == field.default:
            continue  # younger than the hash
        if isinstance(part, Marks) and field.name == "target" and value:
            value = target_identity(value)  # whatever packed it
        if isinstance(value, msgspec.Struct):
            found[field.encode_name] = _canonical(value)
        elif value != field.default:
            # Converted to its type, so that 2 and 2.0, which are equal, are one text.
            plain = msgspec.convert(msgspec.to_builtins(value), field.type)
            found[field.encode_name] = msgspec.to_builtins(plain)
    tag = part.__struct_config__.tag
    return found if tag is None else {"kind": tag, **found}
