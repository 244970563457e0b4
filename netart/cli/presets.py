"""The command `netart presets`, which lists the presets or draws them on one page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import click

from netart.cli.groups import GroupedCommand
from netart.cli.options import Target, json_option, size_option, target_option
from netart.cli.report import Report
from netart.errors import NetartError
from netart.evaluate.backend import open_evaluator
from netart.files.source import PRESET_GROUPS, preset_groups, read_source
from netart.pixels import Size
from netart.shot.document import Document
from netart.shot.sheet import Layout, Sheet, best_columns
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


@click.command(cls=GroupedCommand)
@json_option
@click.option("--sheet", "as_sheet", is_flag=True, help="Draw them, films in their middle.")
@click.option(
    "--group", type=click.Choice(PRESET_GROUPS), help="Only those of a group (all of them)."
)
@size_option("Of a panel, in pixels (256x256).")
@target_option("Where to draw them.")
def presets(
    as_json: bool, as_sheet: bool, group: str | None, size: Size | None, target: Target
) -> None:
    """List the presets by groups, a line each, or draw them on one page.

    A preset is a picture (netart render NAME), a sheet (netart sheet NAME) or a film (netart
    animate NAME).

    \b
    Examples:
      netart presets
      netart presets --sheet -o all.png
      netart presets --sheet --group tour -o tour.png
    """
    groups = {name: names for name, names in preset_groups().items() if group in (None, name)}
    if as_sheet:
        if as_json:
            raise NetartError("--json with --sheet: give one of them")
        names = [name for group in groups.values() for name in group]
        path = _draw(names, size or (256, 256), target)
        click.echo(path or "-", err=path is None)
        return
    if size or not target.is_unnamed:
        raise NetartError("--size and -o: what is drawn is a --sheet")
    about = {name: read_source(name).about for names in groups.values() for name in names}
    if as_json:
        click.echo(json.dumps(about, indent=2))
        return
    wide = max(map(len, about))
    for title, names in groups.items():
        click.echo(f"{title}:")
        for name in names:
            click.echo(f"  {click.style(name.ljust(wide), bold=True)}  {about[name]}")


def _draw(names: Sequence[str], size: Size, target: Target) -> Path | None:
    """Draws presets on a page: the first panel of a sheet, the middle of a film. Returns its path,
    None for stdout.
    """
    # The list is there without them.
    from netart.cli.output import draw_page
    from netart.draw.sheet import Page
    from netart.files.stills.plan import ImageEncoding, plan_image

    stills = [(_single(read_source(name).document), name) for name in names]
    columns = best_columns(len(stills))
    page = Page(columns, ceil(len(stills) / columns), Layout(panel=size, labels=True))
    bare = ImageEncoding(metadata=False)  # they have no shot in common
    path = target.path("presets", bare.suffix)
    spec = plan_image(path, Shot(), page.size, bare)
    with open_evaluator() as evaluator:
        draw_page(page, stills, spec, evaluator, target.is_unnamed, Report())
    return path


def _single(document: Document) -> Shot:
    """A shot that stands for the document."""
    if isinstance(document, Sheet):
        return document.panel(1)
    return document.at(0.5) if isinstance(document, Timeline) else document
