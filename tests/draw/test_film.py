"""A film as one object: its frames, and what decides them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from netart import lens
from netart.draw.film import Film
from netart.draw.measurement import measured_film
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import Numbers
from netart.files.films.encoding import film_encoding
from netart.files.films.film import write_film
from netart.shot.films import zoom
from netart.shot.timeline import Key, Pace, Timeline, Track
from tests.shots import REFERENCE, Told, shot

SIZE = (32, 24)
ZOOM = Timeline(
    shot=lens.measured(shot(layers="3x8")),
    tracks=(Track("radius", (Key(0.0, "2"), Key(1.0, "0.5"))),),
    pace=Pace(frames=7, rate="30000/1001"),
)


def test_frames_are_the_timelines_pictures(cpu: Cpu) -> None:
    film = Film(ZOOM, SIZE, cpu)
    assert (list(film.frames), film.rate) == ([1, 2, 3, 4, 5, 6, 7], Fraction(30000, 1001))
    assert film.shot(7).view.radius == 0.5
    third, first = film.draw([(3, None), (1, None)])
    assert np.array_equal(third, lens.picture(ZOOM.frame(3), SIZE, cpu))
    assert np.array_equal(first, lens.picture(ZOOM.frame(1), SIZE, cpu))
    numbers = Numbers("u1", dither=True)
    assert np.array_equal(next(film.draw([(3, numbers)])), numbers.of(third))


@pytest.mark.parametrize("name", ["a.mkv", "#.png"])
def test_a_frame_is_started_before_the_last_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("netart.files.films.video.FilmSpec.segment", 3)
    evaluator, written = Told(), []
    for one in (REFERENCE, evaluator):
        folder = tmp_path / str(len(written))
        folder.mkdir()
        write_film(folder / name, film_encoding(name), Film(ZOOM, SIZE, one))
        written.append([path.read_bytes() for path in sorted(folder.iterdir())])
    assert written[0] == written[1]
    assert evaluator.told == Told.one_ahead(7), "also at the end of a segment"


@pytest.mark.parametrize("name", ["reference", "cpu", "fragment", "compute"])
@pytest.mark.parametrize("texts", [{}, {"features": "swirl:2.2/21/34", "center": "0.7,-0.3"}])
def test_an_endless_zoom_closes(
    request: pytest.FixtureRequest, name: str, texts: dict[str, str]
) -> None:
    """What would follow the last frame is the first, by at most a level of 8 bits."""
    evaluator = REFERENCE if name == "reference" else request.getfixturevalue(name)
    swirl = {"features": "swirl:3/8/13", "layers": "8x16", "radius": "2"}
    motion = zoom(shot(**swirl | texts))
    film = measured_film(Timeline(shot=motion.shot, tracks=motion.tracks))
    first, last, middle = (
        lens.picture(film.at(t), (64, 64), evaluator, Numbers("u1")).astype(int)
        for t in (0, 1, 0.5)
    )
    assert np.abs(last - first).max() <= 1
    assert np.abs(middle - first).mean() > 20


def test_all_that_decides_the_frames_is_in_the_identity(cpu: Cpu) -> None:
    one = Film(ZOOM, SIZE, cpu).identity
    slower = replace(ZOOM, pace=replace(ZOOM.pace, frames=8))
    for other in (Film(slower, SIZE, cpu), Film(ZOOM, (32, 25), cpu), Film(ZOOM, SIZE, REFERENCE)):
        assert other.identity != one


def test_an_interrupted_film_goes_on_with_another_number_of_threads(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(done: int) -> None:
        if done == 4:
            raise Stop

    path, said = tmp_path / "a.mkv", []
    with pytest.raises(Stop):
        write_film(path, film_encoding(str(path)), Film(ZOOM, SIZE, Cpu(1)), progress=stop)
    write_film(path, film_encoding(str(path)), Film(ZOOM, SIZE, Cpu(3)), say=said.append)
    assert said == [f"{path}: goes on: 4 of 7 frames are there"]
    whole = tmp_path / "b.mkv"
    write_film(whole, film_encoding(str(whole)), Film(ZOOM, SIZE, Cpu(2)))
    assert whole.read_bytes() == path.read_bytes()
