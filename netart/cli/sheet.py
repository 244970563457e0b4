"""The command `netart sheet`, which draws a shot varied over a field or two as one page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from netart.cli.help_tables import FORMAT_TABLE, SHOT_TABLES
from netart.cli.options import (
    WHOLE,
    BackendChoice,
    Command,
    Target,
    backend_options,
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
    warn_of_flatness,
    warn_of_noise,
)
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.draw.score import rank
from netart.draw.sheet import labels as labels_of
from netart.draw.sheet import lay_out
from netart.errors import NetartError
from netart.files.palettes import read_palette
from netart.files.runs import read_run
from netart.files.source import Source
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.lens import measure
from netart.net.learning.trained import Trained
from netart.shot.fields import FIELDS, apply
from netart.shot.ranges import values
from netart.shot.run_text import RUN_SUFFIX
from netart.shot.sheet import MAX_PANELS, Layout, Over, Sheet
from netart.shot.shot import Shot

SIDE = 256  # pixels of a panel


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
            source = next(_run_files(overs), None)
        return command(source=source, overs=overs, **values)

    return wrapper


def _run_files(overs: tuple[str, ...]) -> Iterator[str]:
    """The files that stand in --over run=FILE,…"""
    for text in overs:
        name, _, listing = text.partition("=")
        if name == "run" and listing:
            yield from (
                value for value in values(listing, MAX_PANELS) if value.endswith(RUN_SUFFIX)
            )


def _drop_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


# Passes `layout`, the fields of the sheet's Layout that are given.
layout_options = option_group(
    "layout",
    _drop_none,
    size_option("Of a panel, in pixels (256x256).", "--size", "panel"),
    click.option("--columns", type=WHOLE, metavar="N", help="Panels in a row."),
    click.option("--gutter", type=WHOLE, metavar="PIXELS", help="Between and around the panels."),
    click.option("--background", metavar="COLOUR", help="Behind the panels (#17171b)."),
    click.option("--labels/--no-labels", default=None, help="Values under the panels."),
    parameters=("panel", "columns", "gutter", "background", "labels"),
)


@click.command(epilog=f"{FORMAT_TABLE}\n\n{SHOT_TABLES}")
@take_shared_contrast
@take_all
@take_source
@shot_options(Shot, Sheet, samples="2")
@click.option(
    "--over",
    "overs",
    multiple=True,
    metavar="FIELD=VALUES",
    help="What varies, by the name of an option; twice: columns, then rows.",
)
@click.option("--seeds", metavar="VALUES", help="The same as a first --over seed=VALUES.")
@click.option("--best", type=WHOLE, metavar="N", help="Only the N liveliest of --seeds, in order.")
@layout_options
@target_option("Where to, the format by the suffix.")
@encoding_options
@backend_options
@report_options
def sheet(
    start: Start,
    shared: bool,
    shown: tuple[str, ...],
    overs: tuple[str, ...],
    seeds: str | None,
    best: int | None,
    layout: dict[str, Any],
    target: Target,
    encoding: ImageEncoding,
    backend: BackendChoice,
    report: Report,
) -> None:
    """Draw a shot varied over a field or two, as a page of panels.

    SOURCE is what `netart render` takes, or a sheet: a preset such as tour-10, or a page that
    netart drew. VALUES are a,b,c or 1..18 or 0.4..0.8*9 (equal steps) or 40..0.15625*9:log (equal
    ratios), ends included; values that hold commas are separated by ; instead. FIELD is any
    option of a shot, or latent.NAME; of `run` they are files, the first of which is SOURCE where
    there is none. Of a field that has a list of names (activation, distribution,
    light, palette) all are drawn by VALUES, or the field's own option, that is all.

    A page carries its shots: netart render 'page.png#7' draws its seventh panel, counted row by
    row. --contrast shared measures once for all panels. --best judges by a score that knows
    noise, emptiness, stripes and starbursts, and nothing of beauty.

    \b
    Examples:
      netart sheet --seeds 1..12
      netart sheet --layers 8x16 --seeds 0..99 --best 20 --labels -o best.png
      netart sheet tour-10
      netart sheet silk --over weight-scale='0.4..1.6*5' --over layer='4,8,16' -o scales.png
      netart render 'scales.png#7' --size 1024x1024 -o seven.png
      netart sheet silk --palette all --size 160x160 -o palettes.png
      netart sheet --over run=curves.run --over step='1..1000*5:log' --show-data -o steps.png
      netart sheet silk --over palette='sun;ramp:#102030,#f0a040,white' -o two.png
    """
    source = _add_runs(start.source, overs)
    shot = source.shot
    varied = [Over("seed", values(seeds))] if seeds is not None else []
    if best is not None:
        varied = [_best_seeds(shot, varied, best, report)]
    varied += [Over.read(f"{name}=all", shot) for name in shown]
    varied += [_read_over(text, shot) for text in overs]
    one = _make_sheet(source, tuple(varied), layout)
    panels = list(one.panels())  # all of them: what is wrong with one is raised before drawing
    if shared:
        one = _share_contrast(one, panels)
        panels = list(one.panels())
    page, name = lay_out(one), source.name + ("-sheet" if varied else "")
    path = target.path(name, encoding.suffix, report.as_json)
    spec = plan_image(path, one, page.size, encoding)
    if source.warning:
        report.warn(source.warning)
    note_steps(panels, report)
    with backend.open() as evaluator:
        warn_of_noise(panels[-1], evaluator, report)
        warn_of_flatness(panels[-1], report)
        shots = zip(panels, labels_of(one), strict=True)
        draw_page(page, shots, spec, evaluator, target.is_unnamed, report)
    if path:
        warn_of_absent_weights(spec, path, report)
        report.print_result(path, size=page.size, panels=len(one), sha256=one.sha256)


def _read_over(text: str, shot: Shot) -> Over:
    """What an --over says, palettes from files included. Raises NetartError."""
    name, _, listing = text.partition("=")
    if name == "palette" and listing and listing != "all":
        return Over(name, tuple(map(read_palette, values(listing, MAX_PANELS))))
    if name == "run" and listing:
        return Over(name, tuple(map(_run_name, values(listing, MAX_PANELS))))
    return Over.read(text, shot)


def _run_name(value: str) -> str:
    """The name of a run, given by it or by its file."""
    return Path(value).stem if value.endswith(RUN_SUFFIX) else value


def _add_runs(source: Source, overs: tuple[str, ...]) -> Source:
    """The source with the runs of --over run=FILE,… behind its own. Raises NetartError."""
    files, shot = [*_run_files(overs)], source.shot
    if not files:
        return source
    if not isinstance(shot.network, Trained):
        raise NetartError(
            f"--over run={files[0]},…: {source.name} is not a step of a run, as netart train "
            "writes them"
        )
    runs = {run.name: run for run in shot.network.runs}
    for file in files:
        run = read_run(Path(file))
        if runs.setdefault(run.name, run).sha256 != run.sha256:
            raise NetartError(f"{file}: another run is called {run.name}: rename one of the files")
    network = replace(shot.network, runs=tuple(runs.values()))
    document = source.document
    shot = replace(shot, network=network)
    return source._replace(
        document=shot if isinstance(document, Shot) else replace(document, shot=shot)
    )


def _best_seeds(shot: Shot, varied: list[Over], best: int, report: Report) -> Over:
    """The liveliest of the seeds that vary, in their order. Raises NetartError."""
    if not varied:
        raise NetartError(f"--best {best}: of which --seeds?")
    seeds = varied[0].values
    if not 1 <= best <= len(seeds):
        raise NetartError(f"--best {best}: must be from 1 to the {len(seeds)} seeds")
    with report.progress(len(seeds), "seeds") as advance:
        order = rank(shot, map(int, seeds), advance)
    return Over("seed", tuple(map(str, order[:best])))


def _make_sheet(source: Source, varied: tuple[Over, ...], layout: dict[str, Any]) -> Sheet:
    """The source's sheet, or one of its shot over the fields that vary, with the layout changed.

    Raises NetartError where nothing varies.
    """
    own = source.document if isinstance(source.document, Sheet) else None
    if varied:
        fresh = Layout(panel=(round(SIDE * source.shot.aspect), SIDE))
        kept = replace(own.layout if own else fresh, columns=None)
        return Sheet(shot=source.shot, overs=varied, layout=replace(kept, **layout))
    if own is None:
        raise NetartError("what shall vary? give --over FIELD=VALUES, or --seeds VALUES")
    return replace(own, layout=replace(own.layout, **layout))


def _share_contrast(one: Sheet, panels: list[Shot]) -> Sheet:
    """The sheet with one contrast, measured over all its panels. Raises NetartError."""
    if any(over.field == "contrast" for over in one.overs):
        raise NetartError("--contrast shared: contrast is what varies")
    limits = measure(panels)
    if not limits:
        raise NetartError("--contrast shared: the panels have no contrast in common")
    return replace(one, shot=apply(one.shot, limits))
