"""Films in Python: frames one by one, and files that are those of the command line."""

from __future__ import annotations

import base64
import io
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import netart
from netart.cli import cli
from netart.errors import NetartError
from netart.files import store
from tests.runs import learned_run, written

SMALL: dict[str, Any] = {"size": (24, 20), "backend": "cpu"}

# What one types → what one writes in Python.
SAME: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("zoom silk", ("silk", "zoom"), {}),
    ("zoom silk --from 2 --to 0.1 --toward 0.3,-0.2 --easing smooth", ("silk", "zoom"),
     {"from_": 2, "to": np.float64(0.1), "toward": (0.3, -0.2), "easing": "smooth"}),
    ("scale silk --from 0.4 --to 2 --loop ping-pong", ("silk", "scale"),
     {"from_": 0.4, "to": 2, "loop": "ping-pong"}),
    ("slice cppn --from z=-1 --to z=1", ("cppn", "slice"), {"from_": {"z": -1}, "to": {"z": 1}}),
    ("slice silk --orbit a,b=0.4 --fps 30", ("silk", "slice"), {"orbit": "a,b=0.4", "fps": 30}),
    ("morph silk --seeds 7,42", ("silk", "morph"), {"seeds": [7, 42]}),
    ("morph silk --seeds 3", ("silk", "morph"), {"seeds": 3}),
    ("morph --layers 2x4 --seeds 1..4 --loop none", (None, "morph"),
     {"layers": "2x4", "seeds": "1..4", "loop": "none"}),
    ("spin silk --palette frost", ("silk", "spin"), {"palette": "frost"}),
    ("deepen silk --contrast=-1:1", ("silk", "deepen"), {"contrast": (-1, 1)}),
    ("learn three.run --to 100", ("three.run", "learn"), {"to": 100}),
    ("animate silk", ("silk",), {}),
    ("animate lava --fps 30000/1001", ("lava",), {"fps": "30000/1001"}),
    ("animate lava --duration 2", ("lava",), {"duration": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "arguments", "options"), SAME, ids=[line for line, *_ in SAME])
def test_a_film_is_that_of_the_same_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, arguments: Any, options: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, learned_run("three"))
    ran = CliRunner().invoke(cli, [*shlex.split(line), "--save", "a.toml"])
    assert ran.exit_code == 0, ran.output
    film = netart.film(*arguments, **options)
    assert film.timeline == netart.load("a.toml")
    assert netart.film("a.toml").timeline == film.timeline
    assert film.size == (640, 640)


@pytest.fixture(scope="module")
def film() -> netart.Film:
    return netart.film("silk", "zoom", frames=5, to=0.1, **SMALL)


def test_frames_come_one_after_the_other(film: netart.Film) -> None:
    frames = [*film]
    assert len(film) == len(frames) == 5
    assert {(frame.shape, frame.dtype) for frame in frames} == {((20, 24, 3), np.dtype("u1"))}
    assert np.abs(frames[0].astype(int) - frames[4]).max() > 20
    for number in (1, 4):
        alone = np.asarray(netart.render(film[number], **SMALL))
        assert np.array_equal(frames[number - 1], np.floor(alone * 255 + 0.5))
    assert film[5].view.radius == 0.1
    with pytest.raises(NetartError, match="frame 0: the film has frames 1 to 5"):
        film[0]
    assert repr(film) == "<Film 24x20, 5 frames, 0.2 s>"


def test_other_pictures_may_be_drawn_between_frames(film: netart.Film) -> None:
    between = [(frame, netart.render("silk", 8, backend="cpu")) for frame in film]
    assert all(np.array_equal(a, b) for (a, _), b in zip(between, film, strict=True))


@pytest.mark.slow
def test_it_saves_itself_as_the_command_does(film: netart.Film, tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    film.save(tmp_path / "a.webp", progress=lambda *now: done.append(now))
    assert done == [(number, 5) for number in range(1, 6)]
    line = "zoom silk --to 0.1 --frames 5 --size 24x20 --backend cpu -o"
    ran = CliRunner().invoke(cli, [*line.split(), str(tmp_path / "b.webp")])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "a.webp").read_bytes() == (tmp_path / "b.webp").read_bytes()
    assert netart.load(tmp_path / "a.webp").tracks[0] == film.timeline.tracks[0]
    film.save(tmp_path / "a.gif", metadata=False)
    with pytest.raises(NetartError, match="carries no"):
        netart.load(tmp_path / "a.gif")
    with pytest.raises(NetartError, match=r"needs a number for each frame"):
        film.save(tmp_path / "a.jpg")


def test_a_strip_is_frames_side_by_side(film: netart.Film, tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    strip = film.strip(3, progress=lambda *now: done.append(now))
    assert (strip.size, done) == ((3 * 24, 20), [(1, 3), (2, 3), (3, 3)])
    for k, number in enumerate((1, 3, 5)):
        alone = np.asarray(netart.render(film[number], **SMALL))
        assert np.array_equal(np.asarray(strip)[:, 24 * k : 24 * (k + 1)], alone)
    smooth = netart.film("silk", "zoom", frames=5, to=0.1, samples=2, **SMALL)
    smooth.strip(3).save(tmp_path / "a.png")
    line = "zoom silk --to 0.1 --frames 5 --size 24x20 --backend cpu --strip 3 -o"
    ran = CliRunner().invoke(cli, [*line.split(), str(tmp_path / "b.png")])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert netart.load(tmp_path / "a.png").tracks[0] == film.timeline.tracks[0]
    for count in (0, 6):
        with pytest.raises(NetartError, match=f"^strip {count}: must be from 1 to the film's 5"):
            film.strip(count)
    dark = netart.film("silk", "spin", contrast=(1e6, 2e6), frames=2, **SMALL)
    with pytest.warns(UserWarning, match="^frame 1 is all "):
        dark.strip(2)


def test_a_range_of_frames_is_saved(film: netart.Film, tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    film.save(tmp_path / "##.png", frame_range="2..3", progress=lambda *now: done.append(now))
    film.save(tmp_path / "##.png", frame_range=[5])
    assert done == [(1, 2), (2, 2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["02.png", "03.png", "05.png"]
    with Image.open(tmp_path / "03.png") as third:
        assert np.array_equal(np.asarray(third), [*film][2])
    for listed, message in (("a", "^frame_range 'a': must be a whole number"), ([6], "^frame 6: ")):
        with pytest.raises(NetartError, match=message):
            film.save(tmp_path / "##.png", frame_range=listed)


def test_what_a_limit_of_bytes_came_to_is_told(film: netart.Film, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    assert film.save(path) is None
    told = film.save(path, max_bytes=path.stat().st_size - 100, fresh=True)
    assert re.fullmatch(r"\d+ colours, \d+x\d+ pixels, \S+ frames a second", str(told))
    assert not re.match("256 ", str(told))


def test_an_interrupted_film_goes_on(
    film: netart.Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def count(done: int, _: int) -> None:
        drawn.append(done)
        if len(drawn) == 3:
            raise KeyboardInterrupt

    film.save(tmp_path / "whole-##.png")
    with pytest.raises(KeyboardInterrupt):
        film.save(tmp_path / "part-##.png", progress=count)
    there = sorted(path.name for path in tmp_path.glob("part-*.png"))
    assert 1 <= len(there) < 5
    film.save(tmp_path / "part-##.png", progress=count)
    for number in range(1, 6):
        whole, part = (tmp_path / f"{name}-{number:02}.png" for name in ("whole", "part"))
        assert whole.read_bytes() == part.read_bytes()
    assert not [path for path in tmp_path.iterdir() if store.OURS.search(path.name)]


@pytest.mark.slow
def test_a_notebook_shows_a_short_animation() -> None:
    film = netart.film("silk", "spin", size=(500, 300), frames=90, layers="2x4", backend="cpu")
    shown = film._repr_html_()
    data = re.fullmatch(r'<img alt="[^"]*" src="data:image/webp;base64,([^"]*)">', shown)[1]
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        assert image.size == (240, 144)
        assert image.n_frames == 40
        took_ms = 0
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            took_ms += image.info["duration"]
    assert abs(took_ms / 1000 - film.duration) < 0.1
    assert len(shown) < 1_000_000


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("silk", "spn"), {}, r"^unknown motion 'spn': did you mean spin\?"),
        (("silk", "spin"), {"to": 3}, "^to: has no meaning with spin, which takes easing"),
        (("silk",), {"to": 3}, "^to: of which motion"),
        (("silk", "morph"), {"seeds": [7]}, "^seeds 7,: two seeds at least"),
        (("silk", "slice"), {"from_": {"z": 1}}, "^from_: has no meaning without to"),
        (("silk", "slice"), {"from_": "z=1", "to": "q=2"}, "^from_ z=1: must name the same inputs"),
        (("silk", "slice"), {"to": "q=2"}, "^to: has no meaning without from_$"),
        (("silk", "learn"), {}, "^learn: the network is not a step of a run"),
        (("silk", "zoom"), {"from_": 0}, "^from_ 0: must be above 0$"),
        (("silk", "scale"), {"from_": 0}, "^from_ 0: must be above or below 0$"),
        (("silk", "morph"), {"seeds": [-3, 2]}, "^seeds: seed '-3': must be from 0"),
        (("silk", "zoom"), {"to": "near"}, "^to 'near': must be a number"),
        (("silk", "zoom"), {"easing": "foo"}, "^unknown easing 'foo'"),
        (("silk",), {"frames": 3, "duration": 2}, "^frames: says the same thing as duration$"),
        (("silk",), {"duration": 0}, "^duration 0: must be above 0"),
        (("silk",), {"fps": "x"}, "^fps .x'"),
        (("silk",), {"palete": "x"}, "^unknown field 'palete'"),
        (("lava", "zoom"), {}, "^lava is a film"),
        (("tour-10",), {}, "^tour-10 is a sheet"),
        (("silk",), {"backend": "gpx"}, "did you mean gpu"),
        (("silk",), {"size": 0}, "^size 0x0"),
    ],
)
def test_what_makes_no_film_is_refused(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        netart.film(*arguments, **options)


def test_frames_of_noise_are_refused() -> None:
    deep = {"from_": 1e-3, "to": 1e-9, "toward": (0.4, 0.3), "frames": 3}
    film = netart.film("silk", "zoom", **deep, **SMALL)
    with pytest.raises(NetartError, match=r"cpu cannot tell pixels apart: allow_noise=True"):
        next(iter(film))
    noisy = netart.film("silk", "zoom", **deep, **SMALL, allow_noise=True)
    assert next(iter(noisy)).shape == (20, 24, 3)
