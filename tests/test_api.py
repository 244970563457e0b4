"""The library's own three lines, and what they promise of memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

import netart
from netart.errors import NetartError


def test_three_lines(tmp_path: Path) -> None:
    shot = netart.load("tour-11")
    image = netart.render(shot, (60, 40), backend="cpu")
    netart.save(image, tmp_path / "tour.png")
    assert image.size == (60, 40)
    assert image.pixels.shape == (40, 60, 3)
    with Image.open(tmp_path / "tour.png") as opened:
        assert np.array_equal(np.asarray(opened), np.floor(image.pixels * 255 + 0.5))
    assert netart.load(tmp_path / "tour.png") == shot


def test_save_takes_what_the_format_holds(tmp_path: Path) -> None:
    image = netart.render(netart.load("tour-11"), (60, 40), backend="cpu")
    netart.save(image, tmp_path / "a.tif", bits=32)
    assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), image.pixels)
    netart.save(image, tmp_path / "a.webp", quality="lossless", metadata=False)
    with Image.open(tmp_path / "a.webp") as opened:
        assert np.array_equal(np.asarray(opened), np.floor(image.pixels * 255 + 0.5))
        assert "xmp" not in opened.info
    with pytest.raises(NetartError, match="jpeg cannot hold 16 bits"):
        netart.save(image, tmp_path / "a.jpg", bits=16)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: netart.load("nothing"), "unknown preset"),
        (lambda: netart.render(netart.load("silk"), (0, 5)), "size 0x5"),
        (lambda: netart.render(netart.load("silk"), (5, 5), backend="gpx"), "did you mean gpu"),
        (lambda: netart.render(netart.load("silk"), (5, 5), "cpu", device=1), "no meaning"),
    ],
)
def test_usage_errors_are_netart_errors(call, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        call()


# A process of its own: a child's peak begins with the memory of whoever starts it.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


@pytest.mark.slow
def test_a_large_still_takes_the_memory_of_a_strip(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "netart", "render", "--layers", "1x4", "--backend", "cpu"]
    command += ["--size", "4096x4096", "-o", str(tmp_path / "large.png")]
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, *command], check=True, capture_output=True, text=True
    )
    assert int(ran.stdout) < 4096 * 4096 * 3 + 200e6
