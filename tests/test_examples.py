"""The examples run as they stand, in small and with few frames, and do what they say."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

import netart
from netart.pixels import read_size

EXAMPLES = Path(__file__).parent.parent / "examples"
SMALLER = 20
FRAMES = 3

Run = Callable[[str], Path]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs an example by its name in an empty folder, and returns the folder."""

    def small(call: Callable[..., Any], place: int, **more: Any) -> Callable[..., Any]:
        """The call with a size that is smaller; place: of the size among its arguments."""

        def called(*arguments: Any, **options: Any) -> Any:
            given = [*arguments]
            asked = options.pop("size") if "size" in options else given.pop(place)
            options["size"] = tuple(max(2, side // SMALLER) for side in read_size(asked))
            return call(*given, **options, **more)

        return called

    def film(*arguments: Any, **options: Any) -> Any:
        options.pop("duration")
        return small(make_film, 2, backend="cpu", frames=FRAMES)(*arguments, **options)

    make_film = netart.film
    monkeypatch.setattr(netart, "render", small(netart.render, 1, backend="cpu"))
    monkeypatch.setattr(netart, "sheet", small(netart.sheet, 2, backend="cpu"))
    monkeypatch.setattr(netart, "values", small(netart.values, 1))
    monkeypatch.setattr(netart, "film", film)
    monkeypatch.chdir(tmp_path)

    def run(name: str) -> Path:
        runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
        return tmp_path

    return run


# Example → what it writes.
WRITES = {
    "depth_and_width": {"depth-and-width.png"},
    "field": {"field.npz"},
    "learning": {"moons.run", "steps.png", "loss.png", "learns.webp"},
    "own_weights": {"xor.png", "diagram.svg"},
    "palettes": {"own.webp", "corners.webp", "photo.webp", "map.webp", "photo.jpg", "all.png"},
    "print": {"card.tif", "proof.jpg", "lines.pdf"},
    "sheet": {"seeds.png", "first.png"},
    "still": {"frost.png", "metal.webp"},
    "weight_scale": {"scales.webp", "scales.png"},
    "zoom": {"zoom.gif", "closest.png"},
}


def test_all_examples_are_known() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(WRITES)
    assert len(WRITES) == 10
    for name in WRITES:
        lines = (EXAMPLES / f"{name}.py").read_text().splitlines()
        assert 10 <= len(lines) <= 25


def opened(path: Path) -> Any:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def check_sheet(folder: Path, printed: str) -> None:
    best = netart.load(folder / "seeds.png#1").network.mix[0][0]
    assert f"seed is {best}\n" in printed


def check_zoom(folder: Path, printed: str) -> None:
    with Image.open(folder / "zoom.gif") as film:
        assert film.n_frames == FRAMES
    assert f"frame {FRAMES} of {FRAMES}" in printed
    first, last = netart.load(folder / "zoom.gif").shot, netart.load(folder / "closest.png")
    assert last.view.radius < first.view.radius / 2


def check_own_weights(folder: Path, printed: str) -> None:
    bright = opened(folder / "xor.png")[..., 0] > 127
    # (−1, 1), (1, 1), (−1, −1) and (1, −1) lie a quarter from the picture's edges.
    quarter, three = 30 // 4, 3 * 30 // 4
    rows, columns = [quarter, quarter, three, three], [quarter, three, quarter, three]
    assert bright[rows, columns].tolist() == [True, False, False, True]
    assert printed.splitlines()[1] == "(-1, 1) 0.98"


def check_field(folder: Path, printed: str) -> None:
    with np.load(folder / "field.npz") as field:
        assert field["z"].shape == (12, 12, 3)
        assert field["slopes"].shape == (12, 12, 3, 2)
        assert field["units"].shape == (12, 12, 16)
    assert "layer 3: 16 units" in printed


def check_depth_and_width(folder: Path, printed: str) -> None:
    sheet = netart.load(folder / "depth-and-width.png")
    assert sheet.grid == (5, 5)
    assert (sheet.panel(25).network.depth, sheet.panel(25).network.widths[0]) == (16, 32)
    narrow, *_, wide = [line.split() for line in printed.splitlines()[-5:]]
    assert float(narrow[-1]) < float(narrow[1])
    assert float(wide[-1]) > 20 * float(wide[1])


def check_print(folder: Path, printed: str) -> None:
    assert tifffile.imread(folder / "card.tif").dtype == np.uint16
    assert (folder / "lines.pdf").read_bytes().startswith(b"%PDF")


def check_learning(folder: Path, printed: str) -> None:
    losses = [float(line.split()[-1]) for line in printed.splitlines()]
    assert len(losses) == 6
    assert losses == sorted(losses, reverse=True)
    assert netart.load(folder / "steps.png#1").network.step == 1


def check_still(folder: Path, printed: str) -> None:
    assert netart.load(folder / "metal.webp").look.light == "relief"


CHECKS = {
    "sheet": check_sheet,
    "zoom": check_zoom,
    "own_weights": check_own_weights,
    "field": check_field,
    "depth_and_width": check_depth_and_width,
    "print": check_print,
    "learning": check_learning,
    "still": check_still,
}


FILMS = ("learning", "weight_scale", "zoom")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in FILMS else []) for name in WRITES],
)
def test_examples_write_what_they_say(
    run: Run, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = run(name)
    assert {path.name for path in folder.iterdir()} == WRITES[name]
    for path in folder.iterdir():
        if path.suffix in (".png", ".webp", ".jpg"):
            assert len(np.unique(opened(path).reshape(-1, 3), axis=0)) > 4, path.name
    if name in CHECKS:
        CHECKS[name](folder, capsys.readouterr().out)
