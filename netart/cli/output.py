"""Where pictures go, and what is said of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from netart.cli.messages import warn
from netart.cli.progress import progress
from netart.draw.sheet import Page, page_strips
from netart.errors import MACHINE, NetartError, unknown
from netart.evaluate.numbers import Draw, convert
from netart.evaluate.precision import VISIBLE, visibly_wrong
from netart.evaluate.request import Evaluator
from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.stills.image import stream_picture, write_picture
from netart.files.stills.plan import ImageEncoding
from netart.files.stills.spec import ImageSpec
from netart.lens import preview
from netart.pixels import Size
from netart.shot.document import Document
from netart.shot.shot import Shot

NOISY = 0.005  # share of visibly wrong pixels that is worth a warning


def chosen_path(target: str | None, name: str, suffix: str, as_json: bool = False) -> Path | None:
    """What -o says, by default a free name; None for stdout. Raises NetartError."""
    if target == "-":
        if as_json:
            raise NetartError("--json with -o -: stdout carries the picture")
        if sys.stdout is None:
            raise NetartError("-o -: stdout is closed", MACHINE)
        if sys.stdout.isatty():
            raise NetartError("-o -: a picture would spoil the terminal: redirect it to a file")
        return None
    if target is not None:
        return Path(target)
    return free_name(name, suffix)


def deliver(
    path: Path | None,
    document: Document,
    size: Size,
    draw: Draw,
    encoding: ImageEncoding,
    fresh: bool,
) -> None:
    """Draws a picture to the path, or to stdout. fresh: the name is of our own choice."""
    if path:
        write_picture(path, document, size, draw, encoding, fresh)
    else:
        stream_picture(sys.stdout.buffer, document, size, draw, encoding)
        sys.stdout.buffer.flush()


def draw_page(
    page: Page,
    panels: Iterable[tuple[Shot, str]],
    document: Document,
    path: Path | None,
    encoding: ImageEncoding,
    evaluator: Evaluator,
    fresh: bool,
    quiet: bool,
) -> None:
    """Draws a page of shots to the path, or to stdout. document: what the file carries."""
    with progress(page.columns * page.rows, "panels", quiet) as done:
        draw = convert(page_strips(page, panels, evaluator, done))
        deliver(path, document, page.size, draw, encoding, fresh)


def save_text(path: Path, text: str) -> Path:
    """Writes a file to edit, which must be called .toml. Raises NetartError."""
    if path.suffix != ".toml":
        raise unknown("suffix", path.suffix or path.name, [".toml"]).at(str(path))
    check_target(path)
    with write_atomically(path) as file:
        file.write(text.encode())
    return path


def warn_of_noise(shot: Shot, evaluator: Evaluator) -> None:
    """Says where float32 cannot hold the shot's network."""
    if evaluator.name == "reference":
        return
    share = visibly_wrong(partial(preview, shot))
    if share > NOISY:
        warn(
            f"float32 cannot hold this network: {share:.1%} of the pixels are off by more than "
            f"{VISIBLE * 255:.0f}/255; --backend reference draws it right"
        )


def warn_of_absent_weights(spec: ImageSpec, path: Path | None) -> None:
    """Large explicit weights are not in the picture: they must stand beside it."""
    file = spec.metadata.weights_file if spec.metadata else ""
    if path and file and not (path.parent / file).exists():
        warn(
            f"{path} opens again only beside {file}, which `netart network --as-given -o {file}` "
            "writes from the same SOURCE"
        )
