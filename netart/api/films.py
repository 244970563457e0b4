"""Films as Python has them: frames one after the other, which are drawn when they are asked for."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from html import escape
from io import BytesIO
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, NamedTuple
from warnings import warn

from msgspec.structs import replace

from netart.api.pages import draw_panels
from netart.api.picture import Picture, runs_beside
from netart.api.shots import NetworkSource, Progress, Source, begin, check_document
from netart.arguments import optional_text, optional_whole, real, whole, whole_or_word
from netart.draw import film as drawing
from netart.draw import motion as motions
from netart.draw.blank import blank_frames
from netart.draw.measurement import measured_film
from netart.errors import NetartError, unknown
from netart.evaluate.backend import check_backend
from netart.evaluate.numbers import Numbers, Samples
from netart.evaluate.request import Evaluator
from netart.farm.evaluator import open_here_or
from netart.files.byte_counts import read_byte_count
from netart.files.films.encoding import Repeat, film_encoding
from netart.files.films.film import write_film
from netart.files.films.fitting import describe
from netart.files.stills.spec import Quality
from netart.pixels import Size, check_size, read_size
from netart.shot import fields as field_table
from netart.shot import films
from netart.shot.films import Motion
from netart.shot.shot import Shot
from netart.shot.syntax import number
from netart.shot.timeline import Timeline

if TYPE_CHECKING:
    from distributed import Client

SHOWN_FRAMES, SHOWN_SIDE = 40, 240  # at most, of the animation in a notebook

log = logging.getLogger("netart")


class MotionKind(NamedTuple):
    """How a film is made of a shot, and which of the options of netart.film it takes."""

    make: Callable[..., Motion]
    options: tuple[str, ...] = ()
    # The field in whose values it begins and ends.
    ends: str = ""


MOTIONS = {
    "zoom": MotionKind(motions.zoom, ("from_", "to", "toward"), "radius"),
    "scale": MotionKind(films.scale, ("from_", "to"), "weight_scale"),
    "slice": MotionKind(films.slice, ("from_", "to", "orbit"), "latent"),
    "morph": MotionKind(films.morph, ("seeds",)),
    "spin": MotionKind(films.spin),
    "deepen": MotionKind(films.deepen),
    "learn": MotionKind(films.learn, ("from_", "to"), "step"),
}

# Option of netart.film → the parameter of what makes a motion.
PARAMETERS = {"from_": "begin", "to": "end"}


@dataclass(frozen=True, eq=False)
class Film:
    """A film, whose frames are drawn when they are asked for.

    `for frame in film:` gives (height, width, 3) uint8 arrays, display sRGB, row 0 on top;
    `film[k]` is the shot of frame k, counted from 1; `film.save("a.mp4")` writes the film,
    `film.strip(6)` draws six frames side by side, and in a notebook a small copy of it is shown.
    Threads and the GPU are held only while it is drawn.
    """

    # What moves, as data: as it was asked for, before contrast that is `auto` or `eased` is
    # measured.
    timeline: Timeline
    # Width and height in pixels.
    size: Size
    backend: str = field(default="auto", kw_only=True)
    device: int | None = field(default=None, kw_only=True)
    # As in netart.render.
    farm: Client | None = field(default=None, kw_only=True)
    farm_mixed: bool = field(default=False, kw_only=True)
    # Whether frames are drawn whose pixels the evaluator cannot tell apart.
    allow_noise: bool = field(default=False, kw_only=True)

    def __len__(self) -> int:
        return self.timeline.pace.frames

    def __getitem__(self, number: int) -> Shot:
        """The shot of a frame, counted from 1. Raises NetartError if there is none."""
        return self._measured.frame(whole("frame", number))

    def __iter__(self) -> Iterator[Samples]:
        numbers = Numbers("u1", dither=self.timeline.shot.look.dither)
        with self._drawing(self._numbers(None)) as film:
            yield from film.draw((frame, numbers) for frame in film.frames)

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.timeline.pace.rate)

    @property
    def duration(self) -> float:
        """How long it is, in seconds."""
        return float(self.timeline.pace.duration)

    def save(
        self,
        path: str | PathLike[str],
        *,
        codec: str | None = None,
        quality: Quality | None = None,
        crf: int | None = None,
        colors: int | None = None,
        bits: int | None = None,
        pixels: str | None = None,
        max_bytes: int | str | None = None,
        repeat: Repeat | None = None,
        metadata: bool = True,
        fresh: bool = False,
        allow_mixed: bool = False,
        frame_range: str | Iterable[int] | None = None,
        progress: Progress | None = None,
    ) -> str | None:
        """Writes the film as the suffix says: .mp4, .webm, .mov, .mkv, .gif, .apng, .webp, or
        numbered pictures as in `"####.png"`.

        A film that is interrupted goes on where it stopped when the same is saved again, and ends
        in the same bytes; what it has is in a hidden folder beside the path until then.
        codec, quality, crf, colors, bits (a channel), pixels (the pixel format), max_bytes, repeat:
        as the command line's options; unset, the format chooses. Where max_bytes is given, what the
        film came to is returned in words: colours or quality, size and frames a second.
        metadata: whether the file carries its timeline. fresh: starts over. allow_mixed: goes on
        also with what another machine or version has drawn. frame_range: the frames that are
        written, as in "1..10" or [1, 5].
        progress: is called with the number of frames that are done, and of all.
        Warns of a film of one colour, and of runs that are not beside it. Raises NetartError.
        """
        encoding = film_encoding(
            fspath(path), None, codec, whole_or_word("quality", quality),
            crf=optional_whole("crf", crf), colors=optional_whole("colors", colors),
            bits=optional_whole("bits", bits), pixel_format=pixels,
            repeat=whole_or_word("repeat", repeat),
            max_bytes=None if max_bytes is None else read_byte_count(max_bytes),
        )  # fmt: skip

        numbers = self._numbers(frame_range)

        def count(done: int) -> None:
            if progress:
                progress(done, len(numbers))

        if blank := blank_frames(self._measured):
            (t, found), *_ = blank
            warn(f"the film is of one colour at {t:.0%}: {found.describe()}", stacklevel=2)
        with self._drawing(numbers) as film:
            written = write_film(
                path, encoding, film, numbers, metadata=metadata, fresh=fresh,
                allow_mixed=allow_mixed, progress=count, say=log.info,
            )  # fmt: skip
        if metadata and (absent := runs_beside(path, self.timeline, self.size)):
            warn(f"{fspath(path)} opens again only beside {absent}", stacklevel=2)
        return describe(encoding.format, written) if encoding.max_bytes else None

    def __repr__(self) -> str:
        width, height = self.size
        return f"<Film {width}x{height}, {len(self)} frames, {self.duration:g} s>"

    def _repr_html_(self) -> str:
        """What a notebook shows: all of the film in few and small frames."""
        pace, largest = self.timeline.pace, max(self.size)
        count = min(len(self), SHOWN_FRAMES)
        rate = str((count / pace.duration).limit_denominator(1000))
        small = Film(
            replace(self._measured, pace=replace(pace, frames=count, rate=rate)),
            (
                max(2, self.size[0] * SHOWN_SIDE // max(largest, SHOWN_SIDE)),
                max(2, self.size[1] * SHOWN_SIDE // max(largest, SHOWN_SIDE)),
            ),
            backend=self.backend,
            device=self.device,
            farm=self.farm,
            farm_mixed=self.farm_mixed,
            allow_noise=True,
        )
        file = BytesIO()
        with small._drawing(small._numbers(None)) as film:
            write_film(file, film_encoding("-", "webp"), film, metadata=False)
        data = b64encode(file.getvalue()).decode()
        return f'<img alt="{escape(repr(self))}" src="data:image/webp;base64,{data}">'

    def strip(self, count: int, *, progress: Progress | None = None) -> Picture:
        """So many frames, 1 to 100, spread over the film, side by side as one picture. In
        small ones `samples=2` of the film keeps thin lines whole, as the command does by itself.

        progress: is called with the frames that are done, and with all of them. Warns of frames of
        one colour. Raises NetartError.
        """
        page, frames = drawing.lay_out_strip(self._measured, self.size, whole("strip", count))
        panels = [(shot, "") for shot in frames]
        with self._open() as evaluator:
            pixels, blank = draw_panels(page, panels, evaluator, progress)
        if words := blank.describe(kind="frame "):
            warn(words, stacklevel=2)
        return Picture(self._measured, pixels)

    def _numbers(self, listed: str | Iterable[int] | None) -> Sequence[int]:
        """The numbers of the listed frames, from 1; None for all. Raises NetartError."""
        if listed is None:
            return range(1, len(self) + 1)
        if not isinstance(listed, (str, Iterable)):
            message = f"frame_range {listed!r}: write a text, as in '1..10', or a list of numbers"
            raise NetartError(message, field="frame_range")
        text = listed if isinstance(listed, str) else ",".join(map(str, listed))
        return self.timeline.pace.read_numbers(text)

    @cached_property
    def _measured(self) -> Timeline:
        """The timeline with numbers for what is `auto` or `eased`."""
        return measured_film(self.timeline)

    def _open(self) -> AbstractContextManager[Evaluator]:
        return open_here_or(self.farm, self.backend, self.device, self.farm_mixed)

    @contextmanager
    def _drawing(self, numbers: Sequence[int]) -> Iterator[drawing.Film]:
        """The film with an evaluator that is closed at the end. Raises NetartError for those of the
        frames whose pixels it cannot tell apart.
        """
        timeline = self._measured
        with self._open() as evaluator:
            film = drawing.Film(timeline, self.size, evaluator, asked=self.timeline)
            if not self.allow_noise and (what := film.describe_unresolved(numbers)):
                raise NetartError(f"{what}: allow_noise=True draws it all the same")
            yield film


def film(
    source: Source | Timeline | None = None,
    motion: str | None = None,
    size: int | str | Size | None = None,
    *,
    from_: Any = None,
    to: Any = None,
    toward: Any = None,
    seeds: Any = None,
    orbit: str | None = None,
    easing: str | None = None,
    frames: int | None = None,
    duration: float | None = None,
    fps: float | Fraction | str | None = None,
    loop: str | None = None,
    allow_noise: bool = False,
    backend: str = "auto",
    device: int | None = None,
    farm: Client | None = None,
    farm_mixed: bool = False,
    network: NetworkSource | None = None,
    show_data: bool = False,
    **fields: Any,
) -> Film:
    """A film of a shot that moves: `netart.film("silk", "zoom", to=0.05).save("zoom.mp4")`.

    source, network, show_data, fields: as in netart.new; without a motion the source may be a film
    too, a preset, a file or a Timeline, and a single shot drifts gently and comes back.
    motion, with the options that it takes beside easing, all of them as those of the command line:
    zoom: from_ and to (radii), toward (a point X,Y that stays in its place);
    scale: from_ and to (weight scales);
    slice: from_ and to (latents, as in {"z": -1}), or orbit, as in "a,b=0.8";
    morph: seeds, as in [7, 42, 99] or "1..8";
    spin and deepen: none;
    learn, of a run: from_ and to (steps).
    easing: linear, smooth, in, out, sine, or bezier:x1,y1,x2,y2.
    size: in pixels: a number (a square), (width, height), or a name, as in "1080p"; None for the
    source's own, or 640. frames, duration in seconds, fps: how long and how fast; loop: none,
    cycle, or ping-pong; None for what the motion suits, or the film has.
    allow_noise: draws also frames whose pixels the evaluator cannot tell apart.
    backend, device, farm, farm_mixed: as in netart.render. Raises NetartError.
    """
    check_backend(backend, device)
    for name, value in (("motion", motion), ("orbit", orbit), ("easing", easing), ("loop", loop)):
        optional_text(name, value)
    given = {"from_": from_, "to": to, "toward": toward, "seeds": seeds, "orbit": orbit}
    options = {name: value for name, value in given.items() if value is not None}
    if easing is not None:
        options["easing"] = easing
    typed = None if size is None else read_size(size)
    for name in fields:
        if name.partition(".")[0] not in field_table.FIELDS:
            raise unknown("field", name, (*field_table.FIELDS, *given))
    begun = begin(source, fields, network, show_data, (Shot, Timeline), fresh={}, size=typed).source
    document, own_size = begun.document, None
    if motion is not None:
        check_document(begun, source, (Shot,))
        shown = begun.size or typed
        timeline = motions.film_of(_motion(motion, begun.shot, options, loop, shown))
    elif options:
        raise NetartError(f"{next(iter(options))}: of which motion? One of {', '.join(MOTIONS)}")
    elif isinstance(document, Timeline):
        timeline, own_size = document, begun.size
    else:
        timeline = motions.film_of(films.drift(begun.shot), motions.DRIFT_FRAMES)
    rate = fps if fps is None or isinstance(fps, str) else str(fps)
    seconds = None if duration is None else real("duration", duration)
    pace = timeline.pace.changed(optional_whole("frames", frames), seconds, rate, loop)
    own = own_size or motions.film_size(timeline.shot, begun.size)
    drawn = typed or own
    check_size(drawn)
    return Film(
        replace(timeline, pace=pace),
        drawn,
        backend=backend,
        device=device,
        farm=farm,
        farm_mixed=farm_mixed,
        allow_noise=allow_noise,
    )


def _motion(
    name: str, shot: Shot, options: Mapping[str, Any], loop: str | None, size: Size | None
) -> Motion:
    """The motion of this name with its options. Raises NetartError for those of others.

    loop: that is asked for. size: of the shot's picture, in which a place may be told in percent.
    """
    if name not in MOTIONS:
        raise unknown("motion", name, MOTIONS)
    kind = MOTIONS[name]
    for option in options:
        if option not in (*kind.options, "easing"):
            takes = ", ".join((*kind.options, "easing"))
            raise NetartError(f"{option}: has no meaning with {name}, which takes {takes}")
    # What each option is written as: the field whose values it takes.
    written = {"from_": kind.ends, "to": kind.ends, "toward": "center"}
    values: dict[str, Any] = {}
    for option, value in options.items():
        if option in written:
            value = _text(written[option], value)
            if written[option] not in ("latent", "center"):
                value = _number(option, value)
        elif option == "seeds":
            # A comma behind the last: one seed alone would say how many.
            listed = isinstance(value, Iterable) and not isinstance(value, str)
            value = ",".join([*map(str, value), ""]) if listed else str(value)
        values[PARAMETERS.get(option, option)] = value
    if name == "zoom":
        values["size"] = size
    if name == "morph":
        values["closed"] = loop in (None, "cycle")
    try:
        return kind.make(shot, **values)
    except NetartError as error:
        if "from" not in (error.field, error.hint):
            raise
        text = str(error)
        if error.field == "from":
            text = f"from_{text.removeprefix('from')}"
        raise NetartError(f"{text}_" if error.hint == "from" else text) from None


def _text(name: str, value: Any) -> str:
    """The text of a value that is written as the field of this name."""
    return field_table.texts_of_values({name: value})[name]


def _number(option: str, text: str) -> float:
    """The number that the text of an option is. Raises NetartError."""
    try:
        return number(text)
    except NetartError as error:
        raise error.at(f"{option} {text!r}") from None
