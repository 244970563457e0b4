"""What the screen shows, read back from a framebuffer: layers at their place, panels over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netart.evaluate.gpu import Gpu
from netart.live.gestures import pan_to, zoom_at
from netart.live.passes import Patch, pass_size
from netart.live.screen import BACKGROUND, Panel, Screen
from netart.pixels import Size, Window
from netart.shot.shot import Shot
from netart.shot.view import point
from tests.live import driver
from tests.live.driver import Levels, framebuffer
from tests.shots import shot

BASE = shot(layers="2x4", center="0.3,-0.2", radius="2")
OTHER = shot(BASE, seed="7")
SIZE = 61, 37


class Seen:
    """A screen, what it shows, and how many textures stand in the context.

    pixels(): (height, width, 3), row 0 on top.
    """

    def __init__(self, context: Any, target: Any, count: Callable[[], int]) -> None:
        self.target, self.screen = target, Screen(context, target, BASE, SIZE)
        self.textures = count

    def pixels(self, size: Size = SIZE, **panels: Panel) -> Levels:
        self.screen.draw(panels)
        return driver.seen(self.target, size)

    def whole(self, pixels: Levels, factor: int = 1) -> None:
        height, width, _ = pixels.shape
        self.screen.add(Patch(factor, Window(0, 0, width, height), pixels, True))


@pytest.fixture
def seen(gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Its textures are counted as they come and go."""
    made: list[Any] = []
    make = gpu.device.context.texture

    def texture(*wishes: Any, **others: Any) -> Any:
        made.append(make(*wishes, **others))
        return made[-1]

    def count() -> int:
        return sum(type(texture.mglo).__name__ != "InvalidObject" for texture in made)

    with gpu.device.context as context:
        monkeypatch.setattr(context, "texture", texture)
        shown = Seen(context, framebuffer(context), count)
        yield shown
        shown.screen.close()
        assert count() == 0
        assert context.error == "GL_NO_ERROR"


def noise(size: Size, seed: int = 1) -> Levels:
    """Nothing in it is symmetrical."""
    return np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)


def ramp(size: Size, factor: int = 1) -> Levels:
    """Red grows to the right, green downwards: what is between two pixels is their average."""
    wide, high = pass_size(size, factor)
    each = min(size) / min(wide, high)
    pixels = np.zeros((high, wide, 3), np.uint8)
    pixels[..., 0] = np.clip(3 * ((np.arange(wide) + 0.5 - wide / 2) * each + size[0] / 2), 0, 255)
    down = (np.arange(high) + 0.5 - high / 2) * each + size[1] / 2
    pixels[..., 1] = np.clip(5 * down[:, None], 0, 255)
    pixels[..., 2] = 200
    return pixels


def at(one: Shot, other: Shot, size: Size) -> NDArray[np.float64]:
    """(height, width, 2): where the pixels of the other shot's picture lie in this one's, across
    and down in pixels, by the definition of a view.
    """
    shorter, (width, height) = min(size), size
    found = np.zeros((height, width, 2))
    back = np.linalg.inv(np.array(one.view.basis)) / (one.view.radius or 0)
    centre = [float(number) for number in one.view.centre]
    for j in range(height):
        for i in range(width):
            u, v = (2 * i + 1 - width) / shorter, (height - 2 * j - 1) / shorter
            p = [float(number) for number in point(other.view, ("x", "y"), u, v)]
            u, v = back @ np.subtract(p, centre)
            found[j, i] = (u * shorter + width) / 2, (height - v * shorter) / 2
    return found


@pytest.mark.parametrize("size", [SIZE, (37, 61), (1, 1), (7, 200), (256, 256)])
def test_a_complete_picture_is_shown_pixel_for_pixel(seen: Seen, size: Size) -> None:
    pixels = noise(size)
    seen.screen.begin(BASE, size)
    assert seen.screen.shown_footprint() == inf
    seen.whole(pixels)
    assert np.array_equal(seen.pixels(size), pixels)
    assert seen.screen.shown_footprint() == pytest.approx(1)


def test_parts_of_an_exact_picture_stand_over_a_coarse_one(seen: Seen) -> None:
    pixels = noise(SIZE)
    seen.screen.begin(BASE, SIZE)
    seen.whole(np.full((13, 22, 3), 90, np.uint8), 3)
    assert seen.screen.shown_footprint() == pytest.approx(3)
    assert (seen.pixels() == 90).all()
    seen.screen.add(Patch(1, Window(11, 5, 20, 9), pixels[5:14, 11:31], False))
    wanted = np.full_like(pixels, 90)
    wanted[5:14, 11:31] = pixels[5:14, 11:31]
    assert np.array_equal(seen.pixels(), wanted)
    assert seen.screen.shown_footprint() == pytest.approx(3)
    seen.whole(pixels)
    assert np.array_equal(seen.pixels(), pixels)
    assert seen.textures() == 1  # the coarse one is gone


@pytest.mark.parametrize(("right", "down"), [(5, 0), (0, 4), (-7, 3), (60, -36), (200, 0)])
def test_a_pan_by_whole_pixels_shifts_the_picture(seen: Seen, right: int, down: int) -> None:
    pixels = noise(SIZE)
    seen.screen.begin(BASE, SIZE)
    seen.whole(pixels)
    moved = pan_to(BASE, -2 * right / min(SIZE), 2 * down / min(SIZE))
    seen.screen.begin(moved, SIZE)
    wanted = np.broadcast_to(np.round(255 * np.array(BACKGROUND)), pixels.shape).copy()
    height, width, _ = pixels.shape
    rows = slice(max(0, down), max(0, min(height, height + down)))
    columns = slice(max(0, right), max(0, min(width, width + right)))
    shifted = np.roll(pixels, (down, right), (0, 1))
    wanted[rows, columns] = shifted[rows, columns]
    assert np.abs(seen.pixels() - wanted).max() <= 1
    assert seen.screen.shown_footprint() == inf
    assert not seen.screen.is_sharp([Window(0, 0, *SIZE)])


def test_what_is_sharp_already_need_not_be_hurried(seen: Seen) -> None:
    seen.screen.begin(BASE, SIZE)
    seen.whole(noise(SIZE))
    seen.screen.begin(pan_to(BASE, -2 * 20 / min(SIZE), 0), SIZE)
    windows = [Window(x, 0, 10, 37) for x in (0, 15, 25, 51)]
    assert seen.screen.is_sharp(windows).tolist() == [False, False, True, True]
    seen.screen.begin(zoom_at(BASE, 2, (0, 0)), SIZE)
    assert not seen.screen.is_sharp([Window(20, 10, 10, 10)])
    assert seen.screen.shown_footprint() == pytest.approx(2)


MOVES = [
    zoom_at(BASE, 2, (0.4, -0.7)),
    zoom_at(BASE, 0.5, (0.4, -0.7)),
    zoom_at(BASE, 7.3, (-0.5, 0.3)),
    shot(BASE, rotate="90"),
    shot(BASE, rotate="-33"),
    shot(zoom_at(BASE, 1.4, (0.9, 0.2)), rotate="12"),
]


@pytest.mark.parametrize("moved", MOVES)
@pytest.mark.parametrize("size", [(61, 37), (37, 47)])
@pytest.mark.parametrize("factor", [1, 3])
def test_what_was_drawn_moves_along(seen: Seen, moved: Shot, size: Size, factor: int) -> None:
    seen.screen.begin(BASE, size)
    seen.whole(ramp(size, factor), factor)
    seen.screen.begin(moved, size)
    places = at(BASE, moved, size)
    edge = factor / 2 + 1e-3
    inner = ((places > edge) & (places < np.array(size) - edge)).all(axis=2)
    assert inner.sum() > 100
    error = np.abs(seen.pixels(size)[..., :2] - np.array([3, 5]) * places)
    assert error[inner].max() < 1.6


def test_the_old_picture_stays_until_a_pass_of_the_new_one_is_complete(seen: Seen) -> None:
    old, new = noise(SIZE), noise(SIZE, 2)
    seen.screen.begin(BASE, SIZE)
    seen.whole(old)
    seen.screen.begin(OTHER, SIZE)
    assert seen.screen.shown_footprint() == inf
    assert np.array_equal(seen.pixels(), old)
    seen.screen.add(Patch(1, Window(0, 0, 61, 20), new[:20], False))
    assert np.array_equal(seen.pixels(), old)
    seen.screen.add(Patch(1, Window(0, 20, 61, 17), new[20:], True))
    assert np.array_equal(seen.pixels(), new)
    assert seen.textures() == 1


def test_an_old_picture_does_not_move_with_the_new_one(seen: Seen) -> None:
    old = noise(SIZE)
    seen.screen.begin(BASE, SIZE)
    seen.whole(old)
    seen.screen.begin(OTHER, SIZE)
    seen.screen.begin(pan_to(OTHER, 0.3, 0.1), SIZE)
    assert np.array_equal(seen.pixels(), old)
    seen.screen.begin(pan_to(BASE, 0.3, 0.1), SIZE)  # nor when its shot comes back
    assert np.array_equal(seen.pixels(), old)


def test_another_pass_of_a_complete_picture_goes_on_over_it(seen: Seen) -> None:
    single, sampled = noise(SIZE), noise(SIZE, 2)
    seen.screen.begin(BASE, SIZE)
    seen.whole(single)
    seen.screen.add(Patch(1, Window(3, 4, 5, 6), sampled[4:10, 3:8], False))
    wanted = single.copy()
    wanted[4:10, 3:8] = sampled[4:10, 3:8]
    assert np.array_equal(seen.pixels(), wanted)


def test_a_picture_of_another_size_takes_its_place(seen: Seen) -> None:
    seen.screen.begin(BASE, SIZE)
    seen.whole(ramp(SIZE))
    larger = 122, 74
    seen.screen.begin(BASE, larger)
    assert seen.screen.shown_footprint() == pytest.approx(2)
    shown = seen.pixels(larger)
    j, i = np.mgrid[2:72, 2:120]
    wanted = np.stack([3 * (i + 0.5) / 2, 5 * (j + 0.5) / 2], axis=-1)
    assert np.abs(shown[2:72, 2:120, :2] - wanted).max() < 1.6
    pixels = noise((51, 31))
    seen.screen.begin(BASE, (51, 31))
    seen.whole(pixels)
    assert np.array_equal(seen.pixels((51, 31)), pixels)


@pytest.mark.parametrize("size", [(61, 37), (37, 61), (1, 90), (128, 72), (255, 97)])
@pytest.mark.parametrize("factor", [3, 5, 7, 31, 128])
def test_a_coarse_pass_covers_the_whole_picture(seen: Seen, size: Size, factor: int) -> None:
    seen.screen.begin(BASE, size)
    wide, high = pass_size(size, factor)
    seen.whole(np.full((high, wide, 3), 90, np.uint8), factor)
    assert (seen.pixels(size) == 90).all()
    assert seen.screen.shown_footprint() == pytest.approx(factor)


def test_an_exact_picture_hides_what_is_finer(seen: Seen) -> None:
    seen.screen.begin(BASE, SIZE)
    seen.whole(noise(SIZE))
    farther = zoom_at(BASE, 0.5, (0, 0))
    seen.screen.begin(farther, SIZE)
    coarse, pixels = np.full((13, 22, 3), 90, np.uint8), noise(SIZE, 2)
    seen.whole(coarse, 3)
    shown = seen.pixels()
    assert (shown[:9] == 90).all()
    assert (shown[12:25, 20:40] != 90).mean() > 0.9  # what was there is finer
    seen.whole(pixels)
    assert np.array_equal(seen.pixels(), pixels)


def test_panels_stand_over_the_picture_at_their_place(seen: Seen) -> None:
    pixels = noise(SIZE)
    seen.screen.begin(BASE, SIZE)
    seen.whole(pixels)
    alpha = np.random.default_rng(3).integers(0, 256, (9, 14, 1), np.uint8)
    alpha[0, :2] = [[255], [0]]
    colours = (noise((14, 9), 4) * (alpha / 255)).astype(np.uint8)
    panel = Panel(np.concatenate([colours, alpha], axis=2), 20, 5)
    wanted = pixels.astype(float)
    wanted[5:14, 20:34] = colours + wanted[5:14, 20:34] * (1 - alpha / 255)
    shown = seen.pixels(note=panel)
    assert np.abs(shown - wanted).max() <= 1
    assert np.array_equal(shown[14:], pixels[14:])
    opaque = Panel(np.full((3, 4, 4), 255, np.uint8), 0, 34)
    both = seen.pixels(note=panel, other=opaque)
    assert (both[34:, :4] == 255).all()
    assert np.array_equal(both[:34], shown[:34])
    assert seen.textures() == 3
    assert np.array_equal(seen.pixels(), pixels)  # nothing of them stays
    assert seen.textures() == 1


def test_a_panel_that_reaches_over_the_edge(seen: Seen) -> None:
    pixels = noise(SIZE)
    seen.screen.begin(BASE, SIZE)
    seen.whole(pixels)
    wide = noise((81, 20), 5)
    opaque = np.concatenate([wide, np.full((20, 81, 1), 255, np.uint8)], axis=2)
    shown = seen.pixels(help=Panel(opaque, -10, 4))
    assert np.array_equal(shown[4:24], wide[:, 10:71])
    assert np.array_equal(shown[24:], pixels[24:])


def test_a_panel_whose_text_changes(seen: Seen) -> None:
    for level in (10, 200):
        shown = seen.pixels(note=Panel(np.full((4, 5, 4), level, np.uint8), 1, 1))
        assert abs(int(shown[2, 3, 0]) - level) <= 20 * (level < 255)
        assert seen.textures() == 1
    first = np.full((4, 5, 4), 255, np.uint8)
    for left in (2, 40):  # the same text elsewhere
        shown = seen.pixels(note=Panel(first, left, 1))
        assert (shown[1:5, left : left + 5] == 255).all()
        assert shown[2, 42 - left, 0] != 255 or left == 40


def test_nothing_is_left_of_200_pictures(seen: Seen) -> None:
    rng, one = np.random.default_rng(1), BASE
    most = 0
    for k in range(200):
        one = (
            pan_to(one, 0.1, -0.05),
            zoom_at(one, 1.1, (0.2, 0.1)),
            shot(one, seed=str(k)),
        )[int(rng.integers(3))]
        size = SIZE if k % 10 else (int(rng.integers(1, 90)), int(rng.integers(1, 90)))
        seen.screen.begin(one, size)
        for factor in (9, 3, 1)[: int(rng.integers(4))]:
            wide, high = pass_size(size, factor)
            part = rng.random() < 0.4
            window = Window(0, 0, wide, -(-high // 2) if part else high)
            pixels = np.zeros((window.height, wide, 3), np.uint8)
            seen.screen.add(Patch(factor, window, pixels, not part))
        seen.pixels(size, **({"note": Panel(np.zeros((2, 2, 4), np.uint8), 0, 0)} if k % 3 else {}))
        most = max(most, seen.textures())
    assert most <= 10


def test_closing_frees_all(seen: Seen) -> None:
    seen.screen.begin(BASE, SIZE)
    seen.whole(noise(SIZE))
    seen.pixels(note=Panel(np.zeros((2, 2, 4), np.uint8), 0, 0))
    assert seen.textures() == 2
