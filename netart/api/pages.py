"""Sheets as Python has them: pages of panels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any
from warnings import warn

import numpy as np
from msgspec.structs import replace

from netart.api.picture import Picture
from netart.api.shots import NetworkSource, Progress, Source, begin
from netart.arguments import optional_text, optional_whole, whole
from netart.draw import sheet as drawing
from netart.draw.blank import BlankPanels
from netart.draw.variations import vary
from netart.errors import NetartError
from netart.evaluate.request import Evaluator
from netart.farm.evaluator import open_here_or
from netart.files.overs import add_runs, read_over, run_files
from netart.pixels import Pixels, Size, check_size, read_named_size
from netart.shot.fields import FIELDS, texts_of_values
from netart.shot.fresh import FRESH
from netart.shot.ranges import MAX_VALUES
from netart.shot.sheet import Over, Sheet
from netart.shot.shot import Shot

if TYPE_CHECKING:
    from distributed import Client

FRESH_OF_SHEETS = {**FRESH, "samples": "2"}

# The values of a field: a text as the command line has it, as in "1..16" or "all", or Python's.
Values = str | Iterable[Any]


@dataclass(frozen=True, eq=False, repr=False)
class Page(Picture):
    """A drawn sheet: a picture of all its panels, whose shots are `page[1]` to `page[len(page)]`,
    counted row by row.
    """

    document: Sheet

    @property
    def sheet(self) -> Sheet:
        """What decides the page, as data."""
        return self.document

    def __len__(self) -> int:
        return len(self.document)

    def __getitem__(self, number: int) -> Shot:
        """The shot of a panel, counted from 1. Raises NetartError if there is none."""
        return self.document.panel(whole("panel", number))

    def __iter__(self) -> Iterator[Shot]:
        return self.document.panels()


def sheet(
    source: Source | Sheet | None = None,
    over: Mapping[str, Values] | None = None,
    size: int | str | Size | None = None,
    *,
    seeds: int | Values | None = None,
    best: int | None = None,
    spots: int | None = None,
    columns: int | None = None,
    gutter: int | None = None,
    background: str | None = None,
    labels: bool | None = None,
    backend: str = "auto",
    device: int | None = None,
    farm: Client | None = None,
    farm_mixed: bool = False,
    progress: Progress | None = None,
    network: NetworkSource | None = None,
    show_data: bool = False,
    **fields: Any,
) -> Page:
    """Draws a shot varied over a field or two: `netart.sheet("silk", {"depth": "1..16"})`.

    source, network, show_data, fields: as in netart.new; the source may be a sheet too, a preset, a
    page's file or a Sheet. contrast may be "shared": measured once for all panels.
    over: what varies, one field or two, of which the first gives the columns and the second the
    rows, with its values: a text as the command line has it, as in "0.4..0.8*9" or "all", or
    Python's values. seeds: so many from 0, a text, or numbers, and best the number of the liveliest
    that are kept. spots: so many of the liveliest places of the picture.
    size: of a panel in pixels, as in netart.render; None for 256. columns, gutter (pixels),
    background (a colour), labels (numbers and values under the panels): None for what a new sheet
    has, or the sheet's own.
    backend, device, farm, farm_mixed: as in netart.render. progress: is called with the panels that
    are done, and with all of them. Warns of panels of one colour. Raises NetartError.
    """
    is_shared = fields.get("contrast") == "shared"
    shown = [name for name, value in fields.items() if _is_all(name, value)]
    kept = {
        name: "auto" if is_shared and name == "contrast" else value
        for name, value in fields.items()
        if name not in shown
    }
    if not isinstance(over or {}, Mapping):
        raise NetartError(
            f"over {over!r}: write a mapping, as in {{'depth': '1..16'}}", field="over"
        )
    listed = {name: _texts(name, values) for name, values in (over or {}).items()}
    files = list(chain.from_iterable(run_files(*pair) for pair in listed.items()))
    named = None if size is None else read_named_size(size)
    panel = named.size if named else None
    begun = begin(
        source if source is not None or not files else files[0],
        kept, network, show_data, (Shot, Sheet), FRESH_OF_SHEETS, size=panel,
    )  # fmt: skip
    read = begun.source
    shot = add_runs(read.shot, files, read.name)
    document = shot if isinstance(read.document, Shot) else replace(read.document, shot=shot)
    varied = []
    if seeds is not None:
        varied.append(_read_seeds(seeds))
    varied += [Over.of(name, "all", shot) for name in shown]
    shown_size = read.picture_size or panel
    varied += [read_over(name, values, shot, shown_size) for name, values in listed.items()]
    given = {
        "panel": panel,
        "columns": optional_whole("columns", columns), "gutter": optional_whole("gutter", gutter),
        "background": optional_text("background", background),
        "labels": "numbered" if labels else labels,
    }  # fmt: skip
    layout = {name: value for name, value in given.items() if value is not None}
    assert isinstance(document, (Shot, Sheet))
    with open_here_or(farm, backend, device, farm_mixed) as evaluator:
        one = vary(
            document, varied, best=optional_whole("best", best),
            spots=optional_whole("spots", spots), shares_contrast=is_shared, layout=layout,
            evaluator=evaluator,
        )  # fmt: skip
        # All of them: what is wrong with one is raised before drawing.
        panels = list(zip(one.panels(), drawing.labels(one), strict=True))
        pixels, blank = draw_panels(drawing.lay_out(one), panels, evaluator, progress)
    is_new = bool(varied) or spots is not None
    if (is_new or shot != begun.read.shot) and (words := blank.describe()):  # else it is as meant
        warn(words, stacklevel=2)
    return Page(one, pixels, named.dpi if named else None)


def draw_panels(
    page: drawing.Page,
    panels: Sequence[tuple[Shot, str]],
    evaluator: Evaluator,
    progress: Progress | None,
) -> tuple[Pixels, BlankPanels]:
    """The pixels of a page of shots with their labels, and its panels of one colour. Raises
    NetartError.
    """
    check_size(page.size)
    numbers, blank = count(1), BlankPanels()

    def look(shot: Shot, pixels: Pixels) -> None:
        blank.add(shot, pixels)
        if progress:
            progress(next(numbers), len(panels))

    return np.concatenate(list(drawing.page_strips(page, panels, evaluator, look))), blank


def _is_all(name: str, value: Any) -> bool:
    """Whether all names of a field that has a list of them are asked for."""
    return (
        isinstance(value, str) and value == "all" and name in FIELDS and bool(FIELDS[name].choices)
    )


def _read_seeds(seeds: int | Values) -> Over:
    """Seeds vary: so many, or these. Raises NetartError."""
    if isinstance(seeds, (str, Iterable)):
        return Over.of_seeds(_texts("seed", seeds))
    count = whole("seeds", seeds)
    if not 1 <= count <= MAX_VALUES:
        raise NetartError(
            f"seeds {count}: must be from 1 to {MAX_VALUES:,}; seed {count} alone: [{count}]",
            field="seeds",
        )
    return Over.of_seeds(count)


def _texts(name: str, values: Values) -> Values:
    """The values as texts, where they are not one text. Raises NetartError."""
    if isinstance(values, str):
        return values
    try:
        return [texts_of_values({name: value})[name] for value in values]
    except TypeError:
        raise NetartError(f"over {name}: {values!r}: must be a text, or a list of values") from None
