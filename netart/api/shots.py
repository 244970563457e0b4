"""Shots from names, files and values of fields, and their pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any
from warnings import warn

import numpy as np

from netart.api.picture import Picture
from netart.api.start import Asked, Start, start
from netart.draw.blank import Extent, find_blank, watch
from netart.draw.noise import describe_noise
from netart.errors import NetartError
from netart.farm.evaluator import open_here_or
from netart.files.source import Source as ReadSource
from netart.files.source import read_source
from netart.files.weights.layers import Layers
from netart.lens import moves_with_view, strips
from netart.pixels import Size, check_size, read_named_size
from netart.shot.document import Document, check_kind
from netart.shot.fields import texts_of_values
from netart.shot.fresh import FRESH
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

if TYPE_CHECKING:
    from distributed import Client

SIDE = 1024  # pixels of a picture of which no size is said
MIN_DOUBTED = 128  # pixels of a side: whether float32 holds smaller ones takes longer than they do

# What has a network: a preset, a file, or layers themselves.
NetworkSource = str | PathLike[str] | Layers

# What shots are made from: such, or a shot itself.
Source = NetworkSource | Shot

Progress = Callable[[int, int], object]  # is called with how many are done, and of how many

# What a document is that is no single shot, and what draws it.
INSTEAD = {
    Sheet: "is a sheet: netart.sheet draws it, and of its panels netart.load(…).panel(1) is one",
    Timeline: "is a film: netart.film draws it, and netart.load(…).at(0.5) is its middle",
}


def new(
    source: Source | None = None,
    *,
    network: NetworkSource | None = None,
    show_data: bool = False,
    **fields: Any,
) -> Shot:
    """A shot with these values of fields: `netart.new("silk", seed=7, palette="corners:frost")`.

    source: the name of a preset, a file (TOML, a picture by netart, weights, a run), or a shot;
    None for a new one. `NAME#3` is the third panel of a sheet, `NAME.run@100` a step of a run.
    Or a network: what netart.network returns, or a list of layers from first to last, each (weight
    (out, in), bias (out,), name of its activation).
    network: what has a network that takes the place of the source's. show_data: shows what a run
    learned.
    fields: by their names, which netart.fields() lists: those of the command line's options with
    `_` in place of `-`, as in `weight_scale`. A value is a text as options have it, or Python's:
    `center=(0.4, -0.2)`, `layers="3x16"`, `mix={7: 0.6, 42: 0.8}`, `latent={"a": 0.3}`,
    `contrast=(-1, 1)`, `invert=True`. `seed` and `palette` may be "random", `palette` also
    "from:FILE", and `points` and `target` may be files. activation, output_activation and features
    complete a file of weights that does not say them.
    Raises NetartError for a name that there is not, with the nearest one, and for a value that may
    not be.
    """
    return begin(source, fields, network, show_data).source.shot


def load(source: str | PathLike[str]) -> Document:
    """What a preset or a file holds, as it is: a Shot, a Sheet or a Timeline.

    source: as in netart.new. Raises NetartError where there is none.
    """
    if not isinstance(source, (str, PathLike)):
        raise NetartError(f"{type(source).__name__}: must be the name of a preset or a file")
    found = read_source(fspath(source))
    if found.warning:
        warn(found.warning, stacklevel=2)
    return found.document


def render(
    source: Source | None = None,
    size: int | str | Size | None = None,
    *,
    backend: str = "auto",
    device: int | None = None,
    farm: Client | None = None,
    farm_mixed: bool = False,
    progress: Progress | None = None,
    network: NetworkSource | None = None,
    show_data: bool = False,
    **fields: Any,
) -> Picture:
    """Draws a shot: `netart.render("silk", 512, palette="frost").save("silk.png")`.

    source, network, show_data, fields: as in netart.new. size: in pixels: a number (a square),
    (width, height), or a name, as in "4k" or "a4@300dpi"; None for the source's own, or 1024.
    backend: auto (a GPU where there is one), cpu, gpu or reference (float64); device: which GPU,
    from 0. farm: a dask.distributed.Client, whose workers draw, each with this backend; they must
    compute alike unless farm_mixed, since the last bits of pixels differ otherwise. progress: is
    called with the rows that are done, and with all of them.
    Warns of a picture of one colour, and where float32 cannot hold the network.
    Raises NetartError.
    """
    named = None if size is None else read_named_size(size)
    typed = named.size if named else None
    begun = begin(source, fields, network, show_data, size=typed).source
    shot = begun.shot
    asked = typed or begun.size or (round(SIDE * shot.aspect), SIDE)
    check_size(asked)
    is_large = min(asked) >= MIN_DOUBTED and moves_with_view(shot)
    with open_here_or(farm, backend, device, farm_mixed) as evaluator:
        noise = describe_noise(shot, evaluator, "backend='reference'") if is_large else ""
        drawn: list[Any] = []
        rows, extent = 0, Extent()
        for strip in watch(strips(shot, asked, evaluator), extent):
            drawn.append(strip)
            rows += len(strip)
            if progress:
                progress(rows, asked[1])
    if noise:
        warn(noise, stacklevel=2)
    if blank := find_blank(shot, extent):
        warn(f"the picture is {blank.describe()}", stacklevel=2)
    return Picture(shot, np.concatenate(drawn), named.dpi if named else None)


def begin(
    source: Source | Document | None,
    fields: dict[str, Any],
    network: NetworkSource | None = None,
    show_data: bool = False,
    kinds: tuple[type[Document], ...] = (Shot,),
    fresh: Mapping[str, str] = FRESH,
    stacklevel: int = 3,
    size: Size | None = None,
    through: str = "",
) -> Start:
    """What a call starts from. Raises NetartError where the source is of none of these kinds.

    fresh, size, through: as in Asked. stacklevel: of warnings, the call of Python's user.
    """
    named = fspath(network) if isinstance(network, PathLike) else network
    asked = Asked(texts_of_values(fields), named, show_data, through, fresh, Sheet in kinds, size)
    begun = start(source, asked)
    check_document(begun.source, source, kinds)
    if begun.source.warning:
        warn(begun.source.warning, stacklevel=stacklevel)
    return begun


def check_document(
    read: ReadSource, source: Source | Document | None, kinds: tuple[type[Document], ...]
) -> None:
    """Raises NetartError where what was read of a source is of none of these kinds."""
    name = fspath(source) if isinstance(source, (str, PathLike)) else read.name
    check_kind(read.document, kinds, name, INSTEAD)
