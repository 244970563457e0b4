"""Reads what a command starts from: a preset, a TOML file, a picture or film that carries its
document, or a file of weights.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from os import PathLike
from pathlib import Path
from typing import IO, Any, NamedTuple

from netart.assets import folder
from netart.errors import NetartError, unknown
from netart.files.atomic import EXPORTED, report_os_errors
from netart.files.beside import read_beside
from netart.files.films.codecs import FILM_SUFFIXES
from netart.files.films.containers import find_film_text
from netart.files.limits import MAX_TOML_BYTES, name_errors, open_regular
from netart.files.metadata import Metadata, read_metadata, verify_metadata
from netart.files.piped import descriptor_of_source, receive
from netart.files.runs import parse_run
from netart.files.stills.formats import IMAGE_SUFFIXES
from netart.files.stills.image import read_image_metadata
from netart.files.stills.vectors import VECTOR_SUFFIXES
from netart.files.toml import format_toml, parse_toml
from netart.files.weights.contents import NOTHING, Given, Imported, complete
from netart.files.weights.first_shot import first_shot
from netart.files.weights.formats import READABLE, check_suffix, is_weights, parse_weights
from netart.files.weights.layers import Layers, contents_of
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained
from netart.net.recipe import Weights
from netart.pixels import Size, check_size
from netart.shot.document import Document, from_tables, shot_of, to_tables
from netart.shot.fields import FIELDS, apply, parse
from netart.shot.parts import Parts
from netart.shot.run_shot import aspect_of_run, shot_of_run
from netart.shot.run_text import RUN_SUFFIX, trained_to_text
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot

PRESET_GROUPS = "pictures", "films", "tour", "teaching"  # folders of presets/
# Fields that may say what a file of weights leaves open, each with its name in `Given`.
COMPLETING = {
    "activation": "activations",
    "output_activation": "output_activation",
    "features": "features",
}
RETIRED = "retired"  # the folder of those whose names go on drawing what they drew


log = logging.getLogger("netart")

# The words of a SOURCE as it was typed, with the options that complete it, and its shot.
Base = tuple[tuple[str, ...], Shot]
Opened = AbstractContextManager[IO[bytes]]  # a file that is opened for a block


SIDE = 1024  # pixels of a picture that is learned, its longer one


class Source(NamedTuple):
    """What a source is read as."""

    name: str  # of outputs that are given none
    document: Document
    size: Size | None = None
    about: str = ""  # a line on what it shows
    warning: str = ""
    # The fields that have said what a file of weights left open.
    completed: frozenset[str] = frozenset()

    @property
    def shot(self) -> Shot:
        """The shot that is the document, or that it starts from."""
        return shot_of(self.document)

    @property
    def picture_size(self) -> Size | None:
        """Of a single picture: of a page of panels that of one."""
        return self.document.layout.panel if isinstance(self.document, Sheet) else self.size


def name_of(shot: Shot) -> str:
    """A name for pictures of a shot that has none: a file may say it, so it is made the name of a
    file in this folder that can be seen.
    """
    name = shot.network.default_name
    seen = (char if char.isprintable() and char not in "/\\" else "-" for char in name)
    return "".join(seen).lstrip(".") or "network"


def read_source(source: str | PathLike[str], given: Given = NOTHING) -> Source:
    """Reads a preset by its name, else a file by its suffix; `NAME#K` is panel K of a sheet, and
    `RUN@STEP` the step of a run that is kept nearest to STEP. `-` is what comes on stdin, and
    /dev/fd/N on another descriptor: the content says what it is.

    given: what a file of weights may leave open. Raises NetartError.
    """
    path, piped = Path(source), descriptor_of_source(str(source))
    if piped is not None:
        return _read_piped(piped, given)
    stepped = re.fullmatch(r"(.+)@([^/@]*)", str(source), re.DOTALL)
    if stepped and not os.path.exists(path):
        return _step(read_source(stepped[1]), stepped[2], str(source))
    numbered = re.fullmatch(r"(.+)#([^/#]*)", str(source), re.DOTALL)
    if numbered and not os.path.exists(path):
        if not re.fullmatch(r"\d{1,9}", numbered[2], re.ASCII):
            raise NetartError(f"{source}: a panel is a number from 1")
        return _panel(read_source(numbered[1]), int(numbered[2]), str(source))
    if str(source) in preset_names(retired=True) or not (path.suffix or os.path.exists(path)):
        return _read_preset(str(source))
    if os.path.isdir(path):
        raise NetartError(f"{path}: is a folder")
    return _read(open_regular(path), path, path.suffix.lower(), given)


def read_note(path: Path) -> Metadata:
    """What a picture or a film carries. Raises NetartError."""
    suffix = path.suffix.lower()
    if suffix not in NOTES:
        raise NetartError(f"{path}: is neither a picture nor a film by netart")
    with open_regular(path) as file:
        return NOTES[suffix](file, suffix)


def given_by(texts: Mapping[str, str]) -> Given:
    """What the texts of fields, by their names, say for a file of weights. Raises NetartError."""
    fields = {field: name for field, name in COMPLETING.items() if field in texts}
    return Given(**{name: parse(field, texts[field]) for field, name in fields.items()})


def preset_names(retired: bool = False) -> list[str]:
    """The names of the presets, sorted. retired: also of those that are listed no longer."""
    groups = preset_groups(retired).values()
    return sorted(name for names in groups for name in names)


def preset_groups(retired: bool = False) -> dict[str, list[str]]:
    """The presets' names by what they are for, each group sorted. retired: as in preset_names.
    Raises NetartError.
    """
    place = folder("presets")
    with report_os_errors(place):
        return {
            group: sorted(path.stem for path in (place / group).glob("*.toml"))
            for group in (*PRESET_GROUPS, *([RETIRED] if retired else []))
        }


def _with_remarks(text: str, shot: Shot) -> str:
    """The text with a remark for what its look leaves open: as it is then, ready to be edited."""
    parts = Parts.of(shot)
    remarks = [
        f'# {name} = "{value}"\n'
        for name, value in shot.lens.default_look(shot.network, shot.look).items()
        if not FIELDS[name].refuses(parts)
    ]
    head = "[shot.look]\n"
    return text.replace(head, head + "".join(remarks), 1)


def to_toml(
    document: Document, about: str = "", size: Size | None = None, name_runs: bool = False
) -> str:
    """The text of a TOML file that `read_source` reads, every field in it, those that are left open
    as remarks. Weights that would make
    it too long go by the name of a file, of which a line of the log tells.

    name_runs: name the files that runs were read from, instead of writing out what is in them.
    Raises NetartError where it is too long nevertheless, and for what is no document.
    """
    if not isinstance(document, Document):
        raise NetartError(f"document {document!r:.80}: must be a shot, a sheet or a timeline")
    head: dict[str, Any] = ({"about": about} if about else {}) | ({"size": size} if size else {})
    tables, network = to_tables(document), shot_of(document).network
    # A picture's own copy of a run has no data.
    if name_runs and isinstance(network, Trained) and all(run.data for run in network.runs):
        tables["shot"]["network"] = trained_to_text(network, inline=False)
    text = _with_remarks(format_toml(head | tables), shot_of(document))
    if len(text.encode()) > MAX_TOML_BYTES and isinstance(network, Weights):
        tables = to_tables(document, inline=False)
        text = format_toml(head | tables)
        if file := tables["shot"]["network"].get("file"):
            log.warning(
                "the text names %s, since its weights are too long: `netart network --as-given "
                "-o %s` writes them from the same SOURCE", file, file,
            )  # fmt: skip
    if len(text.encode()) > MAX_TOML_BYTES:
        raise NetartError(f"as TOML more than {MAX_TOML_BYTES >> 20} MiB, which is not read")
    return text


def _panel(source: Source, number: int, asked: str) -> Source:
    sheet, name = source.document, f"{source.name}-{number}" if source.name else ""
    if not isinstance(sheet, Sheet):
        raise NetartError(f"{asked}: is not a sheet, it has no panels")
    return Source(name, sheet.panel(number), sheet.layout.panel, "", source.warning)


def _step(source: Source, step: str, asked: str) -> Source:
    shot = source.document
    if not isinstance(shot, Shot) or not isinstance(shot.network, Trained):
        raise NetartError(f"{asked}: {source.name} is not a run, it has no steps")
    try:
        shot = apply(shot, {"step": parse("step", step)})
    except NetartError as error:
        raise error.at(asked) from None
    return source._replace(name=name_of(shot), document=shot)


def _read_preset(name: str) -> Source:
    for group, names in preset_groups(retired=True).items():
        if name in names:
            path = folder("presets") / group / f"{name}.toml"
            return _read_toml(open_regular(path), path, path.suffix)
    if files := [f"{name}{suffix}" for suffix in SUFFIXES if os.path.exists(f"{name}{suffix}")]:
        raise unknown("preset", name, files)
    raise unknown("preset", name, preset_names())


def _read_piped(descriptor: int, given: Given) -> Source:
    """What comes from a descriptor. It has no name; files that it names are in this folder."""
    called = Path("stdin" if descriptor == 0 else "pipe")
    with receive(descriptor, called) as (file, suffix):
        source = _read(_naming(file, called), called, suffix, given)
    return source._replace(name="")


@contextmanager
def _naming(file: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    """The open file; what the block raises is given the path's name."""
    with name_errors(path):
        yield file


def _read(opened: Opened, path: Path, suffix: str, given: Given) -> Source:
    """What is in a file of the kind that this suffix says. path: names it in messages; files that
    it names are beside it. Raises NetartError.
    """
    if is_weights(suffix):
        return _read_weights(opened, path, suffix, given)
    if suffix in EXPORTED:
        is_page = suffix == ".html"
        what = "page: open it in a browser" if is_page else "shader: its head says what made it"
        raise NetartError(f"{path}: is a {what}")
    if suffix not in READERS:
        raise unknown("suffix", suffix or path.name, SUFFIXES).at(str(path))
    return READERS[suffix](opened, path, suffix)


def _read_toml(opened: Opened, path: Path, suffix: str) -> Source:
    with opened as file:
        data = parse_toml(file)
    try:
        return _from_data(data, path)
    except NetartError as error:
        raise error.at(str(path)) from None


def _from_data(data: dict[str, Any], path: Path) -> Source:
    """Tables of a document, perhaps with a line about it and a size in pixels beside them."""
    size, about = data.pop("size", None), data.pop("about", "")
    if size is not None:
        if not (isinstance(size, list) and len(size) == 2 and all(type(n) is int for n in size)):
            raise NetartError(f"size = {size}: must be [width, height] in pixels")
        check_size((size[0], size[1]))
    if not isinstance(about, str):
        raise NetartError(f"about = {about}: must be text")
    warnings: list[str] = []
    document = from_tables(data, partial(read_beside, path.parent, warn=warnings.append))
    return Source(path.stem, document, tuple(size) if size else None, about, "; ".join(warnings))


def _read_carried(opened: Opened, path: Path, suffix: str) -> Source:
    with opened as file:
        metadata = NOTES[suffix](file, suffix)
    try:
        check_size(metadata.size)
    except NetartError as error:
        raise error.at(str(path)) from None
    document, warning = verify_metadata(metadata, path)
    return Source(path.stem, document, metadata.size, "", warning)


def source_of_layers(layers: Layers, given: Given = NOTHING) -> Source:
    """What is drawn of a network, or of layers, that a Python program holds, as of a file of them.

    given: what they may leave open. Raises NetartError.
    """
    found = complete(contents_of(layers), given)
    return Source("network", first_shot(found, given, ""), completed=_used(found, given))


def _read_weights(opened: Opened, path: Path, suffix: str, given: Given) -> Source:
    check_suffix(path, suffix)
    with opened as file:
        found = parse_weights(file, suffix, given)
    try:
        shot = first_shot(found, given, path.name)
    except NetartError as error:
        raise error.at(str(path)) from None
    warning = f"{path}: {found.warning}" if found.warning else ""
    return Source(path.stem, shot, warning=warning, completed=_used(found, given))


def _used(found: Imported, given: Given) -> frozenset[str]:
    """The fields that have said what weights leave open."""
    used = {field for field, name in COMPLETING.items() if name in found.completed}
    return frozenset(field for field in used if getattr(given, COMPLETING[field]))


def _read_run(opened: Opened, path: Path, suffix: str) -> Source:
    with opened as file:
        run = parse_run(file, path.stem)
    try:
        return Source(path.stem, shot_of_run(run), _size_of(run))
    except NetartError as error:
        raise error.at(str(path)) from None


def _size_of(run: Run) -> Size | None:
    """The size of a still that shows all of a picture that is learned, and no more; None where it
    is a square.
    """
    aspect = aspect_of_run(run)
    if aspect == 1:
        return None
    shorter = 2 * max(1, round(SIDE * min(aspect, 1 / aspect) / 2))  # films want even sides
    return (SIDE, shorter) if aspect > 1 else (shorter, SIDE)


def _find_film_metadata(file: IO[bytes], suffix: str) -> Metadata:
    return read_metadata(file, find_film_text)


# What is read of pictures and films, by their suffixes.
NOTES: dict[str, Callable[[IO[bytes], str], Metadata]] = {
    **dict.fromkeys(FILM_SUFFIXES, _find_film_metadata),
    # After the films': .png is either.
    **{suffix: read_image_metadata for suffix, form in IMAGE_SUFFIXES.items() if form.find_text},
    **dict.fromkeys(VECTOR_SUFFIXES, read_image_metadata),
}

READERS: dict[str, Callable[[Opened, Path, str], Source]] = {
    ".toml": _read_toml,
    RUN_SUFFIX: _read_run,
    **dict.fromkeys(NOTES, _read_carried),
}

SUFFIXES = (*READERS, *READABLE)
