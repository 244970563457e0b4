"""The command `netart sheet`, which draws a shot varied over a field or two as one page."""

from __future__ import annotations

from contextlib import nullcontext
from functools import wraps
from itertools import chain
from typing import Any

import click
from msgspec.structs import replace

from netart.cli.groups import GroupedCommand
from netart.cli.options import (
    WHOLE,
    BackendChoice,
    Command,
    Target,
    drawing_options,
    encoding_options,
    option_group,
    report_options,
    size_option,
    target_option,
)
from netart.cli.output import (
    draw_page,
    note_steps,
    warn_of_absent_weights,
    warn_of_blank_panels,
    warn_of_flatness,
    warn_of_noise,
)
from netart.cli.replaced import note_replaced
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.draw.sheet import labels as labels_of
from netart.draw.sheet import lay_out
from netart.draw.variations import vary
from netart.errors import NetartError
from netart.files.overs import add_runs, read_over, run_files
from netart.files.source import Source
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.pixels import Size
from netart.shot.fields import FIELDS
from netart.shot.sheet import Over, Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


def take_shared_contrast(command: Command) -> Command:
    """Takes `shared` from --contrast, where no shot may have it; passes `shared: bool`.

    The contrast of the shots is `auto` then.
    """

    @wraps(command)
    def wrapper(contrast: str | None, **values: Any) -> Any:
        shared = contrast == "shared"
        return command(contrast="auto" if shared else contrast, shared=shared, **values)

    return wrapper


def take_all(command: Command) -> Command:
    """Takes `all` from the options of fields that have a list of names, where no shot may have it;
    passes `shown: tuple[str, ...]`, these fields.
    """

    @wraps(command)
    def wrapper(**values: Any) -> Any:
        fields = (row.name for row in FIELDS.values() if row.choices)
        shown = tuple(name for name in fields if values[name] == "all")
        return command(shown=shown, **values | dict.fromkeys(shown))

    return wrapper


def take_source(command: Command) -> Command:
    """Takes the first run of --over run=FILE,… for SOURCE where there is none."""

    @wraps(command)
    def wrapper(source: str | None, overs: tuple[str, ...], **values: Any) -> Any:
        if source is None:
            runs = (run_files(*_split(text)) for text in overs if text.startswith("run="))
            source = next(chain.from_iterable(runs), None)
        return command(source=source, overs=overs, **values)

    return wrapper


def _split(text: str) -> tuple[str, str]:
    """The field and the values of an --over, which may lack them."""
    name, _, listing = text.partition("=")
    return name, listing


def _make_layout(size: Size | None, labels: bool | None, **values: Any) -> dict[str, Any]:
    """The fields of a Layout that are given."""
    given = {"panel": size, "labels": "numbered" if labels else labels, **values}
    return {name: value for name, value in given.items() if value is not None}


# Passes `layout`, the fields of the sheet's Layout that are given.
layout_options = option_group(
    "layout",
    _make_layout,
    size_option("Of a panel, in pixels (256x256)."),
    click.option("--columns", type=WHOLE, metavar="N", help="Panels in a row."),
    click.option("--gutter", type=WHOLE, metavar="PIXELS", help="Between and around the panels."),
    click.option("--background", metavar="COLOUR", help="Behind the panels (#17171b)."),
    click.option("--labels/--no-labels", default=None, help="Under the panels #N and values (on)."),
    parameters=("size", "columns", "gutter", "background", "labels"),
)


@click.command(cls=GroupedCommand)
@take_shared_contrast
@take_all
@take_source
@shot_options(Shot, Sheet, samples="2")
@click.option(
    "--over",
    "overs",
    multiple=True,
    metavar="FIELD=VALUES",
    help="What varies; twice: columns, then rows.",
)
@click.option("--seeds", metavar="N|VALUES", help="Seeds vary: N of them from 0, or these.")
@click.option("--best", type=WHOLE, metavar="N", help="The N liveliest of --seeds alone, in order.")
@click.option("--spots", type=WHOLE, metavar="N", help="The N liveliest places of the picture.")
@layout_options
@target_option("Output; the suffix says the format. -: stdout.")
@encoding_options
@drawing_options
@report_options
def sheet(
    start: Start,
    shared: bool,
    shown: tuple[str, ...],
    overs: tuple[str, ...],
    seeds: str | None,
    best: int | None,
    spots: int | None,
    layout: dict[str, Any],
    target: Target,
    encoding: ImageEncoding,
    backend: BackendChoice,
    report: Report,
) -> None:
    """Draw a shot varied over a field or two, as a page of panels.

    FIELD is the name of an option of a shot, VALUES are as in 1..18 or 0.4..0.8*9 (`netart help
    values`). A page carries its shots: 'page.png#7' is the panel that is labelled #7. --best and
    --spots avoid noise and emptiness, and know nothing of beauty.

    \b
    Examples:
      netart sheet --seeds 12
      netart sheet --layers 8x16 --seeds 100 --best 20 -o best.png
      netart sheet silk --spots 12 -o spots.png
      netart render 'spots.png#3' -o spot.png
      netart sheet tour-10
      netart sheet silk --over layer=4,8,16 --over weight-scale='0.4..1.6*5'
      netart sheet silk --palette all --size 160x160 -o palettes.png
      netart sheet --over run=curves.run --over step='1..1000*5:log' --show-data
    """
    listed = [_split(text) for text in overs]
    source = _add_runs(start.source, [file for pair in listed for file in run_files(*pair)])
    shot = source.shot
    varied = [Over.of_seeds(seeds)] if seeds is not None else []
    varied += [Over.of(name, "all", shot) for name in shown]
    panel = source.picture_size or layout.get("panel")
    varied += [_read_over(text, shot, panel) for text in overs]
    document, is_new = source.document, bool(varied) or spots is not None
    assert not isinstance(document, Timeline)
    if not is_new and best is None and not isinstance(document, Sheet):
        raise NetartError("what shall vary? give --over FIELD=VALUES, --seeds N, or --spots N")
    judged = sum(len(over.values) for over in varied if over.field == "seed" and best is not None)
    with backend.open() as evaluator:
        with report.progress(judged, "seeds", evaluator) if judged else nullcontext() as advance:
            one = vary(
                document, varied, best=best, spots=spots, shares_contrast=shared, layout=layout,
                evaluator=evaluator, done=advance or (lambda _: None),
            )  # fmt: skip
        if spots is not None and len(one.overs[0].values) < spots:
            found = len(one.overs[0].values)
            report.warn(
                f"--spots {spots}: only {found} place{' has' if found == 1 else 's have'} form"
            )
        panels = list(one.panels())  # all of them: what is wrong with one is raised before drawing
        page, name = lay_out(one), source.name + ("-sheet" if is_new else "")
        path = target.path(name, encoding.suffix, report.as_json)
        spec = plan_image(path, one, page.size, encoding)
        note_replaced([(path, one)], report)
        if source.warning:
            report.warn(source.warning)
        note_steps(panels, report)
        warn_of_noise(panels[-1], evaluator, report)
        warn_of_flatness(panels[-1], report)
        shots = zip(panels, labels_of(one), strict=True)
        blank = draw_page(page, shots, spec, evaluator, target.is_unnamed, report)
    if is_new or not start.base or start.base[1] != shot:  # else it is as somebody meant it
        warn_of_blank_panels(blank, report)
    if path:
        warn_of_absent_weights(spec, path, report)
        report.print_result(path, size=page.size, panels=len(one), sha256=one.sha256)


def _read_over(text: str, shot: Shot, panel: Size | None) -> Over:
    """What an --over says, palettes of files and places in a panel included. Raises NetartError."""
    if "=" not in text:
        raise NetartError(f"{text!r}: write FIELD=VALUES, as in depth=1..18")
    return read_over(*_split(text), shot, panel)


def _add_runs(source: Source, files: list[str]) -> Source:
    """The source with the runs of these files behind its own. Raises NetartError."""
    shot, document = add_runs(source.shot, files, source.name), source.document
    return source._replace(
        document=shot if isinstance(document, Shot) else replace(document, shot=shot)
    )
