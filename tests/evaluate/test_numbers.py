"""Display values as samples: rounding, linear light, dither."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from netart.evaluate.numbers import BLOCK_PIXELS, Numbers, convert, pattern


def samples(pixels: np.ndarray, *, rows: int = 1000, dtype: str = "u1", **about) -> np.ndarray:
    """The pixels as a file's samples, drawn in strips of so many rows."""
    cut: Iterator[np.ndarray] = (pixels[at : at + rows] for at in range(0, len(pixels), rows))
    return np.concatenate(list(convert(cut)(Numbers(dtype, **about))))


def across(values: np.ndarray) -> np.ndarray:
    """(1, N, 3): the values from left to right, in all channels."""
    return np.repeat(values[None, :, None], 3, axis=2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("step", "up"), [(0.0, 0), (0.49, 0), (0.51, 1), (0.9, 1)])
@pytest.mark.parametrize(("kind", "most"), [("u1", 255), ("u2", 65535)])
def test_values_are_rounded_not_truncated(step, up, dtype, kind, most) -> None:
    levels = np.arange(most)
    rounded = samples(across(((levels + step) / most).astype(dtype)), dtype=kind)
    assert rounded.dtype == kind
    assert np.array_equal(rounded, across(levels + up))
    assert samples(across(np.array([0, 1], dtype)), dtype=kind)[0, :, 0].tolist() == [0, most]


def test_linear_light() -> None:
    """The published transfer function of sRGB, IEC 61966-2-1."""
    values = across(np.array([0, 0.02, 0.04045, 0.5, 0.735357, 1], np.float32))
    linear = [0, 0.001547988, 0.003130805, 0.214041140, 0.5, 1]
    for dtype, error in (("f4", 1e-6), ("f2", 5e-4)):
        found = samples(values, dtype=dtype, linear=True)
        assert found.dtype == dtype
        assert np.allclose(found[0, :, 1], linear, rtol=error, atol=0)
        assert np.array_equal(samples(values, dtype=dtype), values.astype(dtype))


# Dither.


def dark(width: int = 512, height: int = 256) -> np.ndarray:
    """A smooth gradient of about one level in a hundred pixels, each channel its own."""
    y, x = np.mgrid[0:height, 0:width] / 100
    return np.stack([3.2 + x + 0.3 * y, 5.7 + 0.9 * x - y, 4.1 + y], axis=-1) / 255


def means(pixels: np.ndarray, side: int = 8) -> np.ndarray:
    """Over squares of so many pixels."""
    height, width, _ = pixels.shape
    shape = height // side, side, width // side, side, 3
    return pixels.astype(np.float64).reshape(shape).mean((1, 3))


def test_a_dark_gradient_has_no_bands() -> None:
    exact = means(dark() * 255)
    banded = np.abs(means(samples(dark())) - exact)
    dithered = np.abs(means(samples(dark(), dither=True)) - exact)
    assert banded.max() > 0.4
    assert dithered.max() < 0.06
    assert dithered.mean() < 0.015


def test_the_pattern_is_even() -> None:
    found = pattern(0, 0, 256, 256, 3)
    assert found.shape == (256, 256, 3)
    assert 0 < found.min() < found.max() < 1
    for channel in np.moveaxis(found, 2, 0):
        counts = np.bincount((channel * 256).astype(int).ravel(), minlength=256)
        assert np.abs(counts - 256).max() < 32
    red, green, blue = np.moveaxis(found, 2, 0)
    for one, other in ((red, green), (green, blue), (red, blue)):
        assert np.allclose((one - other) % 1, 1 / 3, atol=1 / 100) or np.allclose(
            (one - other) % 1, 2 / 3, atol=1 / 100
        )


def test_whole_levels_stay() -> None:
    for dtype in (np.float32, np.float64):
        levels = np.tile(np.arange(256), (200, 1))[:, :, None] * np.ones(3)
        assert np.array_equal(samples((levels / 255).astype(dtype), dither=True), levels)
        assert np.array_equal(
            samples(np.clip((levels + 0.0015) / 255, 0, 1).astype(dtype), dither=True), levels
        )


def test_evaluators_differ_by_a_level_at_most() -> None:
    random = np.random.default_rng(1)
    first = random.random((200, 200, 3))
    second = np.clip(first + random.normal(0, 2e-4, first.shape), 0, 1).astype(np.float32)
    difference = samples(first, dither=True).astype(int) - samples(second, dither=True)
    assert 0 < np.abs(difference).max() == 1


def test_the_pattern_knows_the_pictures_rows_not_the_strips() -> None:
    pixels = dark(300, 70)
    whole = samples(pixels, dither=True)
    for rows in (1, 7, 64):
        assert np.array_equal(samples(pixels, dither=True, rows=rows), whole)
    assert np.array_equal(pattern(5, 7, 20, 23, 3), pattern(0, 0, 25, 30, 3)[5:, 7:])


def test_blocks_leave_no_trace() -> None:
    width = BLOCK_PIXELS // 2  # two rows are converted at a time
    pixels = dark(width, 5)
    assert np.array_equal(
        samples(pixels, dtype="u2"), np.floor(pixels * 65535 + 0.5).astype(np.uint16)
    )
    dithered = np.floor(pixels * 255 + pattern(0, 0, 5, width, 3)).astype(np.uint8)
    assert np.array_equal(samples(pixels, dither=True), dithered)
