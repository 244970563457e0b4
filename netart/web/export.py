"""Writes what draws a document without netart, from Python."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import Any
from warnings import warn

from netart.api.films import Film
from netart.api.picture import Picture
from netart.api.shots import NetworkSource, Source, begin
from netart.files.atomic import check_target, write_atomically
from netart.shot.fresh import FRESH
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.web.formats import form_of
from netart.web.origin import origin_of


def export(
    source: Source | Sheet | Timeline | Film | Picture | None,
    path: str | PathLike[str],
    *,
    network: NetworkSource | None = None,
    show_data: bool = False,
    **fields: Any,
) -> int:
    """Writes what draws a shot, a sheet or a film without netart, as the suffix says: .html is a
    page for any browser. `netart.export("silk", "silk.html", seed=7)`

    source, network, show_data, fields: as in netart.new; the source may be a sheet or a film, too:
    its name, its data, or what netart.sheet, netart.film and netart.render have returned.
    A file that exists is replaced whole or not at all. Returns how many bytes were written. Warns
    where the page shows a picture alone, since browsers do not draw the shot. Raises NetartError,
    for an unknown suffix with the nearest.
    """
    target = Path(path)
    form = form_of(target)
    fresh = FRESH if source is None else {}
    kinds = Shot, Sheet, Timeline
    begun = begin(_plain(source), fields, network, show_data, kinds, fresh)
    check_target(target)
    named = (fspath(source),) if isinstance(source, (str, PathLike)) else ()
    base = begun.read.shot if named else None
    document = begun.source.document
    origin = origin_of(begun.source.name, document, named, base, begun.about)
    data = form.text(document, origin).encode()
    with write_atomically(target) as file:
        file.write(data)
    if limit := form.limit(document):
        warn(f"{target}: {limit}", stacklevel=2)
    return len(data)


def _plain(
    source: Source | Sheet | Timeline | Film | Picture | None,
) -> Source | Sheet | Timeline | None:
    """A source of which what was drawn, or will be, is the data."""
    if isinstance(source, Film):
        return source.timeline
    return source.document if isinstance(source, Picture) else source
