"""The examples run as they stand, at a twentieth of their sizes, and do what they say."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netart

EXAMPLES = Path(__file__).parent.parent / "examples"
SMALLER = 20

Run = Callable[[str], Path]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs an example by its name in an empty folder, and returns the folder."""
    render = netart.render

    def small(shot: object, size: tuple[int, int]) -> object:
        return render(shot, (size[0] // SMALLER, size[1] // SMALLER), backend="cpu")

    def run(name: str) -> Path:
        runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
        return tmp_path

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(netart, "render", small)
    return run


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.py")))
def test_examples_run_and_write(run: Run, name: str) -> None:
    written = {path.suffix for path in run(name).iterdir()}
    assert written - {".npz"}


def test_palettes_and_sheets_are_pictures(run: Run) -> None:
    run("sheet")
    folder = run("palettes")
    pictures = [*folder.glob("*.webp"), *folder.glob("*.png")]
    assert len(pictures) == 6
    for picture in pictures:
        with Image.open(picture) as opened:
            assert len(opened.convert("RGB").getcolors(1 << 16)) > 4


def test_the_zoom_moves(run: Run) -> None:
    with Image.open(run("zoom") / "zoom.gif") as film:
        assert film.n_frames > 30


def test_exclusive_or_is_solved(run: Run) -> None:
    with Image.open(run("own_weights") / "xor.png") as picture:
        bright = np.asarray(picture)[..., 0] > 127
    # (−1, 1), (1, 1), (−1, −1) and (1, −1) lie a quarter from the picture's edges.
    assert bright[[10, 10, 30, 30], [10, 30, 10, 30]].tolist() == [True, False, False, True]


def test_the_field_is_the_pre_activation(run: Run) -> None:
    field = np.load(run("field") / "field.npy")
    assert field.shape == (25, 25)
    assert -8 < field.min() < -1 < 1 < field.max() < 8
