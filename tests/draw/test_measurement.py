"""Numbers for what is `auto` in films: for all of one, or along it."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from netart import lens
from netart.draw import measurement
from netart.draw.measurement import measured_film
from netart.evaluate.cpu import Cpu
from netart.files.source import read_source
from netart.shot.films import FILMS
from netart.shot.look import Limits
from netart.shot.timeline import Key, Pace, Timeline, Track
from tests.shots import REFERENCE, shot


def test_a_film_is_measured_once() -> None:
    track = Track("radius", (Key(0.0, "1"), Key(1.0, "0.1")))
    timeline = Timeline(shot=shot(layers="3x12"), tracks=(track,))
    found = measured_film(timeline)
    assert isinstance(found.shot.look.contrast, tuple)
    assert found.at(0).look.contrast == found.at(1).look.contrast
    along = [timeline.at(k / 15) for k in range(16)]
    assert found.shot.look.contrast == lens.measure(along)["contrast"]
    assert found.shot.look.contrast != lens.measured(timeline.at(0)).look.contrast
    contrast = Track("contrast", (Key(0.0, "0:1"), Key(1.0, "0:2")))
    for tracks in ((contrast,), (Track("palette", (Key(0.0, "rgb"), Key(1.0, "ramp:ink"))),)):
        own = Timeline(shot=shot(layers="3x12"), tracks=tracks)
        assert measured_film(own) is own


def eased(timeline: Timeline) -> Timeline:
    return replace(timeline, shot=shot(timeline.shot, contrast="eased"))


def test_eased_contrast_follows_what_is_measured() -> None:
    track = Track("radius", (Key(0.0, "1"), Key(1.0, "0.1")))
    timeline = Timeline(shot=shot(layers="3x12"), tracks=(track,))
    found = measured_film(eased(timeline))
    for t in (0, 1):  # as in a still
        measured = lens.measure([timeline.at(t)])["contrast"]
        assert np.array(found.at(t).look.contrast) == pytest.approx(np.array(measured), rel=1e-5)
    assert found.shot.look.contrast == found.at(0).look.contrast
    assert measured_film(found).tracks == found.tracks
    still = shot(layers="3x12", contrast="eased")
    assert lens.measured(still) == lens.measured(shot(layers="3x12"))
    assert np.array_equal(
        lens.preview(still, REFERENCE), lens.preview(shot(still, contrast="auto"), REFERENCE)
    )


def test_eased_contrast_of_a_loop_is_a_loop() -> None:
    swirl = shot(features="swirl:3/5/8", layers="3x9", radius="2")
    track = Track("radius", (Key(0.0, "2"), Key(1.0, repr(2 / 3))))
    timeline = Timeline(shot=swirl, tracks=(track,), pace=Pace(loop="cycle"))
    found = measured_film(eased(timeline))
    assert found.at(0).look.contrast == found.at(1).look.contrast != found.at(0.5).look.contrast


def test_eased_contrast_that_a_track_moves_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(measurement, "measure")
    contrast = Track("contrast", (Key(0.0, "0:1"), Key(1.0, "0:2")))
    own = eased(Timeline(shot=shot(layers="3x12"), tracks=(contrast,)))
    assert measured_film(own) is own


def test_eased_contrast_leaves_alone_what_changes_how_it_is_measured() -> None:
    contrast = Track("contrast", (Key(0.0, "0:1"), Key(1.0, "0:2")))
    words = Track("contrast", (Key(0.0, "auto"), Key(1.0, "eased")))
    palette = Track("palette", (Key(0.0, "rgb"), Key(1.0, "ramp:ink")))
    for tracks in ((contrast,), (words,), (palette,)):
        own = eased(Timeline(shot=shot(layers="3x12"), tracks=tracks))
        assert measured_film(own) is own


SILK = read_source("silk").shot
MADE = {
    "morph": FILMS["morph"](SILK),
    "scale": FILMS["scale"](SILK),
    "deepen": FILMS["deepen"](SILK),
}
MOVING = {name: Timeline(shot=made.shot, tracks=made.tracks) for name, made in MADE.items()}
MOVING["satin"] = read_source("satin").document


def judge(film: Timeline, cpu: Cpu) -> tuple[float, float]:
    """Of a film of 61 small frames: the least spread of a frame, as the standard deviation of its
    channels; and the flicker, the mean change of the speed at which frames become lighter or
    darker, as a share of the mean spread.
    """
    frames = np.array([lens.preview(film.at(k / 60), cpu).reshape(-1, 3) for k in range(61)])
    spread, light = frames.std(axis=1).mean(axis=1), frames.mean(axis=(1, 2))
    return spread.min(), np.abs(np.diff(light, 2)).mean() / spread.mean()


def jumps(limits: list[Limits]) -> float:
    """The mean change of the speed at which limits of frames move, as a share of their span."""
    array = np.array(limits)
    return float(np.abs(np.diff(array, 2, axis=0)).mean() / np.ptp(array, axis=2).mean())


@pytest.mark.slow
@pytest.mark.parametrize("name", MOVING)
def test_eased_contrast_neither_washes_out_nor_flickers(cpu: Cpu, name: str) -> None:
    """One range for the whole film washes out; a range for each frame alone flickers."""
    film = MOVING[name]
    found = measured_film(eased(film))
    least, flicker = judge(measured_film(film), cpu)
    least_eased, flicker_eased = judge(found, cpu)
    assert least_eased > 1.3 * least
    assert flicker_eased < 1.2 * flicker
    frames = [k / 120 for k in range(121)]
    alone = [lens.measure([film.at(t)])["contrast"] for t in frames]
    assert jumps([found.at(t).look.contrast for t in frames]) < 0.15 * jumps(alone)
