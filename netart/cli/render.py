"""`netart render`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from netart.cli.messages import warn
from netart.cli.options import (
    FORMAT_TABLE,
    TABLES,
    SizeType,
    backend_options,
    encoding_options,
    shot_options,
)
from netart.cli.output import (
    chosen_path,
    deliver,
    save_text,
    warn_of_absent_weights,
    warn_of_noise,
)
from netart.cli.progress import progress
from netart.errors import NetartError
from netart.evaluate.backend import opened
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator
from netart.files.source import Source, to_toml
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.lens import strips
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.text import to_text


@click.command(epilog=f"{FORMAT_TABLE}\n\n{TABLES}")
@shot_options
@click.option(
    "--size", type=SizeType(), metavar="WxH", help="Of the picture, in pixels (1024x1024)."
)
@click.option(
    "-o", "target", metavar="FILE",
    help="Where to; the suffix says the format. - is stdout.",
)  # fmt: skip
@click.option("--save", metavar="FILE.toml", help="Write the shot as text to edit; draw nothing.")
@encoding_options
@backend_options
@click.option("--json", "as_json", is_flag=True, help="Print what was drawn as JSON.")
@click.option("--quiet", is_flag=True, help="No progress, no warnings.")
def render(
    source: Source,
    size: Size | None,
    target: str | None,
    save: str | None,
    encoding: ImageEncoding,
    backend: str,
    device: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Draw a shot as a picture.

    SOURCE is a preset (see `netart presets`), a TOML file, a picture that netart wrote, or a file
    of weights (.npz); options override its fields. Without SOURCE the default picture is drawn.
    A picture carries its shot: it can be drawn again at any size, or changed by more options.

    The suffix of the output says its format. Values are display sRGB but for exr's. png, tiff and
    npy take little memory at any size; webp that is not lossless halves the colours' resolution.

    \b
    Examples:
      netart render
      netart render --seed 21 --size 1920x1080 -o wall.png
      netart render tour-11 --center 0.4,-0.2 --radius 0.1 -o detail.png
      netart render --layers 30x24 --seed 42 --palette ramp:ink -o ink.png
      netart render --mix 7:0.6,42:0.8 --latent t=0.3 --features x,y,r -o mix.png
      netart render wall.png --palette corners:frost --size 512x512 -o frost.png
      netart render silk --save mine.toml
      netart render silk --bits 16 --size 3000x2000 -o print.tif
      netart render silk --quality lossless --no-metadata -o page.webp
    """
    if save is not None:
        if target is not None or as_json:
            raise NetartError("--save: nothing is drawn, so -o and --json have no meaning")
        text = to_toml(source.document, source.about, size or source.size)
        click.echo(save_text(Path(save), text))
        return
    size = size or source.size or (1024, 1024)
    path, shot = chosen_path(target, source.name, encoding.suffix, as_json), source.shot
    spec = plan_image(path, shot, size, encoding)
    start = time.perf_counter()
    if source.warning and not quiet:
        warn(source.warning)
    with opened(backend, device) as evaluator:
        if not quiet:
            warn_of_noise(shot, evaluator)

        def draw(numbers: Numbers) -> Iterator[Samples]:
            return _shown(strips(shot, size, evaluator, numbers), size, quiet)

        deliver(path, shot, size, draw, encoding, fresh=target is None)
        did = _report(shot, size, path, evaluator, time.perf_counter() - start)
    if path:
        if not quiet:
            warn_of_absent_weights(spec, path)
        click.echo(json.dumps(did) if as_json else path)


def _shown(drawn: Iterable[Samples], size: Size, quiet: bool) -> Iterator[Samples]:
    """The strips as they come, with a bar on a terminal."""
    with progress(size[1], "rows", quiet) as done:
        for strip in drawn:
            yield strip
            done(len(strip))


def _report(
    shot: Shot, size: Size, path: Path | None, evaluator: Evaluator, took_s: float
) -> dict[str, object]:
    return {
        "path": str(path),
        "size": size,
        "sha256": shot.sha256,
        "shot": to_text(shot),
        "backend": evaluator.name,
        "time_s": round(took_s, 3),
    }
