"""The commands that make films, and how a film is drawn to where the options ask."""

from __future__ import annotations

import sys

import click
from msgspec.structs import replace

from netart.cli.film_options import FilmOptions, easing_option, film_options
from netart.cli.groups import GroupedCommand
from netart.cli.messages import say
from netart.cli.options import NUMBER
from netart.cli.output import (
    draw_page,
    note_steps,
    save_as_text,
    warn_of_absent_runs,
    warn_of_blank_frames,
    warn_of_blank_panels,
    warn_of_flatness,
)
from netart.cli.replaced import note_replaced
from netart.cli.report import Report
from netart.cli.shot_options import Start, shot_options
from netart.draw import motion
from netart.draw.film import Film, lay_out_strip
from netart.draw.measurement import measured_film
from netart.errors import INTERRUPTED, NetartError
from netart.files.atomic import is_device
from netart.files.byte_counts import spell_bytes
from netart.files.films.film import write_film
from netart.files.films.forecast import Forecast
from netart.files.metadata import make_metadata
from netart.files.source import Source, to_toml
from netart.files.stills.plan import plan_image
from netart.net.learning.trained import Trained
from netart.pixels import Size
from netart.shot import films
from netart.shot.films import Motion
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline

LOW, HIGH = films.SCALES
LARGE_ANIMATION = 20_000_000  # bytes


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@click.option("--from", "begin", type=NUMBER, metavar="R", help="Radius at the start (the shot's).")
@click.option(
    "--to",
    "end",
    type=NUMBER,
    metavar="R",
    help=f"Radius at the end (at most {films.MAGNIFICATION} times closer).",
)
@click.option(
    "--toward", metavar="X,Y", help="Keep this point in its place; or in percent, 62%,40%."
)
@easing_option
@film_options
def zoom(
    start: Start,
    begin: float | None,
    end: float | None,
    toward: str | None,
    easing: str,
    options: FilmOptions,
) -> None:
    """Film a zoom, by equal ratios: its speed is constant to the eye.

    Where all features are swirls of one factor it closes by itself, after one factor towards 0;
    with --to or --toward it is a zoom like others.

    \b
    Examples:
      netart zoom silk
      netart zoom --features swirl:3/8/13 --layers 8x16 --radius 2 -o endless.mp4
      netart zoom tour-17 --from 40 --to 0.15 --duration 10 -o out.mp4
      netart zoom silk --toward 0.36,-0.48 --to 0.05 --strip 5 -o look.png
    """
    size = start.source.size or options.size
    moved = motion.zoom(start.shot, begin, end, toward, easing, size)
    if moved.loop == "cycle" and len(moved.tracks) > 1:
        options.report.warn("the centre is not 0: the zoom goes towards 0, where it closes")
    draw_motion(start, moved, options, "zoom")


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@click.option(
    "--from", "begin", type=NUMBER, metavar="A", help=f"Scale at the start ({LOW} × own)."
)
@click.option("--to", "end", type=NUMBER, metavar="A", help=f"Scale at the end ({HIGH} × own).")
@easing_option
@film_options
def scale(
    start: Start, begin: float | None, end: float | None, easing: str, options: FilmOptions
) -> None:
    """Film a growing weight scale: from mist through shapes to static.

    The bias scale goes with it where it is `same`.

    \b
    Examples:
      netart scale silk
      netart scale tour-11 --from 0.4 --to 0.8 --loop ping-pong -o scales.gif
    """
    draw_motion(start, films.scale(start.shot, begin, end, easing), options, "scale")


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@click.option("--from", "begin", metavar="NAME=V,…", help="Further inputs at the start.")
@click.option("--to", "end", metavar="NAME=V,…", help="The same inputs at the end.")
@click.option("--orbit", metavar="A,B=R", help="A circle through two of them instead (a,b=0.8).")
@easing_option
@film_options
def slice(
    start: Start,
    begin: str | None,
    end: str | None,
    orbit: str | None,
    easing: str,
    options: FilmOptions,
) -> None:
    """Film a cross-section through further inputs of the network, which move.

    Without options two of them go once around a circle, and two are added where there are none:
    the film begins and ends in the picture itself.

    \b
    Examples:
      netart slice silk
      netart slice cppn --from z=-1 --to z=1 --loop ping-pong -o z.mp4
      netart slice silk --orbit a,b=0.4 --duration 8 -o orbit.webm
    """
    draw_motion(start, films.slice(start.shot, begin, end, orbit, easing), options, "slice")


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@click.option(
    "--seeds", metavar="N|VALUES", help="From seed to seed: N from its own on (3), or these."
)
@easing_option
@film_options
def morph(start: Start, seeds: str | None, easing: str, options: FilmOptions) -> None:
    """Film one network turning into another, and back to the first.

    Weights go from seed to seed on a sphere, so that their variance never changes.

    \b
    Examples:
      netart morph silk
      netart morph silk --seeds 7,42,99 --easing smooth --duration 12 -o morph.mp4
      netart morph ember --seeds 1..8 --loop none -o eight.webm
      netart morph --lens curves --features x --seeds 0..48 --easing hold
    """
    closed = options.pace.loop in (None, "cycle")
    draw_motion(start, films.morph(start.shot, seeds, closed, easing), options, "morph")


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@easing_option
@film_options
def spin(start: Start, easing: str, options: FilmOptions) -> None:
    """Film one turn of the view.

    \b
    Examples:
      netart spin silk
      netart spin rose-window --duration 6 -o rose.gif --size 320x320
    """
    draw_motion(start, films.spin(start.shot, easing), options, "spin")


@click.command(cls=GroupedCommand)
@shot_options(Shot)
@easing_option
@film_options
def deepen(start: Start, easing: str, options: FilmOptions) -> None:
    """Film a walk through the layers, from the first to the last.

    Between two layers their read-outs are blended.

    \b
    Examples:
      netart deepen silk
      netart deepen tour-11 --duration 9 -o layers.mp4
    """
    draw_motion(start, films.deepen(start.shot, easing), options, "deepen")


@click.command(cls=GroupedCommand)
@shot_options(Shot, Timeline)
@film_options
def animate(start: Start, options: FilmOptions) -> None:
    """Draw a film from its timeline, or a gentle loop of any picture.

    SOURCE is a preset that is a film, a TOML file with a [timeline], or a film that netart wrote:
    it is drawn again, at any size. A single picture drifts for eight seconds and comes back.

    \b
    Examples:
      netart animate tour-20
      netart animate silk -o drift.mp4
      netart animate tour-20 --size 1920x1080 --fps 60 -o large.mp4
    """
    source = start.source
    timeline = source.document
    if not isinstance(timeline, Timeline):
        draw_motion(start, films.drift(start.shot), options, "drift", motion.DRIFT_FRAMES)
        return
    pace = options.pace.replace_in(timeline.pace)
    draw_film(replace(timeline, pace=pace), source, options)


def draw_motion(
    start: Start, moved: Motion, options: FilmOptions, suffix: str, frames: int = Pace().frames
) -> None:
    """Draws the film of a shot that moves; in a strip, which is small, two by two samples where it
    has one, that would break hairlines into dots.

    suffix: ends the film's name. frames: their number where the options say none, and the film is
    no GIF.
    """
    timeline = motion.film_of(moved, frames, None if options.strip is None else 2)
    own, side = timeline.pace, motion.SIDE
    if options.is_gif and options.encoding.max_bytes is None:  # else it is made to fit
        own, side = own.changed(fps=motion.GIF_RATE), motion.GIF_SIDE
    size = motion.film_size(timeline.shot, start.source.size, side)
    made = start.source._replace(name=f"{start.source.name}-{suffix}", size=size)
    draw_film(replace(timeline, pace=options.pace.replace_in(own)), made, options)


def draw_film(timeline: Timeline, source: Source, options: FilmOptions) -> None:
    """Writes the film, a strip of its frames, or its timeline as text, as the options ask.

    source: its name is that of a file that is given none, its size where the options name none.
    """
    if source.warning:
        options.report.warn(source.warning)
    size = options.size or source.size or motion.film_size(timeline.shot, None)
    if options.save is not None:
        save_as_text(options.save, to_toml(timeline, size=size), options.target, options.report)
        return
    _note_steps(timeline, options.report)
    measured = measured_film(timeline)
    if options.strip is not None:
        _write_strip(measured, source.name, size, options.strip, options)
    else:
        _write_frames(measured, timeline, source.name, size, options)


def _note_steps(timeline: Timeline, report: Report) -> None:
    """Says in one line what is drawn of steps that the run does not keep."""
    shot = timeline.shot
    if all(track.field != "step" for track in timeline.tracks):
        note_steps([shot], report)
    elif not report.quiet and isinstance(shot.network, Trained):
        say(
            "weights between the steps that the run keeps are blended"
            if shot.network.blend_steps
            else "of each frame's step the nearest that the run keeps is drawn"
        )


def _write_frames(
    timeline: Timeline, asked: Timeline, name: str, size: Size, options: FilmOptions
) -> None:
    """Writes the film. asked: its timeline before what is `auto` in it was measured."""
    numbers, target, report = options.numbers(timeline), options.target, options.report
    suffix = options.encoding.suffix
    encoding = options.encoding.film(f"{name}{suffix}" if target.typed is None else target.typed)
    path = target.path(name, suffix, report.as_json)
    streams = path is None or is_device(path)
    note_replaced([(path, timeline)], report)
    with options.backend.open() as evaluator:
        film = Film(timeline, size, evaluator, asked=asked)
        _check_depth(film, numbers, options)
        warn_of_flatness(timeline.shot, report)
        warn_of_blank_frames(timeline, report)
        done = 0
        with report.progress(len(numbers), "frames", evaluator) as advance:

            def count(frames: int) -> None:
                nonlocal done
                advance(frames - done)
                done = frames

            try:
                shown = write_film(
                    path or sys.stdout.buffer,
                    encoding,
                    film,
                    numbers,
                    metadata=not options.bare,
                    fresh=options.resuming.fresh,
                    allow_mixed=options.resuming.allow_mixed,
                    new=target.is_unnamed,
                    progress=count,
                    say=say,
                    foretell=None if report.quiet else _print_forecast,
                )
            except KeyboardInterrupt:
                what = f"interrupted after {done} of {len(numbers)} frames"
                if not streams:
                    what += ": the same command goes on from there"
                raise NetartError(what, INTERRUPTED) from None
    if path and not streams:
        if not options.bare:
            warn_of_absent_runs(make_metadata(timeline, size), path, report)
        report.print_result(
            path,
            size=shown.size,
            frames=shown.count,
            rate=str(shown.rate / shown.step),
            sha256=timeline.sha256,
        )


def _print_forecast(forecast: Forecast) -> None:
    """Says how large a long film becomes and how long it takes, and what else would do."""
    line = f"about {spell_bytes(forecast.size)} in {spell_seconds(forecast.seconds)}"
    if forecast.smaller and forecast.size > LARGE_ANIMATION:
        (width, height), size = forecast.smaller
        line += f"; --size {width}x{height} would be {spell_bytes(size)}; --max-bytes makes it fit"
    say(line)


def spell_seconds(seconds: float) -> str:
    """The time with one or two digits, as in `40 s`, `8 min` or `1.5 h`."""
    if seconds < 100:
        return f"{float(f'{seconds:.1g}' if seconds < 60 else f'{seconds:.2g}'):g} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{float(f'{seconds / 3600:.2g}'):g} h"


def _check_depth(film: Film, numbers: list[int], options: FilmOptions) -> None:
    """Warns of the first frame whose pixels the evaluator cannot tell apart. Raises NetartError
    unless noise is allowed.
    """
    what = film.describe_unresolved(numbers)
    if what and not options.allow_noise:
        raise NetartError(f"{what}: --allow-noise draws it all the same")
    if what:
        options.report.warn(what)


def _write_strip(
    timeline: Timeline, name: str, size: Size, count: int, options: FilmOptions
) -> None:
    """Writes `count` frames, spread over the film, side by side as one picture."""
    page, frames = lay_out_strip(timeline, size, count)
    encoding = options.encoding.still(metadata=not options.bare)
    path = options.target.path(f"{name}-strip", encoding.suffix, options.report.as_json)
    spec = plan_image(path, timeline, page.size, encoding)
    note_replaced([(path, timeline)], options.report)
    shots = ((shot, "") for shot in frames)
    with options.backend.open() as evaluator:
        blank = draw_page(page, shots, spec, evaluator, options.target.is_unnamed, options.report)
    warn_of_blank_panels(blank, options.report, "frame ")
    if path:
        options.report.print_result(path, size=page.size, frames=count, sha256=timeline.sha256)
