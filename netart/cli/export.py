"""The command `netart export`, which writes what draws a shot without netart."""

from __future__ import annotations

import sys
import time

import click

from netart.cli.groups import GroupedCommand
from netart.cli.options import Target, report_options, target_option
from netart.cli.replaced import note_replaced
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.files.atomic import check_target, write_atomically
from netart.shot.fresh import FRESH
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.web.formats import FORMS, form_of
from netart.web.origin import origin_of

PAGE = ".html"


@click.command(cls=GroupedCommand)
@shot_options(Shot, Sheet, Timeline, **FRESH)
@target_option(f"{'; '.join(f'{end}: {form.about}' for end, form in FORMS.items())}. -: stdout.")
@report_options
def export(start: Start, target: Target, report: Report) -> None:
    """Write what draws a shot, a sheet or a film without netart: a page for any browser, or
    the text of a shader.

    \b
    Examples:
      netart export silk -o silk.html
      netart export drift -o drift.html
      netart export silk -o silk.shadertoy.glsl
    """
    document, name = start.source.document, start.source.name
    path = target.path(name, PAGE, report.as_json)
    form = form_of(path) if path else FORMS[PAGE]
    if start.source.warning:
        report.warn(start.source.warning)
    if path:
        check_target(path)
        note_replaced([(path, document)], report)
    begin_s = time.perf_counter()
    words, base = start.base or ((), None)
    text = form.text(document, origin_of(name, document, words, base, start.about))
    if not path:
        sys.stdout.write(text)
        return
    with write_atomically(path, target.is_unnamed) as file:
        file.write(text.encode())
    if limit := form.limit(document):
        report.warn(limit)
    took_s = time.perf_counter() - begin_s
    facts = {"bytes": len(text.encode()), "sha256": document.sha256}
    report.print_result(path, **facts, time_s=round(took_s, 3))
