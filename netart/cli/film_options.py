"""The options of all commands that make films."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import click

from netart.cli.options import (
    NUMBER,
    WHOLE,
    BackendChoice,
    Resuming,
    Target,
    bits_option,
    drawing_options,
    format_option,
    max_bytes_option,
    no_metadata_option,
    option_group,
    quality_option,
    read_quality,
    report_options,
    resuming_options,
    save_option,
    size_option,
    target_option,
)
from netart.cli.report import Report
from netart.errors import NetartError
from netart.files.films.codecs import FILM_FORMATS
from netart.files.films.encoding import FilmEncoding, film_encoding
from netart.files.stills.plan import ImageEncoding
from netart.pixels import Size
from netart.shot.timeline import Pace, Timeline


class PaceOptions(NamedTuple):
    """How many frames, how fast, in which loop; None for what is not asked for."""

    frames: int | None
    duration: float | None  # in seconds
    fps: str | None
    loop: str | None

    def replace_in(self, own: Pace) -> Pace:
        """The film's own pace with what is asked for in its place. Raises NetartError."""
        return own.changed(*self)


class FilmEncodingOptions(NamedTuple):
    """How a film, or a strip of its frames, becomes a file; None for what the format chooses."""

    form: str | None
    codec: str | None
    quality: str | None
    crf: int | None
    colors: int | None
    max_bytes: int | None
    repeat: str | None
    pixels: str | None
    bits: int | None

    @property
    def suffix(self) -> str:
        """Of a film that is given no name."""
        suffixes = FILM_FORMATS[self.form].suffixes if self.form in FILM_FORMATS else (".mp4",)
        return next(iter(suffixes), "")

    def film(self, path: str) -> FilmEncoding:
        """The encoding of a film at this path; `-` is stdout. Raises NetartError."""
        repeat: Any = self.repeat  # whatever it is, the encoding checks it
        if self.repeat and re.fullmatch(r"\d{1,9}", self.repeat, re.ASCII):
            repeat = int(self.repeat)
        return film_encoding(
            path,
            self.form,
            self.codec,
            read_quality(self.quality),
            crf=self.crf,
            colors=self.colors,
            max_bytes=self.max_bytes,
            repeat=repeat,
            pixel_format=self.pixels,
            bits=self.bits,
        )

    def still(self, metadata: bool) -> ImageEncoding:
        """The encoding of a strip. Raises NetartError."""
        for name in ("crf", "colors", "repeat"):
            if getattr(self, name) is not None:
                raise NetartError(f"{name}: of films, not of a strip", field=name)
        quality = read_quality(self.quality)
        return ImageEncoding(self.form, self.bits, quality, metadata, max_bytes=self.max_bytes)


class FilmOptions(NamedTuple):
    """What is asked of a film."""

    pace: PaceOptions
    frame_range: str | None  # the frames that are drawn, from 1
    strip: int | None  # how many frames are drawn side by side, instead of a film
    size: Size | None
    target: Target
    encoding: FilmEncodingOptions
    resuming: Resuming
    allow_noise: bool  # whether to draw pixels that the evaluator cannot tell apart
    save: str | None  # where to write the timeline, instead of a film
    bare: bool  # without the timeline in the file
    report: Report
    backend: BackendChoice

    @property
    def is_gif(self) -> bool:
        """Whether a GIF is made, not a strip or a text. Raises NetartError."""
        if self.strip is not None or self.save is not None:
            return False
        unnamed = f"film{self.encoding.suffix}"
        path = unnamed if self.target.typed is None else self.target.typed
        return self.encoding.film(path).format == "gif"

    def numbers(self, timeline: Timeline) -> list[int]:
        """The numbers of the frames that are drawn. Raises NetartError."""
        if self.frame_range is None:
            return list(range(1, timeline.pace.frames + 1))
        return timeline.pace.read_numbers(self.frame_range)


_pace_options = option_group(
    "pace",
    PaceOptions,
    click.option("--frames", type=WHOLE, metavar="N", help="Number of frames (100)."),
    click.option("--duration", type=NUMBER, metavar="S", help="In seconds (4)."),
    click.option("--fps", metavar="RATE", help="Frames a second, as in 24 (25; of a GIF 20)."),
    click.option("--loop", metavar="NAME", help="none, cycle, or ping-pong: there and back."),
)

_encoding_options = option_group(
    "encoding",
    FilmEncodingOptions,
    format_option,
    click.option("--codec", metavar="NAME", help="h264, h265, av1, vp9, …"),
    quality_option,
    click.option(
        "--crf", type=WHOLE, metavar="N", help="The codec's own number instead: lower is better."
    ),
    click.option("--colors", type=WHOLE, metavar="N", help="Of a GIF: 2 to 256 (256)."),
    max_bytes_option,
    click.option("--repeat", metavar="forever|N", help="How often a GIF, APNG or WebP plays."),
    click.option("--pixels", metavar="NAME", help="Pixel format: yuv420p, yuv444p, …"),
    bits_option,
)  # fmt: skip

# Passes `options: FilmOptions`.
film_options = option_group(
    "options",
    FilmOptions,
    _pace_options,
    click.option("--frame-range", metavar="VALUES", help="These alone, as in 1..3,5,7."),
    click.option("--strip", type=WHOLE, metavar="N", help="N frames side by side, as one picture."),
    size_option("In pixels (640x640; of a GIF 360x360)."),
    target_option(
        "Output: .mp4, .gif, …, '####.png'. -: stdout."
    ),
    _encoding_options,
    resuming_options,
    click.option(
        "--allow-noise", is_flag=True,
        help="Draw also what the evaluator's numbers cannot tell apart.",
    ),
    save_option,
    no_metadata_option,
    report_options,
    drawing_options,
)  # fmt: skip

# The way from key to key; passes `easing: str`.
easing_option = click.option(
    "--easing", default="linear", metavar="NAME",
    help="linear, smooth, sine, …: netart help easings.",
)  # fmt: skip
