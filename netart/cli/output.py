"""Where pictures go, and what is said of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from netart.errors import MACHINE, NetartError
from netart.evaluate.request import Pixels, Size
from netart.shot.subject import Subject
from netart.write.atomic import free_name
from netart.write.image import FORMATS, Encoding, stream_picture, write_picture
from netart.write.still import Still


def chosen_path(target: str | None, name: str, encoding: Encoding) -> Path | None:
    """What -o says, by default a free name; None for stdout. Raises NetartError."""
    if target == "-":
        if sys.stdout is None:
            raise NetartError("-o -: stdout is closed", MACHINE)
        if sys.stdout.isatty():
            raise NetartError("-o -: a picture would spoil the terminal: redirect it to a file")
        return None
    if target is not None:
        return Path(target)
    return free_name(name, FORMATS[encoding.format or "png"].suffixes[0])


def deliver(
    path: Path | None,
    subject: Subject,
    size: Size,
    strips: Iterable[Pixels],
    encoding: Encoding,
    fresh: bool,
) -> None:
    """Writes the strips to the path, or to stdout. fresh: the name is of our own choice."""
    if path:
        write_picture(path, subject, size, strips, encoding, fresh)
    else:
        stream_picture(sys.stdout.buffer, subject, size, strips, encoding)
        sys.stdout.buffer.flush()


def warn_of_absent_weights(still: Still, path: Path) -> None:
    """Large explicit weights are not in the picture: they must stand beside it."""
    file = still.note.file if still.note else ""
    if file and not (path.parent / file).exists():
        click.echo(
            f"netart: warning: {path} opens again only beside {file}, which "
            f"`netart network --as-given -o {file}` writes from the same SOURCE",
            err=True,
        )
