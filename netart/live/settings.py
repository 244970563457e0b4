"""What the command line asks of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from netart.files.source import Base
from netart.files.stills.plan import ImageEncoding
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


class Settings(NamedTuple):
    """What the command line asks of the window, all the time that it is open."""

    # The command line that draws a shot in this size. The base is what was opened: its name as it
    # was given, and its shot. Raises NetartError where no command line can say it.
    render_command: Callable[[Shot, Size, Base | None], str]
    # The command line that draws a film's text into a file.
    animate_command: Callable[[Path, Path], str]
    base: Base | None = None
    film: Timeline | None = None  # of SOURCE, where it is one
    follow: Path | None = None  # the file of SOURCE, a run that grows
    measures: bool = True  # whether contrast is measured again when it has grown
    still: Size | None = None  # of saved stills in pixels; None: the window's own
    encoding: ImageEncoding = ImageEncoding()  # of saved stills
    backend: str = "auto"  # as asked for
    glide: bool = True  # whether the view moves to where it is sent, or jumps
    timings: bool = False  # whether to say on stderr how long answers to input take
