"""The command `netart info`, which prints the shot that a file holds."""

from __future__ import annotations

import json

import click

from netart.cli.messages import warn
from netart.cli.options import json_option
from netart.cli.run_report import run_data, run_lines
from netart.files.source import read_source, to_toml
from netart.net.build import scales, to_network
from netart.net.learning.trained import Trained
from netart.shot.document import to_tables


@click.command()
@click.argument("source")
@json_option
def info(source: str, as_json: bool) -> None:
    """Print the shot that SOURCE holds, every field that is set, as TOML that `render` reads.

    Of a run also how it was trained, its losses, and what its units do in the picture: twins, those
    that were indecisive to the end, points at which many lines bend, those that never switch.

    \b
    Examples:
      netart info silk
      netart info tour-11 --json
    """
    found = read_source(source)
    if found.warning:
        warn(found.warning)
    document, shot = found.document, found.shot
    weights = to_network(shot.network).sha256
    if as_json:
        data = {"about": found.about, "size": found.size, **to_tables(document)}
        data |= {"sha256": document.sha256, "weights": weights}
        if isinstance(shot.network, Trained):
            data |= run_data(shot)
        click.echo(json.dumps({name: value for name, value in data.items() if value}, indent=2))
        return
    weight_scale, bias_scale = scales(shot.network)
    click.echo(f"# {type(document).__name__.lower()} {document.sha256}")
    click.echo(f"# effective weights {weights}")
    click.echo(f"# weight scale {weight_scale:g}, bias scale {bias_scale:g}")
    if isinstance(shot.network, Trained):
        for line in run_lines(shot):
            click.echo(f"# {line}".rstrip())
    click.echo(to_toml(document, found.about, found.size, name_runs=True), nl=False)
