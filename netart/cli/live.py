"""The command `netart live`, which opens the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from netart.cli.command_line import animate_command, render_command
from netart.cli.groups import GroupedCommand
from netart.cli.messages import warn
from netart.cli.options import BackendChoice, backend_options, encoding_options, size_option
from netart.cli.shot_options import Start, shot_options
from netart.errors import NetartError
from netart.evaluate.backend import AUTO
from netart.files.source import read_source
from netart.files.stills.plan import ImageEncoding
from netart.live.history import History
from netart.live.preparation import prepare
from netart.live.session import (
    MAX_SIDE,
    Session,
    load_session,
    save_session,
    session_folder,
    set_aside_session,
)
from netart.live.settings import Settings
from netart.net.learning.data import PointData
from netart.net.learning.trained import Trained
from netart.pixels import Size, check_size
from netart.shot.fields import apply
from netart.shot.run_shot import rows_of_points
from netart.shot.run_text import RUN_SUFFIX
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline


@click.command(cls=GroupedCommand)
@shot_options(Shot, Timeline)
@size_option("Of the window's picture, in pixels (1280x720).")
@size_option("Of saved stills (the window's).", "--still")
@click.option("--no-glide", is_flag=True, help="The view jumps instead of gliding.")
@click.option("--fresh", is_flag=True, help="Do not go on with the last session.")
@click.option("--follow", is_flag=True, help="Of a run: show its newest step as it trains.")
@click.option("--timings", is_flag=True, help="Say on stderr how long each answer takes.")
@encoding_options
@backend_options
def live(
    start: Start,
    size: Size | None,
    still: Size | None,
    no_glide: bool,
    fresh: bool,
    follow: bool,
    timings: bool,
    encoding: ImageEncoding,
    backend: BackendChoice,
) -> None:
    """Open a window and fly through a network.

    SOURCE is what `netart render` takes, or a film. What an editor saves in a SOURCE that is TOML
    comes on screen. Without SOURCE and options of a shot the last session goes on. Stills, films
    and texts are written into the current folder; --format says what stills are. `netart help keys`
    lists keys and mouse.

    \b
    Examples:
      netart live
      netart live silk
      netart live lava --size 800x800
      netart live --layers 27x30 --seed random --fresh
      netart live ember --still 3840x2160 --format tiff --bits 16
      netart live ring.run --lens warp
      netart live ring.run --follow
    """
    source = start.source
    if source.warning:
        warn(source.warning)
    if backend.device is not None:
        raise NetartError("--device: the window draws on the GPU of its display")
    for asked in filter(None, (size, still)):
        check_size(asked)
    if size and max(size) > MAX_SIDE:
        raise NetartError(f"--size {size[0]}x{size[1]}: sides of a window go up to {MAX_SIDE:,}")
    history, last = History(prepare(source.shot)), None if fresh else _load_last()
    if last and start.is_default:
        history, size = History(last.shot, favourites=last.favourites), size or last.size
    elif size is None and source.size and max(source.size) <= MAX_SIDE:
        size = source.size
    settings = Settings(
        render_command=partial(render_command, backend=backend.name),
        animate_command=animate_command,
        base=start.base,
        film=source.document if isinstance(source.document, Timeline) else None,
        follow=_run_file(start) if follow else None,
        measures=not isinstance(source.shot.look.contrast, tuple),
        still=still,
        encoding=encoding,
        backend=backend.name,
        glide=not no_glide,
        timings=timings,
    )
    _open_window(history, size, settings, None if start.is_default else last)


def show_training(path: Path) -> None:
    """Opens the window on a run that another process trains, until the user closes it. Points that
    it learns are shown.
    """
    shot, words = read_source(path).shot, [str(path)]
    assert isinstance(shot.network, Trained)
    if isinstance(shot.network.drawn.data, PointData):
        shot = apply(shot, {"points": rows_of_points(shot.network.drawn)})
        words.append("--show-data")
    settings = Settings(
        render_command=partial(render_command, backend=AUTO),
        animate_command=animate_command,
        base=(tuple(words), shot),
        follow=path,
    )
    _open_window(History(prepare(shot)), None, settings, _load_last())


def _open_window(
    history: History, size: Size | None, settings: Settings, other: Session | None
) -> None:
    """Opens the window until it is closed, and keeps its session together with the favourites of
    another one that it did not continue.
    """
    from netart.live.window import LiveWindow

    window = LiveWindow(history, size, settings)
    try:
        window.run()
    finally:
        _remember(window.session, other)


def _run_file(start: Start) -> Path:
    """The file of the run that SOURCE is. Raises NetartError."""
    path = Path(start.base[0][0] if start.base else "")
    if path.suffix != RUN_SUFFIX:
        name, _, _ = path.name.rpartition("@")
        path = path.with_name(name) if name else path
    if path.suffix != RUN_SUFFIX or not isinstance(start.shot.network, Trained):
        raise NetartError("--follow: SOURCE must be a run, as netart train writes them")
    return path


def _load_last() -> Session | None:
    """The last session; one that cannot be read is set aside, with a warning."""
    where = session_folder()
    try:
        return load_session(where)
    except NetartError as error:
        warn(f"{error}: set aside as {set_aside_session(where)}")
        return None


def _remember(session: Session, other: Session | None) -> None:
    """Saves the session, together with the favourites of another one that it did not continue."""
    kept = other.favourites if other else ()
    new = tuple(shot for shot in session.favourites if shot not in kept)
    try:
        save_session(session._replace(favourites=(*kept, *new)), session_folder())
    except NetartError as error:
        warn(f"the session is not kept: {error}")
