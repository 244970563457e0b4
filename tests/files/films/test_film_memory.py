"""How much memory films take, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import resource, sys
from pathlib import Path
from tests.films import frame_of, write
name, count, codec = sys.argv[1], int(sys.argv[2]), sys.argv[3] or None
write(Path(name), (640, 360), count, codec=codec)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_mb(path: Path, count: int, codec: str = "") -> float:
    """Of the whole process that writes so many frames of 640×360."""
    command = [sys.executable, "-c", CHILD, path, str(count), codec]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.long
@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.mov", "a.mkv", "a.gif", "a.png", "a.webp"])
def test_memory_does_not_grow_with_the_film(tmp_path: Path, name: str) -> None:
    few, many = (peak_mb(tmp_path / name, count) for count in (100, 300))
    print(f"{name}: {few:.0f} MB, {many:.0f} MB")
    # The second segment's encoder does not quite fit where the first one was: 3 to 7 MB of H.264.
    assert many <= 1.08 * few


@pytest.mark.long
@pytest.mark.parametrize("codec", ["h265", "av1"])
def test_nor_with_larger_encoders(tmp_path: Path, codec: str) -> None:
    few, many = (peak_mb(tmp_path / "a.mp4", count, codec) for count in (200, 600))
    print(f"{codec}: {few:.0f} MB, {many:.0f} MB")
    assert many <= 1.08 * few
