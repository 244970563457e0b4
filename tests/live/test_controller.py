"""The controller without a window: input leads to pictures, files and messages."""

from __future__ import annotations

import random
import shlex
import time
from collections.abc import Callable, Iterator
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
from netart.files.npz import write_npz
from netart.files.source import read_source
from netart.files.stills.plan import ImageEncoding
from netart.live import overlay, preparation
from netart.live.controller import KEEP_PLAYING
from netart.live.keys import TABLE, zoom_at
from netart.live.preparation import prepare
from netart.live.settings import Settings
from netart.live.status import describe_point
from netart.net.ops import ACTIVATIONS
from netart.net.recipe import Weights
from netart.pixels import Size
from netart.shot.films import FILMS
from netart.shot.shot import Shot
from netart.shot.timeline import Pace, Timeline
from netart.shot.view import point
from tests.live.driver import Driver, Moody, seen, settings_of
from tests.shots import EXPLICIT, explicit_network, rendered, shot, values

BASE = shot(layers="3x8", radius="2", center="0.1,0.2")
SIZE = 61, 37
STILL = settings_of(glide=False)

Seat = Callable[..., Driver]

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def seat(gpu: Gpu, cpu: Cpu, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """Opens viewers whose notices go at once: what they show is the picture."""
    monkeypatch.setattr(overlay, "NOTICE_S", 0.0)
    opened: list[Driver] = []

    with gpu.device.context as context:

        def make(
            one: Shot = BASE,
            size: Size = SIZE,
            settings: Settings = STILL,
            evaluator: Evaluator = cpu,
        ) -> Driver:
            opened.append(Driver(context, evaluator, one, size, settings))
            return opened[-1]

        yield make
        for hands in opened:
            hands.close()
        assert context.error == "GL_NO_ERROR"


def typed(line: str, *more: str) -> None:
    """Runs a command line that was copied."""
    words = [*shlex.split(line)[1:], *more]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def explicit(folder: Path, widths: tuple[int, ...] = (9, 9)) -> Path:
    """A file of weights that are sampled nowhere."""
    path = folder / "weights.npz"
    with path.open("wb") as file:
        write_npz(file, explicit_network(*widths), {})
    return path


# Keys.


def test_every_named_action_is_there_and_no_other(seat: Seat) -> None:
    named = {does for row in TABLE for does in row.keys.values() if isinstance(does, str)}
    assert named == seat().controller._actions.keys()
    assert named >= KEEP_PLAYING


@pytest.mark.parametrize("key", [key for row in TABLE for key in row.keys])
def test_every_key_leaves_the_picture_that_render_draws(seat: Seat, cpu: Cpu, key: str) -> None:
    hands = seat()
    hands.type(f"f {key}")
    hands.settle() if key != "space" else hands.type("space")
    if key in ("h", "i", "v"):
        assert not np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))  # and its panel
        hands.type(key)
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))
    assert hands.history.favourites == (() if key in ("F", "u", "ctrl+z") else (prepare(BASE),))


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
    hands = seat(one, (97, 61), settings_of(glide=glide))
    hands.type(keys)
    assert np.array_equal(hands.settle(), rendered(hands.shot, (97, 61), cpu))
    assert hands.shot == hands.history.shot
    assert hands.shot != prepare(one)


def test_the_gpu_draws_in_the_windows_own_context(seat: Seat, gpu: Gpu) -> None:
    """Its context stays current: another evaluator's has gone by then."""

    class Own(Gpu):
        def close(self) -> None: ...

    own = Own(Stays(gpu.device.context))
    hands = seat(evaluator=own)
    hands.type("n + left")
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, own))
    assert "gpu" in hands.host.title
    Gpu.close(own)


class Stays:
    """A context that is always current, as the window's is."""

    def __init__(self, context: object) -> None:
        object.__setattr__(self, "_context", context)

    def __enter__(self) -> None: ...
    def __exit__(self, *exception: object) -> None: ...

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._context, name, value)


def test_the_title_says_what_draws(seat: Seat, cpu: Cpu) -> None:
    hands = seat()
    hands.type("n")
    assert hands.host.title == f"netart · seed-322 · cpu: {cpu.describe()}"


def test_the_window_is_asked(seat: Seat) -> None:
    hands = seat()
    hands.type("f11 q")
    assert (hands.host.turns, hands.host.left) == (1, True)


def test_where_nothing_happens_nothing_is_drawn(seat: Seat, cpu: Cpu) -> None:
    moody = Moody(cpu)
    hands = seat(evaluator=moody)
    hands.settle()
    asked, swaps = moody.asked, hands.host.swaps
    for _ in range(20):
        hands.step(False)
    hands.controller.on_pointer(3, 4)
    assert hands.rest_s(False) > 1000
    assert (moody.asked, hands.host.swaps) == (asked, swaps)
    hands.type("n")
    for _ in range(20):
        hands.step(True)  # minimised
    assert hands.rest_s(True) > 1000
    assert (moody.asked, hands.host.swaps) == (asked, swaps)
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))


# The mouse.


def test_wheel_and_drag(seat: Seat, cpu: Cpu) -> None:
    hands = seat()
    hands.controller.on_pointer(10, 30)
    aim = (2 * 10 - 61) / 37, (37 - 2 * 30) / 37
    hands.controller.on_scroll(1)
    assert hands.shot == zoom_at(prepare(BASE), 1.12, aim)
    here, there = (point(x.view, ("x", "y"), *aim) for x in (hands.shot, BASE))
    assert max(abs(a - b) for a, b in zip(here, there, strict=True)) < 1e-10
    hands.type("u")
    before = hands.settle()
    hands.controller.on_drag(5, 0, True)
    hands.controller.on_drag(0, -3, False)
    after = hands.settle()
    assert np.array_equal(after, rendered(hands.shot, SIZE, cpu))
    assert np.abs(after[:34, 5:].astype(int) - before[3:, :-5]).max() <= 2
    hands.type("u")
    assert hands.shot == prepare(BASE)


def test_one_turn_of_the_wheel_is_one_step_and_no_other_hand_is(seat: Seat) -> None:
    hands = seat()
    for _ in range(3):
        hands.controller.on_scroll(1)
    hands.type("u")
    assert hands.shot == prepare(BASE)
    for other in ("n", "f", "u", "ctrl+y"):
        hands.controller.on_scroll(1)
        steps = len(hands.history.past)
        hands.type(other)
        between = len(hands.history.past)
        hands.controller.on_scroll(1)
        assert len(hands.history.past) == between + 1, other
        assert abs(between - steps) <= 1
    hands.controller.on_drag(3, 3, True)
    steps = len(hands.history.past)
    hands.controller.on_scroll(1)
    assert len(hands.history.past) == steps + 1


def test_a_key_that_is_held_is_one_step(seat: Seat) -> None:
    hands = seat()
    for k in range(5):
        hands.controller.on_key("left", repeated=k > 0)
    assert len(hands.history.past) == 1


def test_hands_are_undone(seat: Seat, cpu: Cpu) -> None:
    hands, rng = seat(size=(31, 17)), random.Random(3)
    keys = [key for row in TABLE for key in row.keys if row.keys[key] not in ("save", "write")]
    keys = [key for key in keys if key not in ("v", "u", "ctrl+z", "ctrl+y", "ctrl+Z", "x")]
    begin = hands.settle()
    for k in range(150):
        kind = rng.random()
        if kind < 0.1:
            hands.tried(lambda: hands.controller.on_scroll(rng.uniform(-3, 3)))
        elif kind < 0.2:
            hands.controller.on_drag(rng.uniform(-9, 9), rng.uniform(-9, 9), rng.random() < 0.5)
        elif kind < 0.25:
            hands.controller.on_pointer(rng.uniform(0, 31), rng.uniform(0, 17))
        else:
            hands.type(rng.choice(keys))
        if k % 7 == 0:
            hands.step(False)
    hands.type("space space")  # whatever plays has stopped
    end, kept = hands.shot, hands.history.favourites
    steps = len(hands.history.past)
    assert steps > 60
    hands.type("u " * (steps + 1))
    assert hands.said[-1] == "nothing to undo"
    assert hands.shot == prepare(BASE)
    assert hands.history.favourites == ()
    if hands.controller.overlay.shows_help:
        hands.type("h")
    if hands.controller.overlay.shows_numbers:
        hands.type("i")
    assert np.array_equal(hands.settle(), begin)
    hands.type("ctrl+y " * steps)
    assert (hands.shot, hands.history.favourites) == (end, kept)


# Sizes.


@pytest.mark.parametrize("size", [(101, 67), (1, 1), (33, 200), (2, 3), (256, 255)])
def test_windows_of_odd_sizes(seat: Seat, cpu: Cpu, size: Size) -> None:
    hands = seat()
    hands.type("h i")
    hands.controller.on_resize(size)
    hands.settle()
    hands.controller.on_scale(2.0)
    hands.settle()
    hands.type("h i +")
    assert hands.size == size
    assert np.array_equal(hands.settle(), rendered(hands.shot, size, cpu))


def test_a_window_that_grows_and_shrinks_while_it_draws(seat: Seat, cpu: Cpu) -> None:
    hands = seat()
    for k in range(1, 12):
        hands.controller.on_resize((20 * k, 200 // k))
        hands.step(False)
    hands.controller.on_resize(SIZE)
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))


# Favourites.


def test_favourites(seat: Seat, cpu: Cpu) -> None:
    hands = seat()
    hands.type("tab")
    assert "no favourites" in hands.said[-1]
    hands.type("F")
    assert "no favourite" in hands.said[-1]
    hands.type("f f n f c f")
    kept = hands.history.favourites
    assert [one.sha256 for one in kept] == [x.sha256 for x in dict.fromkeys(kept)]
    assert len(kept) == 3
    hands.type("left tab")
    assert hands.shot == kept[0]
    for key, number in (("tab", 1), ("tab", 2), ("tab", 0), ("shift+tab", 2), ("shift+tab", 1)):
        hands.type(key)
        assert hands.shot == kept[number]
        assert hands.said[-1] == f"favourite {number + 1} of 3"
        assert np.array_equal(hands.settle(), rendered(kept[number], SIZE, cpu))
    hands.type("F")
    assert hands.history.favourites == (kept[0], kept[2])
    hands.type("u")
    assert hands.history.favourites == kept
    hands.type("left shift+tab")
    assert hands.shot == kept[2]


def test_back_to_the_start(seat: Seat) -> None:
    hands = seat()
    hands.type("n left + 0")
    assert hands.shot == prepare(BASE)
    hands.type("u")
    assert hands.shot != prepare(BASE)


# Words.


def test_what_is_said(seat: Seat) -> None:
    hands = seat()
    hands.type("n D D D D")
    assert "seed 322" in hands.said
    assert hands.said[-1] == "the network has no hidden layer that could go"
    hands.type("S")
    assert hands.said[-1] == "stills are 122x74"
    deep = seat(shot(BASE, center="1,0", radius="1e-5"))
    deep.type("+")
    assert deep.said[-1].endswith("cpu cannot tell pixels apart so close")
    deep.type("+ " * 100)
    assert "float64 cannot tell pixels apart" in deep.said[-1]


def test_a_notice_stays_a_while(seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "NOTICE_S", 20.0)
    hands = seat(size=(200, 100))
    hands.type("n")
    hands.until(lambda: not hands.image.busy)
    hands.step(False)
    shown, wanted = seen(hands.target, hands.size), rendered(hands.shot, hands.size, cpu)
    differs = (shown != wanted).any(axis=(1, 2))
    assert differs[60:].any()
    assert not differs[:50].any()  # the line is at the bottom
    assert 10 < hands.rest_s(False) <= 20
    hands.controller.overlay.notice_until_s = 0.0
    assert np.array_equal(hands.settle(), wanted)


def test_numbers_under_the_pointer(seat: Seat) -> None:
    hands = seat(shot(BASE, latent="t=0.5"))
    hands.type("i")
    for x, y in ((0, 0), (60, 12), (30.5, 18.5)):
        hands.controller.on_pointer(x, y)
        assert "numbers" in hands.controller.panels()
        places, _, outputs = describe_point(hands.shot, hands.controller._pointer).partition(":")
        u, v = (2 * x - 61) / 37, (37 - 2 * y) / 37
        where = 0.1 + 2 * u, 0.2 + 2 * v
        assert places.split() == ["x", f"{where[0]:.3f}", "y", f"{where[1]:.3f}", "t", "0.500"]
        wanted = ACTIVATIONS["sigmoid"].function(values(hands.shot, [where]))[0]
        assert [float(number) for number in outputs.split()] == pytest.approx(wanted, abs=1e-4)
    hands.type("i")
    assert "numbers" not in hands.controller.panels()


def test_any_name_can_be_said(seat: Seat, folder: Path) -> None:
    hands = seat()
    for name in ("a\nb.toml", "日本.toml", "%s {x}.toml", "x" * 250):
        hands.tried(lambda name=name: hands.controller.on_drop(str(folder / name)))  # type: ignore[misc]
        assert name.split("\n")[0][:10] in hands.said[-1]
        hands.settle()


# Stills, texts, command lines.


@pytest.mark.parametrize(("one", "keys"), SEQUENCES)
def test_a_saved_still_is_what_the_copied_line_draws(
    seat: Seat, folder: Path, one: Shot, keys: str
) -> None:
    base = None
    if isinstance(one.network, Weights):
        base = str(explicit(folder)), prepare(read_source(explicit(folder)).shot)
        one, keys = base[1], keys.replace("1", "")
    hands = seat(one, SIZE, settings_of(glide=False, base=base))
    hands.type(f"{keys} h i s x")
    hands.settle()
    (saved,) = folder.glob("*.png")
    assert hands.said[-1] == f"wrote {saved.name}" or f"wrote {saved.name}" in hands.said
    if base is not None:
        assert read_source(saved).shot == hands.shot
    typed(hands.host.copied[-1], "--backend", "cpu", "-o", "wanted.png")
    assert saved.read_bytes() == (folder / "wanted.png").read_bytes()


def test_a_still_that_is_saved_on_the_way_is_where_it_goes(seat: Seat, folder: Path) -> None:
    hands = seat(settings=settings_of(glide=True))
    hands.settle()
    hands.type("+ left s x")
    hands.settle()
    typed(hands.host.copied[-1], "--backend", "cpu", "-o", "wanted.png")
    assert (folder / "seed-321.png").read_bytes() == (folder / "wanted.png").read_bytes()


def test_stills_have_the_size_and_format_that_were_chosen(seat: Seat, folder: Path) -> None:
    settings = settings_of(glide=False, still=(30, 20), encoding=ImageEncoding("tiff", bits=16))
    hands = seat(settings=settings)
    for size in ((30, 20), SIZE, (122, 74), (244, 148), (30, 20)):
        hands.type("s")
        hands.settle()
        (saved,) = folder.glob("*.tif")
        assert read_source(saved).size == size
        assert read_source(saved).shot == hands.shot
        saved.unlink()
        hands.type("S")


def test_stills_never_overwrite(seat: Seat, folder: Path) -> None:
    (folder / "seed-321.png").write_bytes(b"mine")
    hands = seat()
    hands.type("s s s")
    hands.settle()
    hands.type("s")
    hands.settle()
    assert (folder / "seed-321.png").read_bytes() == b"mine"
    names = {path.name for path in folder.iterdir()}
    assert names == {"seed-321.png", *(f"seed-321-{number}.png" for number in (2, 3, 4, 5))}


def test_hands_go_on_while_a_still_is_saved(seat: Seat, cpu: Cpu, folder: Path) -> None:
    one = shot(BASE, layers="8x30", samples="2")
    hands = seat(one)
    hands.type("S S s n")
    assert hands.writing
    hands.until(lambda: not hands.image.busy)
    hands.settle()
    assert read_source(folder / "seed-321.png").shot == prepare(one)
    assert hands.shot != prepare(one)


def test_texts_are_written(seat: Seat, folder: Path) -> None:
    hands = seat()
    hands.type("n left e e")
    for name in ("seed-322.toml", "seed-322-2.toml"):
        found = read_source(folder / name)
        assert found.document == hands.shot
        assert found.size == SIZE
    assert hands.said[-1] == "wrote seed-322-2.toml"


def test_a_line_that_cannot_be_said(seat: Seat) -> None:
    hands = seat(EXPLICIT)
    hands.type("x")
    assert hands.said[-1] == "no options can say this: e writes it as TOML"
    assert hands.host.copied == []


def test_a_line_names_the_backend_that_was_asked_for(
    seat: Seat, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = seat(settings=settings_of(glide=False, backend="cpu"))
    hands.type("x")
    (line,) = hands.host.copied
    assert line.startswith("netart render ")
    assert line.endswith(" --backend cpu --size 61x37")
    assert capsys.readouterr().out == f"{line}\n"


def test_a_folder_that_cannot_be_written(seat: Seat, cpu: Cpu, folder: Path) -> None:
    hands = seat()
    folder.rmdir()
    hands.type("s")
    hands.settle()
    assert hands.said[-1].startswith("seed-321.png: ")
    hands.type("e")
    assert hands.said[-1].startswith("seed-321.toml: ")
    hands.type("v left v")
    hands.settle()
    assert hands.said[-1].startswith("seed-321-hands.toml: ")
    hands.type("n")
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))
    assert hands.said[-1] == "seed 322"


# What goes wrong.


@pytest.mark.parametrize("wrong", [NetartError("out of luck"), ShaderError("no\nluck: 3")])
def test_a_fault_keeps_the_last_picture(
    seat: Seat, cpu: Cpu, wrong: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    moody = Moody(cpu)
    hands = seat(evaluator=moody)
    good = hands.settle()
    moody.wrong = wrong
    hands.type("n")
    assert np.array_equal(hands.settle(), good)
    assert hands.said[-1].startswith("cannot be drawn: ")
    assert hands.said[-1].endswith(str(wrong).splitlines()[-1])
    assert str(wrong) in capsys.readouterr().err
    hands.type("s")
    hands.settle()
    assert str(wrong).splitlines()[-1] in hands.said[-1]
    moody.wrong = None
    hands.type("n")
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))


def test_leaving_finishes_stills(
    seat: Seat, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = seat(shot(BASE, layers="8x30", samples="2"))
    hands.type("S S s q")
    assert hands.writing
    assert hands.host.left
    hands.finish()
    hands.until(lambda: not hands.writing, hidden=True)
    assert "finishing seed-321.png" in capsys.readouterr().err
    assert read_source(folder / "seed-321.png").size == (244, 148)


def test_closing_leaves_nothing_half_written(seat: Seat, folder: Path) -> None:
    hands = seat(shot(BASE, layers="8x30", samples="2"))
    hands.type("S S s")
    hands.close()
    assert not hands.writing
    assert list(folder.iterdir()) == []


# Films.


def play(hands: Driver, count: int) -> list[Shot]:
    """The next shots of the film."""
    found = [hands.shot]

    def more() -> bool:
        if hands.shot != found[-1]:
            found.append(hands.shot)
        return len(found) > count

    hands.until(more)
    return found


def wait(hands: Driver, seconds: float) -> None:
    """Steps for so long without input."""
    end_s = time.perf_counter() + seconds
    hands.until(lambda: time.perf_counter() > end_s)


@pytest.mark.parametrize("name", FILMS)
def test_films_play_and_stop_as_one_step(seat: Seat, cpu: Cpu, name: str) -> None:
    hands = seat()
    hands.type("n " + "t " * list(FILMS).index(name) + "space")
    assert hands.said[-1] == f"film: {name}   space stops it"
    before, steps = hands.history.shot, len(hands.history.past)
    play(hands, 5)
    assert hands.history.shot == before
    hands.type("space")
    assert len(hands.history.past) == steps + 1
    assert hands.shot == hands.history.shot != before
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))
    hands.type("u")
    assert hands.shot == before


def test_a_key_stops_a_film_where_it_is(seat: Seat) -> None:
    hands = seat()
    hands.type("t t t space")  # spins
    play(hands, 3)
    hands.type("n")
    assert hands.shot.view.frame != BASE.view.frame
    assert dict(hands.shot.network.mix) == {322: 1.0}  # type: ignore[union-attr]
    assert len(hands.history.past) == 2
    hands.type("space")
    play(hands, 3)
    hands.type("h i s x e")  # what leaves it running
    play(hands, 5)


def test_the_film_of_a_source(seat: Seat, cpu: Cpu) -> None:
    made = FILMS["spin"](BASE)
    film = Timeline(shot=BASE, tracks=made.tracks, pace=Pace(frames=5, rate="25", loop="cycle"))
    hands = seat(settings=settings_of(glide=False, film=film))
    assert "space plays its film" in hands.said[0]
    hands.type("space")
    assert hands.said[-1] == "film: own   space stops it"
    shown = play(hands, 9)
    assert len({one.view.frame for one in shown}) > 5
    (numbers,) = {one.look.contrast for one in shown[1:]}  # it does not flicker
    assert isinstance(numbers, tuple)
    hands.type("t")
    assert hands.said[-1].startswith("film: zoom")
    hands.type("T T")
    assert hands.said[-1].startswith("film: deepen")


def test_a_film_that_there_cannot_be(seat: Seat) -> None:
    hands = seat(EXPLICIT)
    hands.type("t t space")
    assert hands.said[-1] == "morph: the network's weights are explicit, there are no seeds"
    hands.settle()


def test_a_film_that_breaks_off(seat: Seat, folder: Path, cpu: Cpu) -> None:
    """The read-out fits the first and the last hidden layer, and none between them."""
    one = read_source(explicit(folder, (4, 3, 4))).shot
    hands = seat(one)
    hands.type("T space")
    assert hands.said[-1].startswith("film: deepen")
    hands.until(lambda: "wide" in hands.said[-1])
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))
    hands.type("left")
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))


def frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.slow
@pytest.mark.parametrize("glide", [False, True])
def test_hands_are_recorded(seat: Seat, folder: Path, cpu: Cpu, glide: bool) -> None:
    hands = seat(size=(60, 36), settings=settings_of(glide=glide))
    hands.type("v")
    for keys in ("left", "n", "+ ,", "c"):
        wait(hands, 0.12)
        hands.type(keys)
    wait(hands, 0.25)
    hands.type("v")
    assert np.array_equal(hands.settle(), rendered(hands.shot, (60, 36), cpu))
    film = read_source(folder / "seed-321-hands.toml").document
    assert isinstance(film, Timeline)
    assert read_source(folder / "seed-321-hands.mp4").document == film
    assert film.at(0).view == BASE.view
    assert film.at(1).view == hands.shot.view
    assert lens.explicit(film.at(1)).look == lens.explicit(hands.shot).look
    shown = frames(folder / "seed-321-hands.mp4")
    assert len(shown) == film.pace.frames
    for picture, one in ((shown[0], prepare(BASE)), (shown[-1], hands.shot)):
        assert np.abs(picture.astype(int) - rendered(one, (60, 36), cpu)).mean() < 6
    assert hands.said[-1] == "wrote seed-321-hands.mp4"


def test_nothing_recorded_is_said(seat: Seat, folder: Path) -> None:
    hands = seat()
    hands.type("v v")
    hands.settle()
    assert hands.said[-1] == "nothing has moved: there is no film"
    assert list(folder.iterdir()) == []


def test_leaving_stops_a_film_that_can_go_on(
    seat: Seat, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = seat(shot(BASE, layers="8x30"), size=(200, 120))
    hands.type("v left")
    wait(hands, 0.6)
    hands.type("n v")
    hands.until(lambda: (folder / "seed-321-hands.toml").exists(), hidden=True)
    hands.finish()
    hands.until(lambda: not hands.writing, hidden=True)
    hands.step(True)
    assert hands.said[-1].startswith("stopped: netart animate seed-321-hands.toml")
    assert not (folder / "seed-321-hands.mp4").exists()
    typed(hands.said[-1].removeprefix("stopped: ").removesuffix(" goes on"), "--backend", "cpu")
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
        hands = seat()
        hands.type("c f")
        before = hands.shot
        hands.controller.on_drop(str(path))
        assert hands.shot == made
        assert hands.said[-1] == f"opened {path}"
        assert np.array_equal(hands.settle(), rendered(made, SIZE, cpu))
        hands.type("left 0")
        assert hands.shot == made
        hands.type("u u u")
        assert hands.shot == before
    for name in ("seed-322-hands.toml", "seed-322-hands.mp4"):
        hands = seat()
        hands.controller.on_drop(str(folder / name))
        hands.settle()
        hands.type("space")
        assert hands.said[-1].startswith("film: own")
    hands = seat()
    path = explicit(folder)
    hands.controller.on_drop(str(path))
    assert hands.shot.network == read_source(path).shot.network
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))
    hands.type("left x s")
    hands.settle()
    assert shlex.split(hands.host.copied[-1])[2] == str(path)
    typed(hands.host.copied[-1], "--backend", "cpu", "-o", "wanted.png")
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
    hands = seat()
    hands.type("n")
    before, steps = hands.shot, len(hands.history.past)
    hands.type("x")
    for path in nonsense(folder):
        hands.tried(lambda path=path: hands.controller.on_drop(str(path)))  # type: ignore[misc]
        assert path.name[:4] in hands.said[-1]
        assert not hands.said[-1].startswith("opened")
        assert hands.shot == before
        assert len(hands.history.past) == steps
    hands.type("x")
    assert hands.host.copied[0] == hands.host.copied[1]
    assert np.array_equal(hands.settle(), rendered(before, SIZE, cpu))
    hands.type("0")
    assert hands.shot == prepare(BASE)


# Large networks, which are made beside the window's work.


def test_a_network_that_takes_long_comes_later(
    seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "MAX_AT_ONCE", 100)
    hands = seat()
    hands.type("n left n d c")
    assert np.array_equal(hands.settle(), rendered(hands.shot, SIZE, cpu))
    assert isinstance(hands.shot.look.contrast, tuple)
    again = seat()
    for key in ["n", "left", "n", "d", "c"]:
        again.type(key)
        again.settle()
    assert again.shot == hands.shot
    hands.type("u " * 5)
    assert hands.shot == prepare(BASE)
    assert np.array_equal(hands.settle(), rendered(prepare(BASE), SIZE, cpu))
    hands.type("n u")  # what was on its way does not come
    hands.settle()
    assert hands.shot == prepare(BASE)


def test_a_network_that_takes_long_and_cannot_be(
    seat: Seat, cpu: Cpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(one: Shot) -> Shot:
        raise NetartError("out of luck")

    hands = seat()
    good = hands.settle()
    steps = len(hands.history.past)
    monkeypatch.setattr(preparation, "MAX_AT_ONCE", 100)
    monkeypatch.setattr(preparation, "prepare", refuses)
    hands.type("n")
    assert np.array_equal(hands.settle(), good)
    assert hands.said[-1] == "out of luck"
    assert hands.shot == prepare(BASE)
    assert len(hands.history.past) == steps
