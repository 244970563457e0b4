"""Encodes frames as video, joins segments and decodes them, by libav."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from netart.errors import MACHINE, NetartError
from netart.evaluate.numbers import Numbers, Samples
from netart.files.atomic import report_os_errors
from netart.files.films.codecs import CODECS, FILM_FORMATS, Codec
from netart.files.films.encoding import FilmEncoding
from netart.pixels import Size

if TYPE_CHECKING:
    from av import Packet, VideoFrame, VideoStream
    from av.container import OutputContainer

Frame = NDArray[np.uint8]  # (height, width, 3): what decoders give

BITEXACT = {"fflags": "+bitexact"}  # no versions, no random numbers
# Pixels on a side: where a frame is one such block wide, x265 reads what it has not written, and no
# two runs give the same bytes.
X265_BLOCK = 64
# libav's numbers: BT.709's matrix, primaries and transfer; no matrix; ranges.
BT709, RGB, LIMITED, FULL = 1, 0, 1, 2


@dataclass(frozen=True)
class FilmSpec:
    """All about a film's file but its frames and its metadata."""

    name: str  # of the file, for messages
    encoding: FilmEncoding  # with nothing unset
    size: Size
    rate: Fraction  # frames per second
    count: int  # of frames
    dither: bool = False  # levels of 8 bits

    @property
    def codec(self) -> Codec:
        """The segments' codec: FFV1 where libav does not write the film itself."""
        codec = CODECS[self.encoding.codec]
        return codec if codec.encoder else CODECS["ffv1"]

    @property
    def pixel_format(self) -> str:
        """What the segments' encoder is given."""
        codec = CODECS[self.encoding.codec]
        return str(self.encoding.pixel_format) if codec.encoder else self.codec.pixel_formats[0]

    @property
    def container(self) -> str:
        """libav's name for the segments' container."""
        return FILM_FORMATS[self.encoding.format].container or "matroska"

    @property
    def options(self) -> dict[str, str]:
        """The encoder's. The bytes of some depend on the number of threads: it is pinned."""
        options = dict(self.codec.options) | {"flags": "+bitexact", "threads": "4"}
        if self.encoding.crf is not None:
            options["crf"] = str(self.encoding.crf)
        if self.codec.name == "h265" and self.size[0] <= X265_BLOCK:
            options["x265-params"] += f":ctu={X265_BLOCK // 2}"
        return options

    @property
    def numbers(self) -> Numbers:
        """What encoders are given: 8 bits, or 16 where the film has more than 8."""
        if self.encoding.bits == 8:
            return Numbers("u1", dither=self.dither)
        # swscale takes 255·256 for white when it leaves RGB.
        return Numbers("u2") if self.encoding.bits == 16 else Numbers("u2", 255 * 256)

    @property
    def segment(self) -> int:
        """Frames in a segment: each begins with a whole picture, so short ones cost size where
        frames are coded by the one before. Raw, they take up to 2 GB, unless they are beyond 8K.
        """
        width, height = self.size
        return min(25 if self.codec.intra else 100, max(16, (1 << 29) // (width * height)))


def encode(path: Path, film: FilmSpec, frames: Iterable[Samples]) -> None:
    """Writes a segment. Raises NetartError for what the disk or the encoder refuses."""
    import av

    # SVT-AV1 speaks to stderr, past libav, also where a film is interrupted; 0 leaves only what
    # ends the process.
    os.environ.setdefault("SVT_LOG", "0")
    width, height = film.size
    with report_libav_errors(film), av.open(str(path), "w", film.container, BITEXACT) as out:
        sides: dict[str, Any] = {"width": width, "height": height, "pix_fmt": film.pixel_format}
        made = out.add_stream(str(film.codec.encoder), film.rate, film.options, **sides)
        stream = cast("VideoStream", made)
        context = stream.codec_context
        context.time_base = 1 / film.rate
        context.color_primaries = context.color_trc = BT709
        context.colorspace, context.color_range = _matrix(film)
        if film.codec.tag:
            context.codec_tag = film.codec.tag
        count = 0
        for count, frame in enumerate(frames, 1):
            out.mux(stream.encode(_convert(frame, film, count - 1)))
        out.mux(stream.encode(None))
    _check_written(path, film, count)


def _matrix(film: FilmSpec) -> tuple[int, int]:
    """libav's numbers of the film's matrix and range."""
    yuv = film.pixel_format.startswith("yuv")
    return (BT709, LIMITED) if yuv else (RGB, FULL)


def _convert(frame: Samples, film: FilmSpec, number: int) -> VideoFrame:
    """The frame as the encoder takes it. swscale's own matrix would be that of BT.601."""
    from av import VideoFrame
    from av.video.reformatter import Interpolation

    given = VideoFrame.from_ndarray(frame, "rgb24" if frame.dtype == np.uint8 else "rgb48le")
    taken = given.reformat(
        format=film.pixel_format,
        interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT,
        src_color_range=FULL,
        dst_colorspace=BT709,
        dst_color_range=_matrix(film)[1],
    )
    taken.color_primaries = taken.color_trc = BT709  # ProRes has them in each frame
    taken.pts, taken.time_base = number, 1 / film.rate
    return taken


def join(out: Path | IO[bytes], film: FilmSpec, segments: Iterable[Path], metadata: str) -> None:
    """Puts the segments' packets into one file or stream, without encoding them again.

    metadata: the text that becomes its comment, empty for none. Raises NetartError for what the
    disk refuses.
    """
    import av

    options = BITEXACT | _clock(film)
    # A file object of Python's own fails twice, the second time without a reason.
    place = str(out) if isinstance(out, Path) else f"pipe:{out.fileno()}"
    with report_libav_errors(film), av.open(place, "w", film.container, options) as joined:
        if metadata:
            joined.metadata["comment"] = metadata
        stream: VideoStream | None = None
        for index, path in enumerate(segments):
            with av.open(str(path), format=film.container) as segment:
                template = segment.streams.video[0]
                stream = stream or _add_stream(joined, template, film.rate)
                packets = (packet for packet in segment.demux(template) if packet.size)
                for packet in packets:
                    _set_time(packet, index * film.segment, film.rate)
                    packet.stream = stream
                    joined.mux(packet)
    if isinstance(out, Path):
        _check_written(out, film, film.count)


def _check_written(path: Path, film: FilmSpec, count: int) -> None:
    """Raises NetartError unless the file holds so many frames: libav does not tell of all that
    fails, of going back in a file, say.
    """
    with report_libav_errors(film):
        if not holds_frames(film, count, path):
            raise NetartError(f"{film.name}: what was written cannot be read again", MACHINE)


def _add_stream(out: OutputContainer, template: VideoStream, rate: Fraction) -> VideoStream:
    """A stream of the joined film, for packets that are coded as the template's."""
    # opaque: an encoder of the codec's own name, AV1's say, may not exist.
    stream = out.add_stream_from_template(template, opaque=True)
    stream.time_base, stream.codec_context.framerate = 1 / rate, rate
    stream.codec_context.codec_tag = template.codec_context.codec_tag
    return stream


def _clock(film: FilmSpec) -> dict[str, str]:
    """Options for exact durations, and for films that play while they load."""
    if film.container not in ("mp4", "mov"):
        return {}
    scale = film.rate.numerator
    return {"movflags": "+faststart", "movie_timescale": str(scale * ceil(1000 / scale))}


def _set_time(packet: Packet[VideoStream], start: int, rate: Fraction) -> None:
    """Gives a segment's packet its time in the film, in frames. start: those before the segment.

    Rounded, since Matroska tells times in 1/1000 s.
    """
    shown = round((packet.pts or 0) * packet.time_base * rate)
    coded = shown if packet.dts is None else round(packet.dts * packet.time_base * rate)
    packet.pts, packet.dts, packet.duration = start + shown, start + coded, 1
    packet.time_base = 1 / rate


def decode(film: FilmSpec, segments: Iterable[Path]) -> Iterator[Frame]:
    """The frames of lossless segments. Raises NetartError."""
    import av

    for path in segments:
        with report_libav_errors(film), av.open(str(path), format=film.container) as source:
            for frame in source.decode(video=0):
                yield cast("Frame", frame.to_ndarray(format="rgb24"))


def packet_sizes(film: FilmSpec, segment: Path) -> list[int]:
    """The bytes of each frame of a segment, in the order in which they are coded. Raises
    NetartError.
    """
    import av

    with report_libav_errors(film), av.open(str(segment), format=film.container) as file:
        return [packet.size for packet in file.demux(file.streams.video[0]) if packet.size]


def holds_frames(film: FilmSpec, count: int, path: Path) -> bool:
    """Whether the file is a segment of the film, or all of it, of so many frames.

    Raises OSError.
    """
    import av

    try:
        with av.open(str(path), format=film.container) as file:
            if len(file.streams) != 1 or len(file.streams.video) != 1:
                return False
            stream = file.streams.video[0]
            context = stream.codec_context
            return (
                context.codec.id == av.Codec(str(film.codec.encoder), "w").id
                and (context.width, context.height) == film.size
                and sum(packet.size > 0 for packet in file.demux(stream)) == count
            )
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        return False


@contextmanager
def report_libav_errors(film: FilmSpec) -> Iterator[None]:
    """Turns an OSError or an error of libav into a NetartError that names the film."""
    import av

    with report_os_errors(film.name):
        try:
            yield
        except av.FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise NetartError(
                f"{film.name}: the encoder failed: {error.strerror}", MACHINE
            ) from error
