"""Films from the command line: what moves, what is written, and jobs that are cut short."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from fractions import Fraction
from math import cos, pi
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netart.evaluate.gpu import Gpu
from netart.files.source import preset_names, read_source
from netart.shot.document import shot_of
from netart.shot.timeline import Timeline
from tests.films import seen
from tests.program import Run, files, pixels, program
from tests.shots import REFERENCE, drawn

pytestmark = pytest.mark.slow

SMALL = ("--size", "64x64", "--backend", "cpu", "--quiet")
FEW = ("--frames", "5")

COMMANDS = {
    "zoom": ("silk", "--to", "0.1", "--toward", "0.2,0.1"),
    "scale": ("silk", "--from", "0.4", "--to", "0.8"),
    "slice": ("silk",),
    "morph": ("silk",),
    "spin": ("silk",),
    "deepen": ("silk",),
    "animate": ("lava",),
}
SUFFIXES = [".mp4", ".webm", ".mov", ".mkv", ".gif", ".apng", ".webp"]


@pytest.fixture
def film(netart: Run):
    """A film, small; it must succeed."""

    def run(command: str, *arguments: object):
        ran = netart(command, *arguments, *SMALL)
        assert ran.status == 0, ran.err
        return ran

    return run


def timeline(path: object) -> Timeline:
    found = read_source(str(path)).document
    assert isinstance(found, Timeline)
    return found


def close(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(float) - b).mean())


@pytest.mark.parametrize("command", COMMANDS)
def test_the_frames_are_renders_of_their_shots(film, netart: Run, command: str) -> None:
    film(command, *COMMANDS[command], *FEW, "-o", "a.mkv")
    frames, found = seen(Path("a.mkv")).frames, timeline("a.mkv")
    assert len(frames) == 5
    for number in (1, 3, 5):
        expected = drawn_levels(found, number)
        off = np.abs(frames[number - 1].astype(int) - expected)
        assert off.max() <= 1 or (off > 1).mean() < 0.001


def drawn_levels(found: Timeline, number: int, size: tuple[int, int] = (64, 64)) -> np.ndarray:
    return np.floor(drawn(REFERENCE, found.frame(number), size) * 255 + 0.5).astype(int)


@pytest.mark.parametrize(
    ("command", "suffix", "size"),
    [
        *(("spin", suffix, size) for suffix in SUFFIXES for size in ("64x48", "65x47")),
        *((command, ".mp4", "64x48") for command in COMMANDS if command != "spin"),
    ],
)
def test_every_format_holds_the_film(netart: Run, suffix: str, size: str, command: str) -> None:
    path = Path(f"a{suffix}")
    arguments = (*COMMANDS[command], *FEW, "--fps", "12.5", "--size", size, "--backend", "cpu")
    ran = netart(command, *arguments, "--quiet", "-o", path)
    assert ran.status == 0, ran.err
    found, shown = timeline(path), seen(path)
    width, height = map(int, size.split("x"))
    assert len(shown.frames) == 5
    assert shown.duration == pytest.approx(0.4, abs=0.006)
    for number in (1, 5):
        frame = shown.frames[number - 1]
        assert frame.shape == (height, width, 3)
        own, other = (drawn_levels(found, k, (width, height)) for k in (number, 3))
        assert close(frame, own) < min(7, 0.4 * close(frame, other))


def test_numbered_frames_are_stills(film, netart: Run) -> None:
    film("spin", "silk", *FEW, "-o", "turn-####.png")
    assert files(Path()) == {f"turn-000{k}.png" for k in range(1, 6)}
    ran = netart("render", "turn-0003.png", "--backend", "cpu", "-o", "again.png")
    assert ran.status == 0, ran.err
    assert Path("again.png").read_bytes() == Path("turn-0003.png").read_bytes()
    film("spin", "silk", *FEW, "--frame-range", "2,4..5", "-o", "%02d.exr")
    assert files(Path()) >= {"02.exr", "04.exr", "05.exr"}


def test_a_film_is_drawn_again_from_itself(film, netart: Run) -> None:
    film("morph", "silk", "--seeds", "7,42", *FEW, "-o", "a.mp4")
    film("animate", "a.mp4", "-o", "b.mp4")
    assert Path("a.mp4").read_bytes() == Path("b.mp4").read_bytes()
    assert b"[timeline]" in netart("info", "a.mp4").out
    film("animate", "a.mp4", "--duration", "0.5", "--fps", "29.97", "-o", "c.mkv")
    shown = seen(Path("c.mkv"))
    assert (len(shown.frames), shown.rate) == (15, Fraction(30000, 1001))


def test_a_strip_is_frames_side_by_side(film) -> None:
    film("zoom", "silk", "--strip", "3", "-o", "a.png")
    picture, found = pixels(Path("a.png")), timeline("a.png")
    assert picture.shape == (64, 3 * 64, 3)
    for k, number in enumerate((1, 50, 100)):
        part = picture[:, 64 * k : 64 * (k + 1)]
        assert np.abs(part.astype(int) - drawn_levels(found, number)).mean() < 0.1


def test_films_of_one_colour_are_told_of(netart: Run) -> None:
    flat = ("zoom", "--layers", "1x4", "--contrast", "-100:-90", "--size", "16x16")
    ran = netart(*flat, "--frames", "3", "-o", "a.gif")
    assert ran.status == 0
    assert "3 of 3 frames looked at are of one colour: that at 0% is all of one colour" in ran.err
    assert "--contrast auto would show more" in ran.err
    assert "frame 1 is all of one colour" in netart(*flat, "--strip", "2", "-o", "a.png").err


def test_a_new_strip_takes_two_by_two_samples(film) -> None:
    """An old film's takes what the film says."""
    for command, samples in (
        (["zoom", "silk"], 2),
        (["zoom", "silk", "--samples", "3"], 3),
        (["animate", "satin"], 1),
    ):
        film(*command, "--strip", "2", "--size", "8x8", "-o", "a.png")
        document = read_source("a.png").document
        assert document.shot.look.samples == samples


def test_a_pipe_gets_the_film(tmp_path: Path) -> None:
    for name in ("mkv", "gif", "mp4"):
        ran = program("spin", "silk", *FEW, *SMALL, "--format", name, "-o", "-", folder=tmp_path)
        assert ran.returncode == 0, ran.stderr
        path = tmp_path / f"a.{name}"
        path.write_bytes(ran.stdout)
        assert len(seen(path).frames) == 5


def test_names_of_films(film) -> None:
    film("spin", "silk", *FEW)
    film("spin", "silk", *FEW)
    film("spin", "silk", *FEW, "--format", "gif")
    assert files(Path()) == {"silk-spin.mp4", "silk-spin-2.mp4", "silk-spin.gif"}


def test_a_saved_timeline_is_the_film(film, netart: Run) -> None:
    assert netart("zoom", "silk", "--to", "0.1", *FEW, "--save", "zoom.toml").status == 0
    film("animate", "zoom.toml", "-o", "a.mkv")
    film("zoom", "silk", "--to", "0.1", *FEW, "-o", "b.mkv")
    assert Path("a.mkv").read_bytes() == Path("b.mkv").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_timeline_may_be_left_out(film, netart: Run, suffix: str) -> None:
    film("spin", "silk", *FEW, "--no-metadata", "-o", f"a{suffix}")
    data = Path(f"a{suffix}").read_bytes()
    assert b"recipe" not in data and b"netart" not in data
    assert len(seen(Path(f"a{suffix}")).frames) == 5
    assert "carries no shot" in netart("info", f"a{suffix}").err


# What moves.


def test_zoom(film) -> None:
    film("zoom", "silk", "--from", "4", "--to", "0.25", *FEW, "-o", "a.mkv")
    radii = [timeline("a.mkv").frame(k).view.radius for k in range(1, 6)]
    assert radii == [4, 2, 1, 0.5, 0.25]
    film("zoom", "silk", *FEW, "-o", "b.mkv")
    found = timeline("b.mkv")
    assert 3.5 < found.frame(1).view.radius / found.frame(5).view.radius < 6
    film("zoom", "nautilus", *FEW, "-o", "c.mkv")
    found = timeline("c.mkv")
    assert found.frame(1).view.radius / found.frame(5).view.radius == pytest.approx(30, rel=1e-3)


def test_a_zoom_of_swirls_closes_and_says_where_it_goes(netart: Run) -> None:
    line = ("zoom", "--features", "swirl:3/8/13", "--layers", "2x6")
    ran = netart(*line, "--save", "a.toml")
    assert (ran.status, ran.err, timeline("a.toml").pace.loop) == (0, "", "cycle")
    ran = netart(*line, "--center", "1,0", "--save", "b.toml")
    assert "goes towards 0" in ran.err and ran.err.count("\n") == 1
    assert timeline("b.toml").pace.loop == "cycle"
    ran = netart(*line, "--center", "1,0", "--toward", "1,0", "--save", "c.toml")
    assert (ran.err, timeline("c.toml").pace.loop) == ("", "none")


def test_scale(film) -> None:
    film("scale", "tour-11", *FEW, "-o", "a.mkv")
    scales = [timeline("a.mkv").frame(k).network.weight_scale for k in (1, 5)]
    assert scales == pytest.approx([0.48, 0.96])
    assert timeline("a.mkv").frame(5).network.bias_scale == "same"


def test_slice(film) -> None:
    film("slice", "silk", "--frames", "12", "-o", "a.mkv")
    places = [timeline("a.mkv").frame(k).view.centre[2:] for k in range(1, 13)]
    expected = [0.8 * cos(2 * pi * k / 12) - 0.8 for k in range(12)]
    assert [float(a) for a, _ in places] == pytest.approx(expected, abs=1e-9)
    film("slice", "cppn", "--from", "z=-1", "--to", "z=1", *FEW, "-o", "b.mkv")
    assert [float(timeline("b.mkv").frame(k).view.centre[2]) for k in (1, 3, 5)] == [-1, 0, 1]


def test_a_picture_is_animated_as_a_gentle_loop(netart: Run) -> None:
    line = ("animate", "silk", "--size", "48x48", "--backend", "reference", "--quiet")
    assert netart(*line, "--save", "a.toml").status == 0
    found = timeline("a.toml")
    assert (found.pace.loop, found.pace.duration) == ("cycle", 8)
    assert netart(*line, "--frames", "12").status == 0
    assert files(Path()) == {"a.toml", "silk-drift.mp4"}
    assert netart(*line, "--frames", "12", "-o", "a.mkv").status == 0
    assert netart("render", "silk", *line[2:], "-o", "a.png").status == 0
    first = seen(Path("a.mkv")).frames[0]
    assert np.abs(first.astype(int) - pixels(Path("a.png"))).mean() < 2


def test_morph_closes_unless_told_not_to(film) -> None:
    film("morph", "silk", "--seeds", "7,42", "--frames", "4", "-o", "a.mkv")
    seeds = [timeline("a.mkv").frame(k).network.mix for k in (1, 3)]
    assert seeds == [((7, 1.0),), ((42, 1.0),)]
    film("morph", "silk", "--seeds", "7,42", "--loop", "none", *FEW, "-o", "b.mkv")
    assert timeline("b.mkv").frame(5).network.mix == ((42, 1.0),)


def test_spin_and_deepen(film) -> None:
    film("spin", "silk", "--rotate", "30", "--frames", "4", "-o", "a.mkv")
    (cosine, _), (sine, _) = timeline("a.mkv").frame(2).view.basis
    assert (cosine, sine) == pytest.approx((-0.5, 3**0.5 / 2))
    film("deepen", "silk", "--frames", "31", "--easing", "smooth", "-o", "b.mkv")
    layers = [timeline("b.mkv").frame(k).lens.layer for k in (1, 16, 31)]
    assert layers == [1, 8.5, 16]


@pytest.mark.parametrize("command", ["slice", "morph", "spin", "animate"])
def test_a_cycle_has_no_jump(film, command: str) -> None:
    """The step from the last frame to the first is like all others."""
    film(command, "silk", "--frames", "40", "-o", "a.mkv")
    frames = [frame.astype(float) for frame in seen(Path("a.mkv")).frames]
    steps = [close(a, b) for a, b in zip(frames, frames[1:] + frames[:1], strict=True)]
    assert steps[-1] <= 1.5 * max(steps[:-1])


def test_contrast_of_a_new_film_is_eased_or_measured_once(film, netart: Run) -> None:
    film("scale", "silk", *FEW, "-o", "a.mkv")
    found = timeline("a.mkv")
    limits = [found.frame(k).look.contrast for k in (1, 2, 3, 4, 5)]
    assert all(isinstance(pairs, tuple) and len(pairs) == 3 for pairs in limits)
    assert len(set(limits)) == 5
    assert netart("scale", "silk", *FEW, "--save", "a.toml").status == 0
    assert timeline("a.toml").shot.look.contrast == "eased"
    film("scale", "silk", "--contrast", "auto", *FEW, "-o", "b.mkv")
    limits = timeline("b.mkv").shot.look.contrast
    assert isinstance(limits, tuple) and len(limits) == 3
    assert {timeline("b.mkv").frame(k).look.contrast for k in (1, 3, 5)} == {limits}
    film("scale", "tour-11", *FEW, "-o", "c.mkv")
    assert timeline("c.mkv").shot.look.contrast is None


@pytest.mark.parametrize("command", ["zoom", "scale", "slice", "morph", "spin"])
def test_nothing_is_compiled_after_the_first_frame(film, gpu: Gpu, command: str) -> None:
    film(command, *COMMANDS[command][:1], *FEW, "-o", "a.mkv")
    found = timeline("a.mkv")
    drawn(gpu, found.frame(1), (16, 16))
    before = gpu.device.compiles
    for number in range(2, 6):
        drawn(gpu, found.frame(number), (16, 16))
    assert gpu.device.compiles == before


FILMS = [name for name in preset_names() if isinstance(read_source(name).document, Timeline)]


@pytest.mark.parametrize("name", FILMS)
def test_presets_that_are_films(name: str) -> None:
    found = read_source(name).document
    assert isinstance(found, Timeline)
    frames = [found.frame(k) for k in (1, found.pace.frames // 3, found.pace.frames)]
    assert len({frame.sha256 for frame in frames}) > 1
    assert shot_of(found).network.depth >= 1


def test_there_are_films_of_the_tour_and_six_loops() -> None:
    assert {"tour-2", "tour-18-film", "tour-20"} <= set(FILMS)
    loops = [read_source(name).document.pace.loop for name in FILMS if not name.startswith("tour")]
    assert loops.count("cycle") >= 6


# What stays for ever.

CALM = (
    "morph",
    "silk",
    "--contrast",
    "auto",
    "--seeds",
    "7,42",
    "--frames",
    "6",
    "--size",
    "48x32",
)
HASHES = (
    "5300f2f06ba3d1edc0b0cd2817277fc38c417f3b28b3e3a1e1ee9b6d1891b5e7",
    "878761aacf3a7d3439da9db24b90805cee2306957e65f0925e63d8a27aeccefc",
    "b4896c137a4b4ef054e92199defa05cf8b8289ba8596705502763a53d443ea00",
)
GOLDEN = Path(__file__).parent / "calm.png"


def test_a_calm_film_is_the_published_one(netart: Run) -> None:
    """Shots by their hashes; pixels of the definition at most one level off."""
    ran = netart(*CALM, "--backend", "reference", "--quiet", "-o", "a.mkv")
    assert ran.status == 0, ran.err
    found = timeline("a.mkv")
    assert tuple(found.frame(k).sha256 for k in (1, 3, 6)) == HASHES
    frames = np.concatenate(seen(Path("a.mkv")).frames)
    with Image.open(GOLDEN) as golden:
        off = np.abs(frames.astype(int) - np.asarray(golden))
    assert off.max() <= 1
    assert (off > 0).mean() <= 0.0001


# Jobs that are cut short.


def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    line = ["morph", "silk", "--frames", "400", "--size", "300x300", "--backend", "cpu"]
    command = [sys.executable, "-m", "netart", *line, "-o", "a.mp4"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    while not list(tmp_path.glob(".a.mp4.part/frame-*")):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"interrupted after" in err and b"the same command goes on" in err
    assert err.count(b"\n") == 1
    assert not (tmp_path / "a.mp4").exists()


def test_a_stream_does_not_go_on(netart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("netart.cli.films.write_film", interrupt)
    for target, goes_on in (("-", False), ("/dev/null", False), ("a.gif", True)):
        ran = netart("spin", "silk", *FEW, *SMALL, "--format", "gif", "-o", target)
        assert (ran.status, ran.err.count("\n")) == (130, 1)
        assert ("goes on" in ran.err) == goes_on


def test_no_path_follows_a_film_in_a_pipe(film) -> None:
    assert film("spin", "silk", *FEW, "--format", "gif", "-o", "/dev/null").out == b""


def test_two_films_beside_each_other(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "netart", "spin", "silk", *FEW, *SMALL, "-o", f"{k}.mkv"],
            cwd=tmp_path, stdout=subprocess.DEVNULL,
        )
        for k in range(2)
    ]  # fmt: skip
    assert [process.wait(60) for process in processes] == [0, 0]
    assert (tmp_path / "0.mkv").read_bytes() == (tmp_path / "1.mkv").read_bytes()


def test_a_zoom_beyond_the_evaluators_numbers_is_announced(netart: Run) -> None:
    line = ("zoom", "silk", "--center", "0.3,0.2", "--to", "1e-8", "--frames", "20", *SMALL[:4])
    ran = netart(*line, "-o", "a.mkv")
    assert ran.status == 2
    assert "frame 14" in ran.err and "--allow-noise" in ran.err and ran.err.count("\n") == 1
    assert files(Path()) == set()
    assert netart(*line, "--backend", "reference", "-o", "a.mkv").status == 0
    ran = netart(*line, "--allow-noise", "-o", "b.mkv")
    assert ran.status == 0
    assert "frame 14" in ran.err
