"""What a picture or film is made of: a source, and values of fields that change it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from os import PathLike, fspath
from typing import NamedTuple

from msgspec.structs import replace

from netart.errors import NetartError
from netart.files.palettes import read_palette
from netart.files.pictures import read_target_text
from netart.files.points import read_points_text
from netart.files.source import Source, given_by, name_of, read_source, source_of_layers
from netart.files.weights.contents import Given
from netart.files.weights.layers import Layers
from netart.net.learning.data import PointData
from netart.net.learning.trained import as_trained
from netart.pixels import Size
from netart.shot.choices import random_palette
from netart.shot.document import Document, shot_of
from netart.shot.fields import FIELDS, apply, parse
from netart.shot.fresh import FRESH_NETWORK
from netart.shot.lens import LENSES
from netart.shot.marks import spell_points
from netart.shot.parts import read_beside
from netart.shot.place import with_coordinates
from netart.shot.run_shot import rows_of_points, target_of
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.target import spell_target
from netart.shot.timeline import Timeline

RANDOM = "random"  # in place of a seed or a palette


class Asked(NamedTuple):
    """What is asked of a source, all of it as text."""

    # Field → the text of its value.
    texts: Mapping[str, str]
    # What replaces the source's network: a file or a preset that has one, or layers themselves.
    network: str | Layers | None = None
    # Whether to show what a run learned.
    show_data: bool = False
    # The lens that a shot of another gets, where it is drawn through one alone.
    through: str = ""
    # Field → its text in documents that are new.
    fresh: Mapping[str, str] = {}
    # Whether a single shot becomes a new document, too.
    is_new: bool = False
    # Of the picture, where its source has none.
    size: Size | None = None


class Start(NamedTuple):
    """What a picture or film starts from."""

    # With what was asked for in place of its own.
    source: Source
    # As it was read; a default shot where there was none.
    read: Source
    # Field → what was chosen at random for it.
    chosen: Mapping[str, str]

    @property
    def about(self) -> str:
        """The line on what the source shows; empty where that is another shot now, of which it may
        not be true.
        """
        return self.read.about if self.source.shot == self.read.shot else ""


def start(source: str | PathLike[str] | Document | Layers | None, asked: Asked) -> Start:
    """Reads a source, and puts in place of its own values what is asked for. Raises NetartError.

    source: a preset, a file, a document or layers themselves, or None for what is new.
    """
    texts = dict(asked.texts)
    given = given_by(texts)
    read = _read(source, given)
    other = _read_network(asked.network, given) if asked.network is not None else None
    used = read.completed | (other.completed if other else set())
    texts = {field: text for field, text in texts.items() if field not in used}
    if asked.through and read.shot.lens.kind != asked.through:
        texts.setdefault("lens", asked.through)
    chosen = {}
    if texts.get("seed") == RANDOM:
        texts["seed"] = chosen["seed"] = random_seed()
    for field, text in texts.items():
        if text == "all" and FIELDS[field].choices:
            raise NetartError(f"{field} all: a sheet draws all of them", field=field)
    texts = read_files(texts)
    if texts.get("backdrop") == "target" and "target" not in texts:
        texts |= {"target": learned} if (learned := target_of(read.shot.network)) else {}
    if asked.show_data:
        names = {"lens": read.shot.lens.kind, "beside": read_beside(read.shot) or ""} | texts
        kinds = {names[field].partition(":")[0] for field in ("lens", "beside")}
        texts |= _data_texts(other.shot if other else read.shot, kinds, texts)
    is_random = texts.get("palette") == RANDOM
    own, network = None if source is None else read.shot, other.shot if other else None
    if own is None:
        fresh = asked.fresh if network else {**FRESH_NETWORK, **asked.fresh}
    else:
        is_new = asked.is_new and isinstance(read.document, Shot)
        fresh = {x: text for x, text in asked.fresh.items() if is_new and _is_default(own, x)}

    def make(texts: Mapping[str, str]) -> Shot:
        values = {field: parse(field, text) for field, text in texts.items()}
        # A random palette waits for the seed.
        values |= {"palette": None} if is_random else {}
        return apply(own, values, network, fresh)

    shot = make(with_coordinates(texts, make, read.picture_size or asked.size))
    if is_random:
        chosen["palette"] = random_palette(shot)
        shot = apply(shot, {"palette": chosen["palette"]})
    document = read.document
    warnings = filter(None, (read.warning, other.warning if other else ""))
    return Start(
        read._replace(
            name=read.name or name_of(shot),
            document=shot if isinstance(document, Shot) else replace(document, shot=shot),
            warning="; ".join(warnings),
        ),
        read,
        chosen,
    )


def _is_default(shot: Shot, field: str) -> bool:
    """Whether the field has its default value."""
    return bool(FIELDS[field].value(shot) == FIELDS[field].value(Shot()))


def random_seed() -> str:
    """A seed that nobody has chosen, as text."""
    return str(secrets.randbits(32))


def read_files(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of fields, with what is in files in place of their names. Raises NetartError."""
    readers = {"palette": read_palette, "points": read_points_text, "target": read_target_text}
    return {
        field: readers[field](text) if field in readers else text for field, text in texts.items()
    }


def _read(source: str | PathLike[str] | Document | Layers | None, given: Given) -> Source:
    if source is None:
        return Source("", Shot())
    if isinstance(source, (str, PathLike)):
        return read_source(fspath(source), given)
    if isinstance(source, (Shot, Sheet, Timeline)):
        return Source(name_of(shot_of(source)), source)
    return source_of_layers(source, given)


def _read_network(network: str | Layers, given: Given) -> Source:
    """What has the network that is taken. Raises NetartError."""
    try:
        return _read(network, given)
    except NetartError as error:
        message = f"network: {error}"
        raise NetartError(message, error.status, field="network", hint=error.hint) from None


def _data_texts(of: Shot, kinds: set[str], texts: Mapping[str, str]) -> dict[str, str]:
    """Fields that show what a run learned, with their texts. Raises NetartError.

    of: a step of the run. kinds: of the lenses that are drawn. texts: of other fields.
    """

    def refusal(why: str, hint: str = "") -> NetartError:
        return NetartError(f"show_data: {why}{hint}", field="show_data", hint=hint)

    try:
        network = as_trained(of.network)
    except NetartError as error:
        raise refusal(str(error)) from None
    named = texts.get("run", network.run)
    run = next((run for run in network.runs if run.name == named), network.drawn)
    if run.data is None:
        raise refusal(
            f"what {run.name} learned is in the run's own file, not in pictures and films"
        )
    if isinstance(run.data, PointData):
        shown = {"points": spell_points(rows_of_points(run))}
        if all("points" in LENSES[kind].WITHOUT for kind in kinds if kind in LENSES):
            raise refusal(f"points have no place in a {min(kinds - {''})} lens")
    else:
        shown = {"backdrop": "target", "target": spell_target(run.data)}
        if "lines" not in kinds:
            raise refusal(
                f"{run.name} learned a picture, which lens lines shows: add ", "lens lines"
            )
    if given := [name for name in shown if name in texts]:
        raise refusal("has no meaning beside ", given[0])
    return shown
