"""What kind of film a path and some wishes make, and what is refused in one line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from netart.errors import NetartError
from netart.files.films.codecs import CODECS, FILM_FORMATS, PIXEL_FORMATS, QUALITIES
from netart.files.films.encoding import film_encoding, still_path
from netart.files.films.film import check_film

ODD, EVEN = (97, 65), (96, 66)


def fitted(path: str, size: tuple[int, int] = EVEN, **wishes: Any) -> tuple[Any, ...]:
    chosen = film_encoding(path, **wishes).for_size(size)
    good = [chosen.quality, chosen.crf, chosen.colors]
    (number,) = [number for number in good if number is not None] or [None]
    return chosen.format, chosen.codec, number, chosen.pixel_format, chosen.bits


@pytest.mark.parametrize(
    ("path", "wishes", "chosen"),
    [
        ("a.mp4", {}, ("mp4", "h264", 17, "yuv420p", 8)),
        ("a.M4V", {}, ("mp4", "h264", 17, "yuv420p", 8)),
        ("a.mp4", {"codec": "h265", "crf": 30}, ("mp4", "h265", 30, "yuv420p", 8)),
        ("a.mp4", {"quality": 75}, ("mp4", "h264", 23, "yuv420p", 8)),
        ("a.mp4", {"codec": "av1", "bits": 10}, ("mp4", "av1", 24, "yuv420p10le", 10)),
        ("a.mp4", {"pixel_format": "yuv444p"}, ("mp4", "h264", 17, "yuv444p", 8)),
        ("a.webm", {}, ("webm", "vp9", 24, "yuv420p", 8)),
        ("a.webm", {"codec": "av1"}, ("webm", "av1", 24, "yuv420p", 8)),
        ("a.mov", {}, ("mov", "prores", None, "yuv444p10le", 10)),
        ("a.mkv", {}, ("mkv", "ffv1", None, "bgr0", 8)),
        ("a.mkv", {"bits": 16}, ("mkv", "ffv1", None, "gbrp16le", 16)),
        ("a.gif", {}, ("gif", "gif", 256, "pal8", 8)),
        ("a.gif", {"quality": 75}, ("gif", "gif", 128, "pal8", 8)),
        ("a.gif", {"colors": 17}, ("gif", "gif", 17, "pal8", 8)),
        ("a.png", {}, ("apng", "apng", None, "rgb24", 8)),
        ("a.webp", {"quality": 50}, ("webp", "lossy", 50, "yuv420p", 8)),
        ("a.webp", {"codec": "lossless"}, ("webp", "lossless", None, "rgb24", 8)),
        ("a.webp", {"quality": "lossless"}, ("webp", "lossless", None, "rgb24", 8)),
        ("a.mkv", {"quality": "lossless"}, ("mkv", "ffv1", None, "bgr0", 8)),
        ("a-#.webp", {"quality": "lossless"}, ("frames", "stills", "lossless", "rgb24", 8)),
        ("a-##.png", {}, ("frames", "stills", 95, "rgb24", 8)),
        ("%04d.npy", {}, ("frames", "stills", 95, "rgb24", 8)),
        ("a#.mp4", {}, ("mp4", "h264", 17, "yuv420p", 8)),
        ("-", {"format": "mkv"}, ("mkv", "ffv1", None, "bgr0", 8)),
        ("film", {"format": "gif"}, ("gif", "gif", 256, "pal8", 8)),
    ],
)
def test_what_is_chosen(path: str, wishes: dict[str, Any], chosen: tuple[Any, ...]) -> None:
    assert fitted(path, **wishes) == chosen


@pytest.mark.parametrize(
    ("path", "codec"),
    [("a.mp4", "h264"), ("a.mp4", "h265"), ("a.mp4", "av1"), ("a.webm", "vp9"), ("a.gif", "gif")],
)
def test_quality_means_the_same_everywhere(path: str, codec: str) -> None:
    """Higher is better, to the end; each default is what it was when it was the codec's own."""
    numbers = [fitted(path, codec=codec, quality=q)[2] for q in range(1, 101)]
    scale = CODECS[codec].scale
    assert scale
    better = sorted(numbers, reverse=scale.name == "crf")
    assert numbers == better
    assert all(scale.least <= number <= scale.most for number in numbers)
    assert [numbers[quality - 1] for quality in QUALITIES] == [*scale.values]
    default = {"h264": 17, "h265": 20, "av1": 24, "vp9": 24, "gif": 256}[codec]
    assert fitted(path, codec=codec)[2] == numbers[90 - 1] == default


@pytest.mark.parametrize(
    ("wishes", "pixels"),
    [
        ({}, "yuv444p"),
        ({"bits": 10}, "yuv444p10le"),
        ({"codec": "h265"}, "yuv444p"),
        ({"codec": "av1"}, "yuv420p"),
    ],
)
def test_odd_sizes_are_kept(wishes: dict[str, Any], pixels: str) -> None:
    for size in (ODD, (96, 65), (97, 66)):
        assert fitted("a.mp4", size, **wishes)[3] == pixels


@pytest.mark.parametrize(
    ("path", "wishes", "said"),
    [
        ("a.avi", {}, "a.avi: unknown suffix '.avi': "),
        ("film", {}, "film: unknown suffix 'film': "),
        ("a.mp5", {}, "did you mean .mp4"),
        ("a.npy", {}, "a.npy: needs a number for each frame: 'a-####.npy'"),
        ("-", {}, "-: needs a format: one of mp4, webm, mov, mkv, gif, apng, webp"),
        ("a.mp4", {"format": "divx"}, "unknown format 'divx'"),
        ("a.png", {"format": "frames"}, "numbered frames need a number in their name"),
        ("a.mp4", {"codec": "mpeg2"}, "unknown codec 'mpeg2'"),
        ("a.mp4", {"codec": "vp9"}, "codec vp9: mp4 takes h264, h265, av1"),
        ("a.mp4", {"crf": 52}, "crf 52: h264 takes 0 to 51, 0 is best"),
        ("a.mp4", {"codec": "av1", "crf": 0}, "crf 0: av1 takes 1 to 63, 1 is best"),
        ("a.gif", {"colors": 257}, "colors 257: gif takes 2 to 256, 256 is best"),
        ("a.gif", {"crf": 20}, "crf 20: gif has no such number"),
        ("a.mov", {"crf": 20}, "crf 20: prores has no such number"),
        ("a.mp4", {"colors": 20}, "colors 20: h264 has no such number"),
        ("a.mp4", {"crf": 20, "quality": 50}, "crf 20: says the same as quality: give one"),
        ("a.webp", {"quality": 0}, "quality 0: must be from 1 to 100, or lossless"),
        ("a.mp4", {"quality": 101}, "quality 101: must be from 1 to 100, or lossless"),
        ("a.mp4", {"quality": "best"}, "quality best: must be from 1 to 100, or lossless"),
        ("a.png", {"quality": 5}, "quality 5: apng has none to choose"),
        ("a.mp4", {"quality": "lossless"}, "quality lossless: h264 is not: mkv, apng, webp are"),
        ("a.mp4", {"max_bytes": 5000}, "max_bytes 5000: gif and webp are made to fit, h264 is not"),
        ("#.jpg", {"max_bytes": 5000}, "max_bytes 5000: gif and webp are made to fit, stills is"),
        ("a.webp", {"quality": "lossless", "max_bytes": 5000}, "made to fit, lossless is not"),
        ("a.gif", {"max_bytes": 0}, "max_bytes 0: must be from 1 to"),
        (
            "a.mp4",
            {"repeat": 3},
            "repeat 3: players decide how often mp4 plays: of gif, apng, webp",
        ),
        ("a.gif", {"repeat": 0}, "repeat 0: must be forever, or from 1 to 65,535"),
        ("a.gif", {"repeat": "ever"}, "repeat ever: must be forever, or from 1 to 65,535"),
        ("a.mp4", {"pixel_format": "rgb24"}, "pixels rgb24: h264 takes yuv420p, yuv444p, "),
        ("a.mp4", {"bits": 16}, "16 bits: h264 takes 8 or 10"),
        ("a.gif", {"bits": 10}, "10 bits: gif takes 8"),
        ("a.mp4", {"bits": 10, "pixel_format": "yuv444p"}, "10 bits: yuv444p takes 8"),
    ],
)
def test_what_is_refused(path: str, wishes: dict[str, Any], said: str) -> None:
    with pytest.raises(NetartError) as found:
        film_encoding(path, **wishes)
    assert said in str(found.value)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("path", "wishes", "size", "said"),
    [
        ("a.mp4", {"pixel_format": "yuv420p"}, ODD, "size 97x65: yuv420p of h264 needs even sides"),
        (
            "a.mp4",
            {"pixel_format": "yuv420p"},
            ODD,
            "kept by yuv444p and yuv444p10le, and by .webm",
        ),
        ("a.mp4", {}, (16386, 16), "size 16386x16: sides of h264 go from 1 to 16,384 pixels"),
        ("a.mp4", {"codec": "h265"}, (62, 62), "sides of h265 go from 64"),
        ("a.mp4", {"codec": "av1"}, (31, 64), "sides of av1 go from 32"),
        ("a.webp", {}, (16384, 2), "sides of lossy go from 2 to 16,383"),
        ("a.gif", {}, (1, 9), "sides of gif go from 2"),
        ("a.mkv", {}, (1 << 19, 2), "sides go from 1 to 262,144"),
    ],
)
def test_sizes_that_are_refused(
    path: str, wishes: dict[str, Any], size: tuple[int, int], said: str
) -> None:
    with pytest.raises(NetartError) as found:
        check_film(Path(path), film_encoding(path, **wishes), size, Fraction(25), 2, "")
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("path", "rate", "said"),
    [
        ("a.gif", Fraction(60), "60 frames per second: gif takes 1/100 to 50"),
        ("a.mp4", Fraction(241), "241 frames per second: mp4 takes 1/100 to 240"),
        ("a.mp4", Fraction(0), "0 frames per second"),
        ("a.mp4", Fraction(1000001, 1000000), "too fine a fraction"),
    ],
)
def test_rates_that_are_refused(path: str, rate: Fraction, said: str) -> None:
    with pytest.raises(NetartError) as found:
        check_film(Path(path), film_encoding(path), EVEN, rate, 2, "")
    assert said in str(found.value)


def test_targets_that_are_refused(tmp_path: Path) -> None:
    def said(path: Path | None, form: str, note: str = "", count: int = 2) -> str:
        with pytest.raises(NetartError) as found:
            check_film(path, film_encoding("-", form), EVEN, Fraction(25), count, note)
        return str(found.value)

    assert "is a folder" in said(tmp_path, "mp4")
    assert "there is no folder" in said(tmp_path / "none" / "a.mp4", "mp4")
    assert "at least one frame" in said(tmp_path / "a.mp4", "mp4", count=0)
    assert "mov cannot carry metadata of more" in said(tmp_path / "a.mov", "mov", "x" * 65_536)
    check_film(tmp_path / "a.mp4", film_encoding("a.mp4"), EVEN, Fraction(25), 2, "x" * 65_536)
    stills = film_encoding("##.png")
    with pytest.raises(NetartError, match="many files"):
        check_film(None, stills, EVEN, Fraction(25), 2, "")
    with pytest.raises(NetartError, match="there is no folder"):
        check_film(tmp_path / "none" / "##.png", stills, EVEN, Fraction(25), 2, "")


@pytest.mark.parametrize(
    ("pattern", "number", "name"),
    [
        ("####.png", 7, "0007.png"),
        ("a-#.png", 123, "a-123.png"),
        ("%d.png", 7, "7.png"),
        ("a%03d.b.png", 7, "a007.b.png"),
    ],
)
def test_still_paths(pattern: str, number: int, name: str) -> None:
    assert still_path(Path("f##lder") / pattern, number) == Path("f##lder") / name


def test_a_name_of_two_numbers_is_refused() -> None:
    with pytest.raises(NetartError, match="one number in a name"):
        still_path(Path("##-##.png"), 1)


def test_the_tables_fit_each_other() -> None:
    for row in FILM_FORMATS.values():
        assert row.codecs
        for name in row.codecs:
            assert bool(row.container) == bool(CODECS[name].encoder)
    for codec in CODECS.values():
        assert codec.choices(even=False), "every codec has a way to store odd sizes"
        assert all(name in PIXEL_FORMATS for name in codec.pixel_formats)
