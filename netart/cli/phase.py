"""The command `netart phase`, which draws where networks go from order to chaos, as one page."""

from __future__ import annotations

import click

from netart.cli.groups import GroupedCommand
from netart.cli.options import (
    BackendChoice,
    Target,
    drawing_options,
    encoding_options,
    report_options,
    size_option,
    target_option,
)
from netart.cli.output import deliver
from netart.cli.replaced import note_replaced
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.draw.phase import count_pictures, draw, lay_out, survey_shot
from netart.evaluate.numbers import convert
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.net.phase import AGAINST, check_axis, law_of, network_count
from netart.pixels import Size
from netart.shot.shot import Shot


@click.command(cls=GroupedCommand)
@shot_options(Shot, samples="2")
@click.option(
    "--against",
    default="bias",
    metavar="|".join(AGAINST),
    help="What stands on the vertical axis (bias).",
)
@size_option("Of the page, in pixels (1600x1200).", "--size", "page_size")
@target_option("Output; the suffix says the format. -: stdout.")
@encoding_options
@drawing_options
@report_options
def phase(
    start: Start,
    against: str,
    page_size: Size | None,
    target: Target,
    encoding: ImageEncoding,
    backend: BackendChoice,
    report: Report,
) -> None:
    """Draw where order ends and chaos begins, as a page.

    Each layer of a network makes a small difference between two points larger or smaller: deep
    networks then make static, or flat pictures. The page shows by how much, over weight scale and
    bias scale. A line stands where a difference keeps its size; mean-field theory's (Poole et al.
    2016) is dashed. Beside it are pictures of SOURCE on either side; a star marks SOURCE itself.

    Hidden layers must be of one width and one activation, which has a slope (step and sign have
    none). The page carries its shot: `netart phase page.png` draws it again.

    \b
    Examples:
      netart phase
      netart phase --layers 24x30 --against depth -o depth.png
      netart phase --layers 24x100 --activation relu --size 1200x900 -o relu.png
      netart phase silk -o silk-phase.png
    """
    check_axis(against)
    source, shot, size = start.source, start.shot, page_size or (1600, 1200)
    path = target.path(f"{source.name}-phase", encoding.suffix, report.as_json)
    spec = plan_image(path, shot, size, encoding)
    note_replaced([(path, shot)], report)
    lay_out(size)  # what is wrong is raised before anything is measured
    law_of(shot.network)
    if source.warning:
        report.warn(source.warning)
    with report.progress(network_count(shot.network), "networks") as advance:
        found = survey_shot(shot, against, advance)
    with backend.open() as evaluator, report.progress(count_pictures(size), "pictures") as advance:
        page = draw(shot, found, size, evaluator, advance)
    deliver(spec, convert([page]), target.is_unnamed, report)
    if path:
        critical = {f"{height:.4g}": scale for height, scale in found.critical}
        report.print_result(path, size=size, networks=found.networks, critical=critical)
