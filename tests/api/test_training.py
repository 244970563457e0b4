"""`netart.train`: what the command trains, from names, files and arrays."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import netart
from netart.cli import main
from netart.errors import NetartError
from netart.net.datasets import dataset
from tests.program import files

RING: dict[str, Any] = {"data": "disc-in-ring", "widths": 3, "count": 60, "steps": 300}
COMMAND = "train --data disc-in-ring --widths 3 --count 60 --steps 300 -o by-command/a.run"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def weights(shot: netart.Shot) -> Any:
    return shot.network.drawn.weights


def interrupt(step: int, steps: int) -> None:
    if step > steps / 3:
        raise KeyboardInterrupt


def test_a_call_comes_to_the_bytes_of_the_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was interrupted; and without a file to the same run in memory."""
    told: list[tuple[int, int]] = []
    with pytest.raises(KeyboardInterrupt):
        netart.train(**RING, path="a.run", progress=interrupt)
    assert netart.load("a.run").network.drawn.head.status == "unfinished"
    shot = netart.train(**RING, path="a.run", progress=lambda *at: told.append(at))
    assert (shot.network.step, shot.lens.kind) == (300, "regions")
    assert 100 < told[0][0] < told[-1][0] == 300 == told[-1][1]
    (folder / "by-command").mkdir()
    monkeypatch.setattr(sys, "argv", ["netart", *COMMAND.split()])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert Path("a.run").read_bytes() == Path("by-command/a.run").read_bytes()
    before = files(folder)
    alone = netart.train(**RING)
    assert alone.network.drawn.name == "disc-in-ring"
    assert np.array_equal(weights(alone), weights(shot))
    with pytest.raises(KeyboardInterrupt):
        netart.train(**RING, progress=interrupt)
    assert files(folder) == before


def test_points_are_learned_from_arrays_as_from_their_file() -> None:
    points = dataset("moons", 40)
    words = np.array(["", "out", "in"])[points.classes]
    rows = [f"{x!r},{y!r},{name}" for (x, y), name in zip(points.xy.tolist(), words, strict=True)]
    Path("p.csv").write_text("\n".join(rows))
    how = {"steps": 50, "widths": (4, 3), "seed": 7, "keep": [1, 2], "rate": 0.01, "batch": 8}
    shot = netart.train((points.xy, words), **how)
    assert np.array_equal(weights(shot), weights(netart.train(Path("p.csv"), **how)))
    learned = shot.network.drawn.data.points
    assert np.array_equal(learned.classes == 1, words == "in")  # in the order of the alphabet
    three = netart.train((points.xy.tolist(), [5.0, 0, -1, 5] * 10), steps=5)
    assert three.network.drawn.data.outputs == 3
    assert three.network.drawn.data.points.classes[:4].tolist() == [3, 2, 1, 3]


def test_pictures_are_learned_from_arrays_as_from_their_file() -> None:
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
    Image.fromarray(grey).save("p.png")
    how: dict[str, Any] = {"steps": 30, "layers": "1x8", "span": (0, 1)}
    shots = [
        netart.train(picture=one, **how) for one in (grey, "p.png", grey / 255.0, grey[..., None])
    ]
    for shot in shots:
        data = shot.network.drawn.data
        assert data.span == (0, 1)
        assert np.array_equal(data.pixels[..., 0], grey)
        assert np.array_equal(weights(shot), weights(shots[0]))
    assert netart.train(picture=grey > 30, **how).network.drawn.data.has_two_levels
    drawn = netart.render("silk", (12, 8), backend="cpu")
    assert netart.train(picture=drawn, **how).network.drawn.data.pixels.shape == (8, 12, 3)


def test_a_run_is_trained_otherwise() -> None:
    shot = netart.train(**RING, path="a.run", weight_decay=0.01)
    for source in ("a.run", shot.but(step=3)):
        other = netart.train(source=source, seed=5).network.drawn
        assert (other.head.options.weight_decay, other.last) == (0.01, 300)
        assert other.head.recipe.mix == ((5, 1.0),)
        assert np.array_equal(other.data.points.xy, shot.network.drawn.data.points.xy)


def test_a_run_that_diverges_is_told() -> None:
    with pytest.warns(UserWarning, match="^spiral: diverged: after step .* A smaller rate may"):
        shot = netart.train(
            "spiral", rate=100, steps=200, activation="relu", optimizer="sgd", widths=(20, 20),
            weight_decay=100,
        )  # fmt: skip
    assert shot.network.drawn.last < 200


def test_pages_and_films_of_a_run_in_memory_tell_what_they_lack() -> None:
    how: dict[str, Any] = {**RING, "data": "moons", "widths": (20, 20)}
    film: dict[str, Any] = {"motion": "learn", "frames": 2, "size": 16}
    shot, steps = netart.train(**how), {"step": "1,300"}
    with pytest.warns(UserWarning, match=r"^a\.png opens again only beside moons\.run$"):
        netart.sheet(shot, steps, 16).save("a.png")
    with pytest.warns(UserWarning, match=r"^a\.gif opens again only beside moons\.run$"):
        netart.film(shot, **film).save("a.gif")
    netart.sheet(shot, steps, 16).save("bare.png", metadata=False)
    netart.render(shot, 16).save("one.png")  # carries the weights of its step
    netart.train(**how, path="moons.run")
    netart.sheet(shot, steps, 16).save("a.png")
    netart.film(shot, **film).save("a.gif")
    assert np.array_equal(weights(netart.load("a.png").shot), weights(shot))


XY = np.zeros((4, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"data": "sprial"}, "unknown data set 'sprial': did you mean spiral"),
        ({"data": [1, 2]}, r"data: must be a name, a CSV file, or \(points, classes\)"),
        ({"data": (XY, [1, 2])}, r"data: points and classes \(4, 2\) and \(2,\): must be \(N, 2\)"),
        ({"data": (XY * np.nan, [1, 2] * 2)}, "data: points must be finite"),
        ({"data": (XY, [1, 1.5] * 2)}, "data: classes must be whole numbers or words"),
        ({"data": (XY, [1] * 4)}, "points: all points are of one class"),
        ({"data": ("ab", [1] * 4)}, "data: points must be numbers"),
        ({"data": (XY, [1, 2] * 2), "count": 9}, "count 9: is of data sets alone"),
        ({"data": (XY, [1, 2] * 2), "span": (0, 1)}, "span 0,1: of which picture"),
        ({"picture": XY + 2}, "picture of float64: must be uint8"),
        ({"picture": XY * np.nan}, "picture of float64: must be uint8"),
        ({"picture": np.zeros((4, 4, 2))}, r"picture \(4, 4, 2\): must be \(height, width\)"),
        ({"picture": XY, "data": "xor"}, "data: has no meaning beside picture"),
        ({"picture": XY, "span": "a"}, "span 'a': write LOW,HIGH"),
        ({"steps": "a"}, "steps 'a': must be a whole number"),
        ({"rate": float("nan")}, "rate 'nan': must be a finite number"),
        ({"palette": "frost"}, "palette: is no field of a network that is trained"),
        ({"dpth": 3}, "unknown field 'dpth': did you mean depth"),
        ({"source": "silk"}, "silk: is not a run"),
        ({"source": netart.new()}, "source: is not a run"),
        ({"path": "a.png"}, "a.png: unknown suffix '.png'"),
        ({"path": "no/a.run"}, "no/a.run: there is no folder no"),
    ],
)  # fmt: skip
def test_a_mistake_costs_one_line(call: dict[str, Any], message: str, folder: Path) -> None:
    with pytest.raises(NetartError, match=f"^{message}"):
        netart.train(**call)
    assert not files(folder)


def test_another_run_is_not_replaced() -> None:
    first = netart.train(**RING, path="a.run")
    with pytest.raises(NetartError, match=r"^a.run: holds another run: .* by fresh$"):
        netart.train(**RING, path="a.run", seed=2)
    assert np.array_equal(weights(netart.load("a.run")), weights(first))
    second = netart.train(**RING, path="a.run", seed=2, fresh=True)
    assert not np.array_equal(weights(second), weights(first))
