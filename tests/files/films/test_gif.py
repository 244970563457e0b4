"""The colours of a GIF, against those that Pillow and ffmpeg choose."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from netart.evaluate.cpu import Cpu
from netart.files.films.gif import _nearest
from netart.files.source import read_source
from netart.shot.document import shot_of
from tests.films import write
from tests.shots import drawn, shot

SIZE, COUNT = (160, 120), 12


def quantised(pixels: np.ndarray) -> np.ndarray:
    """[0, 1] to 0 … 255, rounded."""
    return (pixels * 255 + 0.5).astype(np.uint8)


def netart_film(cpu: Cpu, name: str) -> list[np.ndarray]:
    """A zoom by a factor of 2."""
    base = shot_of(read_source(name).document)
    radii = float(base.view.radius or 1) * 0.5 ** np.linspace(0, 1, COUNT)
    shots = (shot(base, radius=repr(float(radius))) for radius in radii)
    return [quantised(drawn(cpu, one, SIZE)) for one in shots]


def by_netart(folder: Path, frames: list[np.ndarray]) -> bytes:
    def frame(number: int) -> np.ndarray:
        return (frames[number - 1] / 255).astype(np.float32)

    return write(folder / "a.gif", SIZE, len(frames), make=frame, text="").read_bytes()


def by_pillow(frames: list[np.ndarray]) -> bytes:
    first, *rest = map(Image.fromarray, frames)
    file = io.BytesIO()
    first.save(file, "GIF", save_all=True, append_images=rest, duration=40, loop=0)
    return file.getvalue()


def by_ffmpeg(frames: list[np.ndarray]) -> bytes:
    """palettegen and paletteuse, as they are by default."""
    tick, (width, height) = Fraction(1, 25), SIZE
    whole = {"width": width, "height": height, "format": "rgb24", "time_base": tick}
    graph = av.filter.Graph()
    source, end = graph.add_buffer(**whole), graph.add("buffersink")
    graph.link_nodes(source, graph.add("palettegen"), end).configure()
    for picture in pictures(frames):
        source.push(picture)
    source.push(None)
    palette = end.pull()
    palette.pts = 0

    graph = av.filter.Graph()
    source = graph.add_buffer(**whole)
    table = graph.add_buffer(width=16, height=16, format=palette.format.name, time_base=tick)
    use, end = graph.add("paletteuse"), graph.add("buffersink")
    source.link_to(use, 0, 0)
    table.link_to(use, 0, 1)
    use.link_to(end)
    graph.configure()
    for one, picture in ((table, palette), (table, None), *((source, p) for p in pictures(frames))):
        one.push(picture)
    source.push(None)
    file = io.BytesIO()
    with av.open(file, "w", "gif") as out:
        stream = out.add_stream("gif", 25, width=width, height=height, pix_fmt="pal8")
        for _ in frames:
            shown = end.pull()
            shown.time_base = tick
            out.mux(stream.encode(shown))
        out.mux(stream.encode(None))
    return file.getvalue()


def pictures(frames: list[np.ndarray]) -> Iterator[av.VideoFrame]:
    for number, frame in enumerate(frames):
        picture = av.VideoFrame.from_ndarray(frame, "rgb24")
        picture.pts, picture.time_base = number, Fraction(1, 25)
        yield picture


def quality(gif: bytes, frames: list[np.ndarray]) -> float:
    """PSNR in dB."""
    with Image.open(io.BytesIO(gif)) as image:
        shown = [np.asarray(one.convert("RGB")) for one in ImageSequence.Iterator(image)]
    error = np.mean(np.square(np.subtract(shown, frames, dtype=np.float64)))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["silk", *(pytest.param(one, marks=pytest.mark.long) for one in ("tour-11", "nebula"))]
)
def test_better_than_pillow_and_ffmpeg(tmp_path: Path, cpu: Cpu, name: str) -> None:
    frames = netart_film(cpu, name)
    ours = by_netart(tmp_path, frames)
    for other in (by_pillow(frames), by_ffmpeg(frames)):
        assert quality(ours, frames) > quality(other, frames)
        assert len(ours) <= len(other)


def test_up_to_256_colours_are_exact(tmp_path: Path) -> None:
    frames = [np.random.default_rng(k).integers(0, 256, (256, 3)) for k in range(3)]
    frames = [np.resize(table, (120, 160, 3)).astype(np.uint8) for table in frames]
    assert quality(by_netart(tmp_path, frames), frames) > 100


def test_a_film_of_few_colours_has_one_palette(tmp_path: Path) -> None:
    table = np.random.default_rng(1).integers(0, 256, (6, 3))
    index = np.arange(120 * 160).reshape(120, 160) // 3000
    frames = [table[(index + k) % 6].astype(np.uint8) for k in range(40)]
    gif = by_netart(tmp_path, frames)
    assert quality(gif, frames) > 100
    assert gif[10] == 0xF2, "a palette of eight colours"
    assert gif.count(b"," + bytes(4) + b"\xa0\0\x78\0\0") == 40, "and no other"


def test_all_colours_are_used_where_few_cells_are(tmp_path: Path) -> None:
    x, y = np.meshgrid(np.linspace(0, 0.1, 160), np.linspace(0, 0.1, 120))
    dark = np.stack([x, y, 0 * x], axis=2)
    frames = [quantised(dark + 0.001 * number) for number in range(3)]
    assert len(np.unique(frames[0].reshape(-1, 3), axis=0)) > 600
    assert len(np.unique(frames[0].reshape(-1, 3) // 4, axis=0)) < 64
    gif = by_netart(tmp_path, frames)
    with Image.open(io.BytesIO(gif)) as image:
        assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 200
    assert quality(gif, frames) > 50


def test_nearest_is_nearest() -> None:
    dice = np.random.default_rng(3)
    palette = dice.integers(0, 256, (256, 3)).astype(float)
    colours = dice.integers(0, 256, (3000, 3)).astype(float)
    distances = np.square(colours[:, None] - palette).sum(axis=2)
    assert np.array_equal(_nearest(palette, colours), distances.argmin(axis=1))
