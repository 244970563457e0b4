"""Pictures of one colour: they are found, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from netart.draw.blank import Extent, blank_frames, extent_of, find_blank, watch
from netart.draw.measurement import measured_film
from netart.evaluate.numbers import Numbers
from netart.lens import preview
from netart.shot.films import zoom
from netart.shot.timeline import Timeline
from tests.shots import REFERENCE, shot

NUMBERS = [
    Numbers("u1"), Numbers("u1", dither=True), Numbers("u2", white=1023), Numbers("u2"),
    Numbers("f2"), Numbers("f4", linear=True),
]  # fmt: skip

BLANK = {
    "contrast auto": {"contrast": "-100:-90"},
    "weight_scale auto": {"palette": "rgb", "weight_scale": "0.001"},
    "bias_scale": {"palette": "gray", "outputs": "1", "bias_scale": "1000"},
    "center 0,0": {"lens": "lines", "units": "1.1", "center": "100,100"},
    "radius": {"activation": "step", "radius": "1e-9"},
    "palette corners:sun": {"palette": "ramp:black,black"},
    "level 99: values go from": {"lens": "regions", "outputs": "1", "level": "99"},
}


@pytest.mark.parametrize("words", BLANK)
def test_what_is_likely_to_blame_is_named(words: str) -> None:
    one = shot(**BLANK[words])
    blank = find_blank(one, extent_of(preview(one, REFERENCE)))
    assert blank
    assert words in blank.describe()
    if blank.remedy:
        better = shot(one, **blank.remedy)
        assert not find_blank(better, extent_of(preview(better, REFERENCE)))
        assert f"--{next(iter(blank.remedy))} " in blank.describe("--{}".format)


@pytest.mark.parametrize("numbers", NUMBERS)
def test_colours_are_found_in_any_numbers(numbers: Numbers) -> None:
    for level, colour in ((0.0, "black"), (1.0, "white"), (0.5, "#80"), (2.5 / 255, "black")):
        extent = Extent()
        flat = np.full((9, 8, 3), level, np.float32)
        list(watch([numbers.of(part) for part in (flat[:4], flat[4:])], extent, numbers))
        assert extent.colour.startswith(colour)
        flat[8, 6, 1] = level + (0.03 if level < 0.9 else -0.03)  # a single pixel
        list(watch([numbers.of(flat)], extent, numbers))
        assert not extent.colour


def test_a_picture_with_little_in_it_is_none_of_one_colour() -> None:
    one = shot(lens="lines", layers="1x1", activation="relu", units="1.1")
    assert not find_blank(one, extent_of(preview(one, REFERENCE)))
    faint = shot(palette="rgb", layers="1x4", weight_scale="0.3", radius="1")
    assert not find_blank(faint, extent_of(preview(faint, REFERENCE)))
    assert not Extent().colour
    for side, colour in ((8, "black"), (7, "")):  # so few pixels may well be of one colour
        assert extent_of(np.zeros((side, side, 3), np.float32)).colour == colour


@pytest.mark.parametrize(
    ("texts", "end", "words"),
    [
        ({"contrast": "auto"}, 1e-20, "the film moves radius too far"),
        ({"contrast": "eased", "activation": "step"}, 1e-9, "the film moves radius too far"),
        ({"contrast": "-100:-90"}, 0.5, "contrast auto would show more"),
        ({"palette": "ramp:black,black"}, 0.5, "palette corners:sun would show more"),
    ],
)
def test_a_film_is_told_what_would_help_it(texts: dict[str, str], end: float, words: str) -> None:
    motion = zoom(shot(layers="2x5", **texts), begin=1.0, end=end)
    blank = blank_frames(measured_film(Timeline(shot=motion.shot, tracks=motion.tracks)))[0][1]
    assert (blank.describe().partition(": ")[2]) == words


def test_films_are_looked_at_in_a_few_frames() -> None:
    motion = zoom(shot(palette="rgb", layers="1x4"), begin=1.0, end=1e-6)
    film = Timeline(shot=motion.shot, tracks=motion.tracks)
    (t, blank), *others = blank_frames(film)
    assert (t, others) == (1, [])
    assert blank.reason == "the film moves radius too far"
    assert not blank_frames(Timeline(shot=shot(), tracks=zoom(shot()).tracks))
