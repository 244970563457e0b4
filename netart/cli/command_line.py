"""The command line that draws a shot, as a user would type it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from netart.cli.messages import option_name
from netart.errors import NetartError
from netart.files.source import Base
from netart.net.build import versions_agree
from netart.net.recipe import Recipe
from netart.pixels import Size
from netart.shot.fields import FIELDS, SWITCH, apply, fewest_texts
from netart.shot.fresh import FRESH, FRESH_NETWORK
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.shot.view import View


def render_command(shot: Shot, size: Size, base: Base | None, backend: str) -> str:
    """`netart render …` with the fewest options that draw this shot.

    base: the words of a SOURCE, and its shot, for what options alone cannot say. Raises
    NetartError where no options can.
    """
    source, plain = [], with_idle_values(shot, apply(None, {}, fresh=FRESH_NETWORK), View())
    texts = fewest_texts(plain, fresh=FRESH_NETWORK | FRESH)
    if texts is None and base:
        source = list(base[0])
        other = base[1]
        texts = fewest_texts(with_idle_values(shot, other, other.view), other)
    if texts is None:
        raise NetartError("no options can say this: e writes it as TOML")
    words = ["netart", "render", *source, *option_words(texts)]
    words += ["--backend", backend] if backend != "auto" else []
    return shlex.join([*words, "--size", "{}x{}".format(*size)])


def with_idle_values(shot: Shot, base: Shot, view: View) -> Shot:
    """The same picture, with the values of the base and the view for what has no effect on it: a
    diagram has no view, say, and options would be refused that set one.
    """
    parts = Parts.of(shot)
    refused = [row.place for row in FIELDS.values() if row.refuses(parts)]
    lens = base.lens if type(base.lens) is type(shot.lens) else type(shot.lens)()
    found = replace(
        shot,
        look=_with_values_of(shot.look, base.look, "look", refused),
        lens=_with_values_of(shot.lens, lens, "lens", refused),
        marks=_with_values_of(shot.marks, base.marks, "marks", refused),
    )
    if isinstance(shot.network, Recipe) and isinstance(base.network, Recipe):
        own = replace(
            base.network, activations=base.network.activations[:1], widths=shot.network.widths
        )
        network = _with_values_of(shot.network, own, "network", refused)
        if versions_agree(network):
            network = replace(network, sampler=base.network.sampler)
        found = replace(found, network=network)
    if "view.radius" not in refused:
        return found
    centre = (*view.centre[:2], *shot.view.centre[2:])
    return replace(found, view=replace(view, centre=centre))


def _with_values_of(own: Any, base: Any, part: str, places: Iterable[str]) -> Any:
    """The part of a shot with the base's values of what it has at these places."""
    names = (place.removeprefix(f"{part}.") for place in places if place.startswith(f"{part}."))
    values = {name: getattr(base, name) for name in names if name in own.__struct_fields__}
    return replace(own, **values)


def animate_command(text: Path, target: Path) -> str:
    """`netart animate …` that draws a film's text into a file, or goes on with it."""
    return shlex.join(["netart", "animate", str(text), "-o", str(target)])


def option_words(texts: Mapping[str, str]) -> list[str]:
    """The words of these fields' options: `--weight-scale 0.5`, `--no-invert`."""
    return [word for name, text in texts.items() for word in _option(name, text)]


def _option(name: str, text: str) -> list[str]:
    if FIELDS[name].metavar == SWITCH:
        return [option_name(name if text == "true" else f"no_{name}")]
    return [option_name(name), text]
