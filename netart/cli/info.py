"""The command `netart info`, which prints the shot that a file holds."""

from __future__ import annotations

import json

import click

from netart.cli.groups import GroupedCommand
from netart.cli.messages import warn
from netart.cli.options import json_option
from netart.cli.run_report import run_data, run_lines
from netart.cli.shot_options import field_option
from netart.cli.streams import spell_toml
from netart.errors import NetartError, escape
from netart.files.source import given_by, read_source, to_toml
from netart.net.build import scales, to_network
from netart.net.learning.trained import Trained
from netart.shot.document import to_tables
from netart.shot.fields import FIELDS


@click.command(cls=GroupedCommand)
@click.argument("source", help="What is printed: netart help source.")
@field_option(FIELDS["activation"])
@field_option(FIELDS["output_activation"])
@field_option(FIELDS["features"])
@json_option
def info(source: str, as_json: bool, **completing: str | None) -> None:
    """Print the shot that SOURCE holds, every field that is set, as TOML that `render` reads.

    Of a run also how it was trained, its losses, and what its units do in the picture: twins, those
    that were indecisive to the end, points at which many lines bend, those that never switch.
    The options say what a file of weights leaves open.

    \b
    Examples:
      netart info silk
      netart info tour-11 --json
      netart info model.safetensors --activation relu
    """
    texts = {field: text for field, text in completing.items() if text is not None}
    found = read_source(source, given_by(texts))
    if unused := sorted(texts.keys() - found.completed):
        raise NetartError(f"{unused[0]}: {source} says its own", field=unused[0])
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
    text = to_toml(document, found.about, found.size, name_runs=True)
    weight_scale, bias_scale = scales(shot.network)
    click.echo(f"# {type(document).__name__.lower()} {document.sha256}")
    click.echo(f"# effective weights {weights}")
    click.echo(f"# weight scale {weight_scale:g}, bias scale {bias_scale:g}")
    if isinstance(shot.network, Trained):
        for line in run_lines(shot):
            click.echo(f"# {escape(line)}".rstrip())
    click.echo(spell_toml(text), nl=False)
