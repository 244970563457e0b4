"""Where pictures go, and the warnings about them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from netart.cli.messages import option_name, say
from netart.cli.options import Target
from netart.cli.report import Report
from netart.draw.blank import FRAMES, BlankPanels, Extent, blank_frames, find_blank
from netart.draw.noise import describe_noise
from netart.draw.sheet import Page, page_strips
from netart.errors import NetartError
from netart.evaluate.numbers import Draw, convert
from netart.evaluate.request import Evaluator
from netart.files.atomic import check_target, unknown_suffix, write_atomically
from netart.files.beside import absent_runs
from netart.files.metadata import Metadata
from netart.files.stills.image import draw_to_path, draw_to_stream, write_vector
from netart.files.stills.paper import set_page_size
from netart.files.stills.spec import ImageSpec
from netart.files.stills.vectors import VectorSpec
from netart.lens import is_flat, missed_levels
from netart.net.learning.trained import Trained
from netart.pixels import Pixels, Size
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


def deliver(spec: ImageSpec, draw: Draw, new: bool, report: Report) -> None:
    """Draws a planned picture to its path, or to stdout. new: no file of that name is replaced."""
    if spec.path:
        chosen = draw_to_path(spec, draw, new)
    else:
        chosen = draw_to_stream(sys.stdout.buffer, spec, draw)
        sys.stdout.buffer.flush()
    report_chosen(spec, chosen, report)


def report_chosen(spec: ImageSpec, chosen: str | None, report: Report) -> None:
    """Says what was chosen to keep the file small, if anything was."""
    if chosen:
        report.say(f"{spec.path or 'stdout'}: {chosen}")


def deliver_vector(spec: VectorSpec, data: bytes, new: bool) -> None:
    """Writes a planned file of lines and text to its path, or to stdout. new: as in `deliver`."""
    if spec.path:
        write_vector(spec, data, new)
    else:
        sys.stdout.buffer.write(set_page_size(spec, data))
        sys.stdout.buffer.flush()


def draw_page(
    page: Page,
    panels: Iterable[tuple[Shot, str]],
    spec: ImageSpec,
    evaluator: Evaluator,
    new: bool,
    report: Report,
) -> BlankPanels:
    """Draws a page of shots to the path of the spec, or to stdout; returns its panels of one
    colour.
    """
    blank = BlankPanels()
    with report.progress(page.columns * page.rows, "panels", evaluator) as advance:

        def look(shot: Shot, pixels: Pixels) -> None:
            blank.add(shot, pixels)
            advance()

        deliver(spec, convert(page_strips(page, panels, evaluator, look)), new, report)
    return blank


def save_as_text(save: str, text: str, target: Target, report: Report) -> None:
    """Writes a document as a file to edit, which must be called .toml, and prints its path.

    Raises NetartError, also where -o or --json ask for a drawing.
    """
    if not target.is_unnamed or report.as_json:
        raise NetartError("--save: nothing is drawn, so -o and --json have no meaning")
    path = Path(save)
    if path.suffix != ".toml":
        raise unknown_suffix(path, [".toml"])
    check_target(path)
    with write_atomically(path) as file:
        file.write(text.encode())
    click.echo(path)


def warn_of_flatness(shot: Shot, report: Report) -> None:
    """Warns where light is asked of a shot that has no slopes."""
    if shot.look.finish and is_flat(shot):
        report.warn(
            f"light {shot.look.light}: activations that jump, step and sign, have no slopes: "
            "it falls on a flat picture"
        )


def warn_of_level(shot: Shot, size: Size, report: Report) -> bool:
    """Warns where the picture is all above or all below the level between two regions. Returns
    whether it did.
    """
    missed = [] if report.quiet else list(missed_levels(shot, size))
    for level, low, high in missed:
        report.warn(
            f"level {level:g}: before the activation, values go from {low:.3g} to {high:.3g}: all "
            "is one region"
        )
    return bool(missed)


def warn_of_blank(shot: Shot, extent: Extent, report: Report) -> bool:
    """Warns where the picture is of one colour, unless `warn_of_level` has said why. Returns
    whether it did.
    """
    blank = None if report.quiet else find_blank(shot, extent)
    if not blank or blank.reason:
        return False
    report.warn(f"the picture is {blank.describe(option_name)}")
    return True


def warn_of_blank_panels(blank: BlankPanels, report: Report, kind: str = "panel #") -> None:
    """Warns of the panels of one colour that `draw_page` found. kind: stands before a number."""
    if not report.quiet and (words := blank.describe(option_name, kind)):
        report.warn(words)


def warn_of_blank_frames(timeline: Timeline, report: Report) -> None:
    """Warns where frames of a film are of one colour, of which a few are looked at."""
    found = [] if report.quiet else blank_frames(timeline)
    if found:
        (t, blank), *_ = found
        report.warn(
            f"{len(found)} of {FRAMES} frames looked at are of one colour: that at {t:.0%} is "
            f"{blank.describe(option_name)}"
        )


def note_steps(shots: Sequence[Shot], report: Report) -> None:
    """Says in one line what is drawn of steps that their runs do not keep."""
    steps = [shot.network for shot in shots if isinstance(shot.network, Trained)]
    missing = [one for one in steps if one.step not in one.drawn.steps]
    if report.quiet or not missing:
        return
    first = missing[0]
    what = f"step {first.step:,.10g} of {first.run} is not kept: "
    nearest = f"{first.shown:,} is drawn"
    if len(shots) > 1:
        what = f"{len(missing)} of {len(shots)} panels are of steps that are not kept: "
        nearest = "the nearest are drawn"
    if first.blend_steps:
        say(f"{what}weights of the steps around it are blended")
    else:
        say(f"{what}{nearest}; --blend-steps blends weights of the steps around it")


def warn_of_noise(shot: Shot, evaluator: Evaluator, report: Report) -> None:
    """Warns where float32 cannot hold the shot's network."""
    if not report.quiet and (words := describe_noise(shot, evaluator, "--backend reference")):
        report.warn(words)


def warn_of_absent_weights(spec: ImageSpec | VectorSpec, path: Path, report: Report) -> None:
    """Warns where a picture lacks files of weights: large ones are not in the picture itself."""
    file = spec.metadata.weights_file if spec.metadata else ""
    if spec.metadata:
        warn_of_absent_runs(spec.metadata, path, report)
    if file and not (path.parent / file).exists():
        report.warn(
            f"{path} opens again only beside {file}, which `netart network --as-given -o {file}` "
            "writes from the same SOURCE"
        )


def warn_of_absent_runs(metadata: Metadata, path: Path, report: Report) -> None:
    """Warns where a picture or a film lacks files of runs: large ones are not in it itself."""
    if absent := absent_runs(path, metadata.run_files):
        report.warn(f"{path} opens again only beside {absent}")
