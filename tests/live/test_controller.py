"""The controller without a window: input leads to pictures, files and messages."""

from __future__ import annotations

import random
import shlex
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner

from netart import lens
from netart.cli import cli
from netart.errors import NetartError, ShaderError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.files.source import read_source
from netart.files.stills.plan import ImageEncoding
from netart.files.weights import npz
from netart.live import overlay, player, preparation
from netart.live.controller import KEEP_PLAYING
from netart.live.gestures import zoom_at
from netart.live.keys import TABLE
from netart.live.preparation import prepare
from netart.live.settings import Settings
from netart.live.status import describe_point
from netart.net.learning.trained import Trained
from netart.net.ops import ACTIVATIONS
from netart.net.recipe import Weights
from netart.pixels import Size
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from netart.shot.view import point
from tests.live.driver import Driver, Moody, OwnGpu, seen, settings_of
from tests.runs import made_run
from tests.shots import EXPLICIT, explicit_network, rendered, shot, values

BASE = shot(layers="3x8", radius="2", center="0.1,0.2")
SIZE = 61, 37
STILL = settings_of(glide=False)

Seat = Callable[..., Driver]

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def seat(drive: Seat, cpu: Cpu) -> Seat:
    """Opens viewers: what they show is the picture."""

    def make(
        one: Shot = BASE,
        size: Size = SIZE,
        settings: Settings = STILL,
        evaluator: Evaluator = cpu,
    ) -> Driver:
        return drive(evaluator, one, size, settings)

    return make


def typed(line: str, *more: str) -> None:
    """Runs a command line that was copied."""
    words = [*shlex.split(line)[1:], *more]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def explicit(folder: Path, widths: tuple[int, ...] = (9, 9)) -> Path:
    """A file of weights that are sampled nowhere."""
    path = folder / "weights.npz"
    with path.open("wb") as file:
        npz.write(file, explicit_network(*widths), {})
    return path


# Keys.


def test_every_named_action_is_there_and_no_other(seat: Seat) -> None:
    named = {does for row in TABLE for does in row.keys.values() if isinstance(does, str)}
    assert named == seat().controller._actions.keys()
    assert named >= KEEP_PLAYING


@pytest.mark.parametrize("key", [key for row in TABLE for key in row.keys])
def test_every_key_leaves_the_picture_that_render_draws(seat: Seat, cpu: Cpu, key: str) -> None:
    driver = seat()
    driver.type(f"f {key}")
    driver.settle() if key != "space" else driver.type("space")
    if key in ("h", "i", "v"):
        assert not np.array_equal(
            driver.settle(), rendered(driver.shot, SIZE, cpu)
        )  # and its panel
        driver.type(key)
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))
    assert driver.history.favourites == (() if key in ("F", "u", "ctrl+z") else (prepare(BASE),))


SEQUENCES = [
    (BASE, "n n d left + + , c w 1 ] L"),
    (BASE, "o O c c c c"),
    (shot(BASE, samples="2", dither="true"), "+ + right"),
    (shot(BASE, outputs="1"), "c - - ."),
    (EXPLICIT, "a left ] 1"),
    (shot(shot(BASE, latent="a=1"), axes="a,y"), "left + 2"),
]


@pytest.mark.parametrize(("one", "keys"), SEQUENCES)
@pytest.mark.parametrize("glide", [False, True])
def test_keys_lead_to_the_shot_on_screen(
    seat: Seat, cpu: Cpu, one: Shot, keys: str, glide: bool
) -> None:
    driver = seat(one, (97, 61), settings_of(glide=glide))
    driver.type(keys)
    assert np.array_equal(driver.settle(), rendered(driver.shot, (97, 61), cpu))
    assert driver.shot == driver.history.shot
    assert driver.shot != prepare(one)


def test_the_gpu_draws_in_the_windows_own_context(seat: Seat, gpu: Gpu) -> None:
    """Its context stays current: another evaluator's has gone by then."""
    own = OwnGpu(gpu)
    driver = seat(evaluator=own)
    driver.type("n + left")
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, own))
    assert "gpu" in driver.host.title
    own.release()


def test_the_title_says_what_draws(seat: Seat, cpu: Cpu) -> None:
    driver = seat()
    driver.type("n")
    assert driver.host.title == f"netart · seed-322 · cpu: {cpu.describe()}"


def test_the_window_is_asked(seat: Seat) -> None:
    driver = seat()
    driver.type("f11 q")
    assert (driver.host.turns, driver.host.left) == (1, True)


def test_where_nothing_happens_nothing_is_drawn(seat: Seat, cpu: Cpu) -> None:
    moody = Moody(cpu)
    driver = seat(evaluator=moody)
    driver.settle()
    asked, swaps = moody.asked, driver.host.swaps
    for _ in range(20):
        driver.step(False)
    driver.controller.on_pointer(3, 4)
    assert driver.rest_s(False) > 1000
    assert (moody.asked, driver.host.swaps) == (asked, swaps)
    driver.type("n")
    for _ in range(20):
        driver.step(True)  # minimised
    assert driver.rest_s(True) > 1000
    assert (moody.asked, driver.host.swaps) == (asked, swaps)
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))


# The mouse.


def test_wheel_and_drag(seat: Seat, cpu: Cpu) -> None:
    driver = seat()
    driver.controller.on_pointer(10, 30)
    aim = (2 * 10 - 61) / 37, (37 - 2 * 30) / 37
    driver.controller.on_scroll(1)
    assert driver.shot == zoom_at(prepare(BASE), 1.12, aim)
    here, there = (point(x.view, ("x", "y"), *aim) for x in (driver.shot, BASE))
    assert max(abs(a - b) for a, b in zip(here, there, strict=True)) < 1e-10
    driver.type("u")
    before = driver.settle()
    driver.controller.on_drag(5, 0, True)
    driver.controller.on_drag(0, -3, False)
    after = driver.settle()
    assert np.array_equal(after, rendered(driver.shot, SIZE, cpu))
    assert np.abs(after[:34, 5:].astype(int) - before[3:, :-5]).max() <= 2
    driver.type("u")
    assert driver.shot == prepare(BASE)


def test_light_follows_the_pointer_and_is_one_step(seat: Seat, cpu: Cpu) -> None:
    driver = seat()
    dark = driver.settle()
    for k, x in enumerate((30, 40, 50)):
        driver.controller.on_pointer(x, 5)
        driver.controller.on_light(k == 0)
    assert driver.shot.look.light == "relief"
    assert 0 < driver.shot.look.light_azimuth < 90
    lit = driver.settle()
    assert np.array_equal(lit, rendered(driver.shot, SIZE, cpu))
    assert not np.array_equal(lit, dark)
    driver.type("u")
    assert driver.shot == prepare(BASE)


def test_one_turn_of_the_wheel_is_one_step_and_no_other_input_is(seat: Seat) -> None:
    driver = seat()
    for _ in range(3):
        driver.controller.on_scroll(1)
    driver.type("u")
    assert driver.shot == prepare(BASE)
    for other in ("n", "f", "u", "ctrl+y"):
        driver.controller.on_scroll(1)
        steps = len(driver.history.past)
        driver.type(other)
        between = len(driver.history.past)
        driver.controller.on_scroll(1)
        assert len(driver.history.past) == between + 1, other
        assert abs(between - steps) <= 1
    driver.controller.on_drag(3, 3, True)
    steps = len(driver.history.past)
    driver.controller.on_scroll(1)
    assert len(driver.history.past) == steps + 1


def test_a_key_that_is_held_is_one_step(seat: Seat) -> None:
    driver = seat()
    for k in range(5):
        driver.controller.on_key("left", repeated=k > 0)
    assert len(driver.history.past) == 1


def test_input_is_undone(seat: Seat, cpu: Cpu) -> None:
    driver, rng = seat(size=(31, 17)), random.Random(3)
    keys = [key for row in TABLE for key in row.keys if row.keys[key] not in ("save", "write")]
    keys = [key for key in keys if key not in ("v", "u", "ctrl+z", "ctrl+y", "ctrl+Z", "x")]
    begin = driver.settle()
    for k in range(150):
        kind = rng.random()
        if kind < 0.1:
            driver.tried(lambda: driver.controller.on_scroll(rng.uniform(-3, 3)))
        elif kind < 0.2:
            driver.controller.on_drag(rng.uniform(-9, 9), rng.uniform(-9, 9), rng.random() < 0.5)
        elif kind < 0.25:
            driver.controller.on_pointer(rng.uniform(0, 31), rng.uniform(0, 17))
        else:
            driver.type(rng.choice(keys))
        if k % 7 == 0:
            driver.step(False)
    driver.type("space space")  # whatever plays has stopped
    end, kept = driver.shot, driver.history.favourites
    steps = len(driver.history.past)
    assert steps > 60
    driver.type("u " * (steps + 1))
    assert driver.said[-1] == "nothing to undo"
    assert driver.shot == prepare(BASE)
    assert driver.history.favourites == ()
    if driver.controller.overlay.shows_help:
        driver.type("h")
    if driver.controller.overlay.shows_numbers:
        driver.type("i")
    assert np.array_equal(driver.settle(), begin)
    driver.type("ctrl+y " * steps)
    assert (driver.shot, driver.history.favourites) == (end, kept)


# Sizes.


@pytest.mark.parametrize("size", [(101, 67), (1, 1), (33, 200), (2, 3), (256, 255)])
def test_windows_of_odd_sizes(seat: Seat, cpu: Cpu, size: Size) -> None:
    driver = seat()
    driver.type("h i")
    driver.controller.on_resize(size)
    driver.settle()
    driver.controller.on_scale(2.0)
    driver.settle()
    driver.type("h i +")
    assert driver.size == size
    assert np.array_equal(driver.settle(), rendered(driver.shot, size, cpu))


def test_a_window_that_grows_and_shrinks_while_it_draws(seat: Seat, cpu: Cpu) -> None:
    driver = seat()
    for k in range(1, 12):
        driver.controller.on_resize((20 * k, 200 // k))
        driver.step(False)
    driver.controller.on_resize(SIZE)
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))


# Favourites.


def test_favourites(seat: Seat, cpu: Cpu) -> None:
    driver = seat()
    driver.type("tab")
    assert "no favourites" in driver.said[-1]
    driver.type("F")
    assert "no favourite" in driver.said[-1]
    driver.type("f f n f c f")
    kept = driver.history.favourites
    assert [one.sha256 for one in kept] == [x.sha256 for x in dict.fromkeys(kept)]
    assert len(kept) == 3
    driver.type("left tab")
    assert driver.shot == kept[0]
    for key, number in (("tab", 1), ("tab", 2), ("tab", 0), ("shift+tab", 2), ("shift+tab", 1)):
        driver.type(key)
        assert driver.shot == kept[number]
        assert driver.said[-1] == f"favourite {number + 1} of 3"
        assert np.array_equal(driver.settle(), rendered(kept[number], SIZE, cpu))
    driver.type("F")
    assert driver.history.favourites == (kept[0], kept[2])
    driver.type("u")
    assert driver.history.favourites == kept
    driver.type("left shift+tab")
    assert driver.shot == kept[2]


def test_back_to_the_start(seat: Seat) -> None:
    driver = seat()
    driver.type("n left + 0")
    assert driver.shot == prepare(BASE)
    driver.type("u")
    assert driver.shot != prepare(BASE)


# Words.


def test_what_is_said(seat: Seat) -> None:
    driver = seat()
    driver.type("n D D D D")
    assert "seed 322" in driver.said
    assert driver.said[-1] == "the network has no hidden layer that could go"
    driver.type("S")
    assert driver.said[-1] == "stills are 122x74"
    deep = seat(shot(BASE, center="1,0", radius="1e-5"))
    deep.type("+")
    assert deep.said[-1].endswith("cpu cannot tell pixels apart so close")
    deep.type("+ " * 100)
    assert "float64 cannot tell pixels apart" in deep.said[-1]


def test_a_notice_stays_a_while(seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "NOTICE_S", 20.0)
    driver = seat(size=(200, 100))
    driver.type("n")
    driver.until(lambda: not driver.image.busy)
    driver.step(False)
    shown, wanted = seen(driver.target, driver.size), rendered(driver.shot, driver.size, cpu)
    differs = (shown != wanted).any(axis=(1, 2))
    assert differs[60:].any()
    assert not differs[:50].any()  # the line is at the bottom
    assert 10 < driver.rest_s(False) <= 20
    driver.controller.overlay.notice_until_s = 0.0
    assert np.array_equal(driver.settle(), wanted)


def test_numbers_under_the_pointer(seat: Seat) -> None:
    driver = seat(shot(BASE, latent="t=0.5"))
    driver.type("i")
    for x, y in ((0, 0), (60, 12), (30.5, 18.5)):
        driver.controller.on_pointer(x, y)
        assert "numbers" in driver.controller.panels()
        places, _, outputs = describe_point(driver.shot, driver.controller._pointer).partition(":")
        u, v = (2 * x - 61) / 37, (37 - 2 * y) / 37
        where = 0.1 + 2 * u, 0.2 + 2 * v
        assert places.split() == ["x", f"{where[0]:.3f}", "y", f"{where[1]:.3f}", "t", "0.500"]
        wanted = ACTIVATIONS["sigmoid"].function(values(driver.shot, [where]))[0]
        assert [float(number) for number in outputs.split()] == pytest.approx(wanted, abs=1e-4)
    driver.type("i")
    assert "numbers" not in driver.controller.panels()


def test_any_name_can_be_said(seat: Seat, folder: Path) -> None:
    driver = seat()
    for name in ("a\nb.toml", "日本.toml", "%s {x}.toml", "x" * 250):
        driver.tried(lambda name=name: driver.controller.on_drop(str(folder / name)))  # type: ignore[misc]
        assert name.split("\n")[0][:10] in driver.said[-1]
        driver.settle()


# Stills, texts, command lines.


@pytest.mark.parametrize(("one", "keys"), SEQUENCES)
def test_a_saved_still_is_what_the_copied_line_draws(
    seat: Seat, folder: Path, one: Shot, keys: str
) -> None:
    base = None
    if isinstance(one.network, Weights):
        base = (str(explicit(folder)),), prepare(read_source(explicit(folder)).shot)
        one, keys = base[1], keys.replace("1", "")
    driver = seat(one, SIZE, settings_of(glide=False, base=base))
    driver.type(f"{keys} h i s x")
    driver.settle()
    (saved,) = folder.glob("*.png")
    assert driver.said[-1] == f"wrote {saved.name}" or f"wrote {saved.name}" in driver.said
    if base is not None:
        assert read_source(saved).shot == driver.shot
    typed(driver.host.copied[-1], "--backend", "cpu", "-o", "wanted.png")
    assert saved.read_bytes() == (folder / "wanted.png").read_bytes()


def test_a_still_that_is_saved_on_the_way_is_where_it_goes(seat: Seat, folder: Path) -> None:
    driver = seat(settings=settings_of(glide=True))
    driver.settle()
    driver.type("+ left s x")
    driver.settle()
    typed(driver.host.copied[-1], "--backend", "cpu", "-o", "wanted.png")
    assert (folder / "seed-321.png").read_bytes() == (folder / "wanted.png").read_bytes()


def test_stills_have_the_size_and_format_that_were_chosen(seat: Seat, folder: Path) -> None:
    settings = settings_of(glide=False, still=(30, 20), encoding=ImageEncoding("tiff", bits=16))
    driver = seat(settings=settings)
    for size in ((30, 20), SIZE, (122, 74), (244, 148), (30, 20)):
        driver.type("s")
        driver.settle()
        (saved,) = folder.glob("*.tif")
        assert read_source(saved).size == size
        assert read_source(saved).shot == driver.shot
        saved.unlink()
        driver.type("S")


def test_stills_never_overwrite(seat: Seat, folder: Path) -> None:
    (folder / "seed-321.png").write_bytes(b"mine")
    driver = seat()
    driver.type("s s s")
    driver.settle()
    driver.type("s")
    driver.settle()
    assert (folder / "seed-321.png").read_bytes() == b"mine"
    names = {path.name for path in folder.iterdir()}
    assert names == {"seed-321.png", *(f"seed-321-{number}.png" for number in (2, 3, 4, 5))}


def test_input_goes_on_while_a_still_is_saved(seat: Seat, cpu: Cpu, folder: Path) -> None:
    one = shot(BASE, layers="8x30", samples="2")
    driver = seat(one)
    driver.type("S S s n")
    assert driver.writing
    driver.until(lambda: not driver.image.busy)
    driver.settle()
    assert read_source(folder / "seed-321.png").shot == prepare(one)
    assert driver.shot != prepare(one)


def test_texts_are_written(seat: Seat, folder: Path) -> None:
    driver = seat()
    driver.type("n left e e")
    for name in ("seed-322.toml", "seed-322-2.toml"):
        found = read_source(folder / name)
        assert found.document == driver.shot
        assert found.size == SIZE
    assert driver.said[-1] == "wrote seed-322-2.toml"


def test_a_line_that_cannot_be_said(seat: Seat) -> None:
    driver = seat(EXPLICIT)
    driver.type("x")
    assert driver.said[-1] == "no options can say this: e writes it as TOML"
    assert driver.host.copied == []


def test_a_line_names_the_backend_that_was_asked_for(
    seat: Seat, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = seat(settings=settings_of(glide=False, backend="cpu"))
    driver.type("x")
    (line,) = driver.host.copied
    assert line.startswith("netart render ")
    assert line.endswith(" --backend cpu --size 61x37")
    assert capsys.readouterr().out == f"{line}\n"


def test_a_folder_that_cannot_be_written(seat: Seat, cpu: Cpu, folder: Path) -> None:
    driver = seat()
    folder.rmdir()
    driver.type("s")
    driver.settle()
    assert driver.said[-1].startswith("seed-321.png: ")
    driver.type("e")
    assert driver.said[-1].startswith("seed-321.toml: ")
    driver.type("v left v")
    driver.settle()
    assert driver.said[-1].startswith("seed-321-hands.toml: ")
    driver.type("n")
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))
    assert driver.said[-1] == "seed 322"


# What goes wrong.


@pytest.mark.parametrize("wrong", [NetartError("out of luck"), ShaderError("no\nluck: 3")])
def test_a_fault_keeps_the_last_picture(
    seat: Seat, cpu: Cpu, wrong: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    moody = Moody(cpu)
    driver = seat(evaluator=moody)
    good = driver.settle()
    moody.wrong = wrong
    driver.type("n")
    assert np.array_equal(driver.settle(), good)
    assert driver.said[-1].startswith("cannot be drawn: ")
    assert driver.said[-1].endswith(str(wrong).splitlines()[-1])
    assert str(wrong) in capsys.readouterr().err
    driver.type("s")
    driver.settle()
    assert str(wrong).splitlines()[-1] in driver.said[-1]
    moody.wrong = None
    driver.type("n")
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))


def test_leaving_finishes_stills(
    seat: Seat, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = seat(shot(BASE, layers="8x30", samples="2"))
    driver.type("S S s q")
    assert driver.writing
    assert driver.host.left
    driver.finish()
    driver.until(lambda: not driver.writing, hidden=True)
    assert "finishing seed-321.png" in capsys.readouterr().err
    assert read_source(folder / "seed-321.png").size == (244, 148)


def test_closing_leaves_nothing_half_written(seat: Seat, folder: Path) -> None:
    driver = seat(shot(BASE, layers="8x30", samples="2"))
    driver.type("S S s")
    driver.close()
    assert not driver.writing
    assert list(folder.iterdir()) == []


# Films.


def play(driver: Driver, count: int) -> list[Shot]:
    """The next shots of the film."""
    found = [driver.shot]

    def more() -> bool:
        if driver.shot != found[-1]:
            found.append(driver.shot)
        return len(found) > count

    driver.until(more)
    return found


def wait(driver: Driver, seconds: float) -> None:
    """Steps for so long without input."""
    end_s = time.perf_counter() + seconds
    driver.until(lambda: time.perf_counter() > end_s)


@pytest.mark.parametrize("name", FILMS)
def test_films_play_and_stop_as_one_step(seat: Seat, cpu: Cpu, name: str) -> None:
    driver = seat()
    driver.type("n " + "t " * list(FILMS).index(name) + "space")
    assert driver.said[-1] == f"film: {name}   space stops it"
    before, steps = driver.history.shot, len(driver.history.past)
    play(driver, 5)
    assert driver.history.shot == before
    driver.type("space")
    assert len(driver.history.past) == steps + 1
    assert driver.shot == driver.history.shot != before
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))
    driver.type("u")
    assert driver.shot == before


def test_a_key_stops_a_film_where_it_is(seat: Seat) -> None:
    driver = seat()
    driver.type("t t t space")  # spins
    play(driver, 3)
    driver.type("n")
    assert driver.shot.view.basis != BASE.view.basis
    assert dict(driver.shot.network.mix) == {322: 1.0}  # type: ignore[union-attr]
    assert len(driver.history.past) == 2
    driver.type("space")
    play(driver, 3)
    driver.type("h i s x e")  # what leaves it running
    play(driver, 5)


def test_the_film_of_a_source(seat: Seat, cpu: Cpu) -> None:
    made = FILMS["spin"](BASE)
    film = Timeline(shot=BASE, tracks=made.tracks, pace=Pace(frames=5, rate="25", loop="cycle"))
    driver = seat(settings=settings_of(glide=False, film=film))
    assert "space plays its film" in driver.said[0]
    driver.type("space")
    assert driver.said[-1] == "film: own   space stops it"
    shown = play(driver, 9)
    assert len({one.view.basis for one in shown}) > 5
    (numbers,) = {one.look.contrast for one in shown[1:]}  # it does not flicker
    assert isinstance(numbers, tuple)
    driver.type("t")
    assert driver.said[-1].startswith("film: zoom")
    driver.type("T T")
    assert driver.said[-1].startswith("film: deepen")


def test_a_run_learns_and_stays_at_its_last_step(
    seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "LEARN_S", 0.4)
    one = Shot(network=Trained(runs=(made_run(steps=(0, 1, 10, 100, 1000)),)))
    driver = seat(one)
    assert "space plays the run" in driver.said[0]
    driver.type("home space")
    assert driver.said[-1] == "film: learn   space stops it"
    driver.until(lambda: not driver.controller._player.playing)
    last = "step 1,000   loss 0.100   100.00% right"
    assert driver.said[-1] == f"the film has stopped   {last}"
    assert np.array_equal(driver.settle(), rendered(one, SIZE, cpu))
    driver.type("u")
    assert driver.shot.network == shot(one, step="0").network


def test_a_film_that_there_cannot_be(seat: Seat) -> None:
    driver = seat(EXPLICIT)
    driver.type("t t space")
    assert driver.said[-1] == "morph: the network's weights are explicit, there are no seeds"
    driver.settle()


def test_a_film_that_breaks_off(seat: Seat, folder: Path, cpu: Cpu) -> None:
    """The read-out fits the first and the last hidden layer, and none between them."""
    one = read_source(explicit(folder, (4, 3, 4))).shot
    driver = seat(one)
    driver.type("T space")
    assert driver.said[-1].startswith("film: deepen")
    driver.until(lambda: "wide" in driver.said[-1])
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))
    driver.type("left")
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))


def frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.slow
@pytest.mark.parametrize("glide", [False, True])
def test_input_is_recorded(seat: Seat, folder: Path, cpu: Cpu, glide: bool) -> None:
    driver = seat(size=(60, 36), settings=settings_of(glide=glide))
    driver.type("v")
    for keys in ("left", "n", "+ ,", "c"):
        wait(driver, 0.12)
        driver.type(keys)
    wait(driver, 0.25)
    driver.type("v")
    assert np.array_equal(driver.settle(), rendered(driver.shot, (60, 36), cpu))
    film = read_source(folder / "seed-321-hands.toml").document
    assert isinstance(film, Timeline)
    assert read_source(folder / "seed-321-hands.mp4").document == film
    assert film.at(0).view == BASE.view
    assert film.at(1).view == driver.shot.view
    assert lens.explicit(film.at(1)).look == lens.explicit(driver.shot).look
    shown = frames(folder / "seed-321-hands.mp4")
    assert len(shown) == film.pace.frames
    for picture, one in ((shown[0], prepare(BASE)), (shown[-1], driver.shot)):
        assert np.abs(picture.astype(int) - rendered(one, (60, 36), cpu)).mean() < 6
    assert driver.said[-1] == "wrote seed-321-hands.mp4"


def test_nothing_recorded_is_said(seat: Seat, folder: Path) -> None:
    driver = seat()
    driver.type("v v")
    driver.settle()
    assert driver.said[-1] == "nothing has moved: there is no film"
    assert list(folder.iterdir()) == []


def test_leaving_stops_a_film_that_can_go_on(
    seat: Seat, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = seat(shot(BASE, layers="8x30"), size=(200, 120))
    driver.type("v left")
    wait(driver, 0.6)
    driver.type("n v")
    driver.until(lambda: (folder / "seed-321-hands.toml").exists(), hidden=True)
    driver.finish()
    driver.until(lambda: not driver.writing, hidden=True)
    driver.step(True)
    assert driver.said[-1].startswith("stopped: netart animate seed-321-hands.toml")
    assert not (folder / "seed-321-hands.mp4").exists()
    typed(driver.said[-1].removeprefix("stopped: ").removesuffix(" goes on"), "--backend", "cpu")
    film = read_source(folder / "seed-321-hands.toml").document
    assert isinstance(film, Timeline)
    assert len(frames(folder / "seed-321-hands.mp4")) == film.pace.frames


# Dropping files.


def test_files_are_opened(seat: Seat, folder: Path, cpu: Cpu) -> None:
    maker = seat()
    maker.type("n left s e v")
    wait(maker, 0.1)
    maker.type("+ v")
    maker.settle()
    made = maker.history.past[-1][0]
    for path in (folder / "seed-322.png", folder / "seed-322.toml"):
        driver = seat()
        driver.type("c f")
        before = driver.shot
        driver.controller.on_drop(str(path))
        assert driver.shot == made
        assert driver.said[-1] == f"opened {path}"
        assert np.array_equal(driver.settle(), rendered(made, SIZE, cpu))
        driver.type("left 0")
        assert driver.shot == made
        driver.type("u u u")
        assert driver.shot == before
    for name in ("seed-322-hands.toml", "seed-322-hands.mp4"):
        driver = seat()
        driver.controller.on_drop(str(folder / name))
        driver.settle()
        driver.type("space")
        assert driver.said[-1].startswith("film: own")
    driver = seat()
    path = explicit(folder)
    driver.controller.on_drop(str(path))
    assert driver.shot.network == read_source(path).shot.network
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))
    driver.type("left x s")
    driver.settle()
    assert shlex.split(driver.host.copied[-1])[2] == str(path)
    typed(driver.host.copied[-1], "--backend", "cpu", "-o", "wanted.png")
    assert (folder / "weights.png").read_bytes() == (folder / "wanted.png").read_bytes()


def nonsense(folder: Path) -> list[Path]:
    files: dict[str, bytes] = {
        "words.txt": b"hello",
        "words.toml": b"hello",
        "other.toml": b'[shot.view]\nradius = -3\n',
        "empty.png": b"",
        "broken.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        "broken.npz": b"PK\x03\x04" + b"\0" * 99,
        "broken.mp4": bytes(range(256)),
        "none": b"",
        "no \xff suffix".encode("latin-1").decode("latin-1"): b"",
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "folder").mkdir()
    (folder / "folder.png").mkdir()
    names = [*files, "folder", "folder.png", "missing.png", "missing"]
    return [folder / name for name in names]


def test_nonsense_is_refused_and_nothing_changes(seat: Seat, folder: Path, cpu: Cpu) -> None:
    driver = seat()
    driver.type("n")
    before, steps = driver.shot, len(driver.history.past)
    driver.type("x")
    for path in nonsense(folder):
        driver.tried(lambda path=path: driver.controller.on_drop(str(path)))  # type: ignore[misc]
        assert path.name[:4] in driver.said[-1]
        assert not driver.said[-1].startswith("opened")
        assert driver.shot == before
        assert len(driver.history.past) == steps
    driver.type("x")
    assert driver.host.copied[0] == driver.host.copied[1]
    assert np.array_equal(driver.settle(), rendered(before, SIZE, cpu))
    driver.type("0")
    assert driver.shot == prepare(BASE)


# Large networks, which are made beside the window's work.


def test_a_network_that_takes_long_comes_later(
    seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "MAX_AT_ONCE", 100)
    driver = seat()
    driver.type("n left n d c")
    assert np.array_equal(driver.settle(), rendered(driver.shot, SIZE, cpu))
    assert isinstance(driver.shot.look.contrast, tuple)
    again = seat()
    for key in ["n", "left", "n", "d", "c"]:
        again.type(key)
        again.settle()
    assert again.shot == driver.shot
    driver.type("u " * 5)
    assert driver.shot == prepare(BASE)
    assert np.array_equal(driver.settle(), rendered(prepare(BASE), SIZE, cpu))
    driver.type("n u")  # what was on its way does not come
    driver.settle()
    assert driver.shot == prepare(BASE)


@pytest.mark.parametrize("palette", ["corners:sun", "rgb"])
def test_moving_over_a_large_network_takes_not_long(palette: str) -> None:
    shown = prepare(shot(layers="12x100", palette=palette))
    assert not preparation.takes_long(shot(shown, radius="0.5"), shown)
    assert preparation.takes_long(shot(shown, seed="7"), shown)


def test_a_network_that_takes_long_and_cannot_be(
    seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(one: Shot) -> Shot:
        raise NetartError("out of luck")

    driver = seat()
    good = driver.settle()
    steps = len(driver.history.past)
    monkeypatch.setattr(preparation, "MAX_AT_ONCE", 100)
    monkeypatch.setattr(preparation, "prepare", refuses)
    driver.type("n")
    assert np.array_equal(driver.settle(), good)
    assert driver.said[-1] == "out of luck"
    assert driver.shot == prepare(BASE)
    assert len(driver.history.past) == steps
