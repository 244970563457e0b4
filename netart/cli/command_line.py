"""The command line that draws a shot, as a user would type it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from netart.cli.messages import option_name
from netart.errors import NetartError
from netart.files.source import Base
from netart.pixels import Size
from netart.shot.fields import FIELDS, SWITCH, fewest_texts, text_of
from netart.shot.fresh import FRESH
from netart.shot.look import Look
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.shot.view import View


def render_command(shot: Shot, size: Size, base: Base | None, backend: str) -> str:
    """`netart render …` with the fewest options that draw this shot.

    base: the words of a SOURCE, and its shot, for what options alone cannot say. Raises
    NetartError where no options can.
    """
    source, plain = [], _with_idle_values(shot, Look(), View())
    texts = fewest_texts(plain)
    if texts is not None:
        read = (field for field in FRESH if not FIELDS[field].refuses(Parts.of(plain)))
        texts |= {field: str(text_of(plain, field)) for field in read}
        texts = {field: text for field, text in texts.items() if FRESH.get(field) != text}
    elif base:
        source = list(base[0])
        other = base[1]
        texts = fewest_texts(_with_idle_values(shot, other.look, other.view), other)
    if texts is None:
        raise NetartError("no options can say this: e writes it as TOML")
    words = ["netart", "render", *source, *option_words(texts)]
    words += ["--backend", backend] if backend != "auto" else []
    return shlex.join([*words, "--size", "{}x{}".format(*size)])


def _with_idle_values(shot: Shot, look: Look, view: View) -> Shot:
    """The same picture with these values of what its lens does not look at: a diagram has no view,
    and options would be refused that set one.
    """
    parts = Parts.of(shot)
    idle = {
        row.place.removeprefix("look.")
        for row in FIELDS.values()
        if row.place.startswith("look.") and row.refuses(parts)
    }
    look = replace(shot.look, **{name: getattr(look, name) for name in idle})
    if not FIELDS["radius"].refuses(parts):
        return replace(shot, look=look)
    centre = (*view.centre[:2], *shot.view.centre[2:])
    return replace(shot, look=look, view=replace(view, centre=centre))


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
