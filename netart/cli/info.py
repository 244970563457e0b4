"""`netart info`."""

from __future__ import annotations

import json

import click

from netart.cli import COMMANDS
from netart.net.recipe import scales, to_network
from netart.shot.text import to_text
from netart.write.source import read_source


@click.command(short_help=COMMANDS["info"])
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def info(source: str, as_json: bool) -> None:
    """Print the shot that SOURCE holds, every field of it, as TOML that `render` reads.

    \b
    Examples:
      netart info silk
      netart info tour-11 --json
    """
    found = read_source(source)
    if found.warning:
        click.echo(f"netart: warning: {found.warning}", err=True)
    shot = found.shot
    data: dict[str, object] = {"about": found.about} if found.about else {}
    data |= {"size": list(found.size)} if found.size else {}
    data |= {"shot": to_text(shot)}
    if as_json:
        digests = {"sha256": shot.sha256, "weights": to_network(shot.network).sha256}
        click.echo(json.dumps(data | digests, indent=2))
        return
    import tomli_w

    weight_scale, bias_scale = scales(shot.network)
    click.echo(f"# shot {shot.sha256}")
    click.echo(f"# effective weights {to_network(shot.network).sha256}")
    click.echo(f"# weight scale {weight_scale:g}, bias scale {bias_scale:g}")
    click.echo(tomli_w.dumps(data), nl=False)
