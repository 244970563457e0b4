"""`netart presets`."""

from __future__ import annotations

import json

import click

from netart.cli import COMMANDS
from netart.shot.presets import preset, preset_names


@click.command(short_help=COMMANDS["presets"])
@click.option("--json", "as_json", is_flag=True, help="As JSON: name → what it shows.")
def presets(as_json: bool) -> None:
    """List the presets, a line each.

    \b
    Examples:
      netart presets
    """
    about = {name: preset(name).about for name in preset_names()}
    if as_json:
        click.echo(json.dumps(about, indent=2))
        return
    wide = max(map(len, about))
    for name, line in about.items():
        click.echo(f"{click.style(name.ljust(wide), bold=True)}  {line}")
