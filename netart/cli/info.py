"""The command `netart info`, which prints the shot that a file holds."""

from __future__ import annotations

import json

import click

from netart.cli.messages import warn
from netart.cli.options import json_option
from netart.files.source import read_source, to_toml
from netart.net.build import scales, to_network
from netart.shot.document import to_tables


@click.command()
@click.argument("source")
@json_option
def info(source: str, as_json: bool) -> None:
    """Print the shot that SOURCE holds, every field that is set, as TOML that `render` reads.

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
        click.echo(json.dumps({name: value for name, value in data.items() if value}, indent=2))
        return
    weight_scale, bias_scale = scales(shot.network)
    click.echo(f"# {type(document).__name__.lower()} {document.sha256}")
    click.echo(f"# effective weights {weights}")
    click.echo(f"# weight scale {weight_scale:g}, bias scale {bias_scale:g}")
    click.echo(to_toml(document, found.about, found.size), nl=False)
