"""What a picture's file tells of paper, and how many bytes it may have."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import convert
from netart.files.source import read_source
from netart.files.stills.image import write_picture, write_vector
from netart.files.stills.plan import ImageEncoding, plan_vector
from netart.lens import vector
from netart.pixels import Size
from tests.shots import shot

SIZE = (60, 40)


def picture() -> np.ndarray:
    """Waves and a little noise, (40, 60, 3) in [0, 1]: no format packs them well."""
    y, x = np.mgrid[:40, :60] / 40
    waves = 0.5 + 0.4 * np.sin(9 * x[..., None] + [5, 6, 7] * y[..., None])
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (40, 60, 3))
    drawn: np.ndarray = (waves + noise).clip(0, 1).astype(np.float32)
    return drawn


def written(path: Path, **wishes: Any) -> str | None:
    return write_picture(path, shot(), SIZE, convert([picture()]), ImageEncoding(**wishes))


def dpi_in(path: Path) -> float | None:
    """What other programs read."""
    if path.suffix == ".exr":
        import OpenEXR

        found: float = OpenEXR.File(str(path)).header()["xDensity"]
        return found
    with Image.open(path) as image:
        if path.suffix in (".webp", ".avif"):
            exif = image.getexif()
            assert exif[296] == 2
            assert exif[282] == exif[283]
            return float(exif[282])
        x, y = image.info["dpi"]
        assert x == y
        return float(x)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".avif", ".exr"])
@pytest.mark.parametrize("dpi", [1, 300, 10_000])
def test_a_file_tells_its_dpi(tmp_path: Path, suffix: str, dpi: int) -> None:
    path = tmp_path / f"a{suffix}"
    assert written(path, dpi=dpi) is None
    # PNG counts whole pixels a metre.
    assert dpi_in(path) == pytest.approx(dpi, abs=0.0127)
    assert read_source(path).document == shot()


def test_without_dpi_nothing_is_told(tmp_path: Path) -> None:
    written(tmp_path / "a.png")
    assert b"pHYs" not in (tmp_path / "a.png").read_bytes()
    written(tmp_path / "a.webp")
    with Image.open(tmp_path / "a.webp") as image:
        assert not image.getexif()


@pytest.mark.parametrize("dpi", [0, -1, 10_001])
def test_dpi_that_there_are_not(dpi: int) -> None:
    with pytest.raises(NetartError, match=f"dpi {dpi}: must be from 1 to 10,000"):
        ImageEncoding(dpi=dpi)


def test_npy_tells_no_dpi(tmp_path: Path) -> None:
    with pytest.raises(NetartError, match=r"npy cannot tell its 300 dpi: png, jpeg, .*tiff"):
        written(tmp_path / "a.npy", dpi=300)


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif"])
def test_a_file_is_as_good_as_its_limit_allows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    assert written(path, metadata=False) is None
    full = path.stat().st_size
    assert written(path, metadata=False, max_bytes=full) is None
    limit = full * 3 // 4
    said = written(path, metadata=False, max_bytes=limit)
    assert said
    assert path.stat().st_size <= limit
    quality = int(said.split()[1].rstrip(":"))
    small = path.read_bytes()
    written(path, metadata=False, quality=quality)
    assert path.read_bytes() == small
    written(path, metadata=False, quality=quality + 1)
    assert path.stat().st_size > limit


def test_a_limit_that_cannot_be_kept_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(NetartError, match=r"a\.jpg: at quality 1 it has .* kB, more than 500 byte"):
        written(tmp_path / "a.jpg", max_bytes=500)
    with pytest.raises(NetartError, match=r"a\.webp: without loss it has .*: a smaller size helps"):
        written(tmp_path / "a.webp", max_bytes=500, quality="lossless")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".png", ".tif", ".exr", ".npy"])
def test_other_formats_have_no_limit(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(NetartError, match=r"cannot be held below 5,000 bytes .*: jpeg, webp, avif"):
        written(tmp_path / f"a{suffix}", max_bytes=5000)
    with pytest.raises(NetartError, match="max_bytes 0: must be from 1"):
        ImageEncoding(max_bytes=0)


def drawn_lines(cpu: Cpu, path: Path, size: Size, dpi: int | None) -> bytes:
    """The file of a shot's lines, with a page by dpi."""
    lines = shot(layers="1x4", activation="relu", lens="lines")
    spec = plan_vector(path, lines, size, ImageEncoding(dpi=dpi))
    write_vector(spec, vector(lines, size, cpu, spec.format, spec.note))
    assert read_source(path).document == lines
    return path.read_bytes()


def test_an_svg_has_a_page_by_dpi(cpu: Cpu, tmp_path: Path) -> None:
    plain = drawn_lines(cpu, tmp_path / "a.svg", (300, 200), None)
    paper = drawn_lines(cpu, tmp_path / "a.svg", (300, 200), 50)
    assert b'<svg width="300" height="200"' in plain
    assert paper == plain.replace(b'width="300" height="200"', b'width="6in" height="4in"', 1)


@pytest.mark.slow
def test_a_pdf_has_a_page_by_dpi(cpu: Cpu, tmp_path: Path) -> None:
    for tool in ("pdfinfo", "pdftoppm"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")

    def seen(name: str, dpi: int | None) -> tuple[str, np.ndarray]:
        """Its size in points, and its pixels."""
        path = tmp_path / name
        drawn_lines(cpu, path, (300, 200), dpi)
        told = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
        assert not told.stderr
        sides = ("-scale-to-x", "288", "-scale-to-y", "192")
        picture = ["pdftoppm", *sides, "-singlefile", str(path), str(path)]
        drawn = subprocess.run(picture, capture_output=True, text=True, check=True)
        assert not drawn.stderr
        (size,) = re.findall(r"Page size: +(.*) pts", told.stdout)
        return size, np.asarray(Image.open(path.with_name(f"{name}.ppm")))

    size, paper = seen("a.pdf", 50)
    assert size == "432 x 288"  # 6 by 4 inches
    _, plain = seen("b.pdf", None)
    assert plain.shape == paper.shape == (192, 288, 3)
    assert np.abs(paper.astype(int) - plain).mean() < 1
