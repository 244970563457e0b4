"""Films in pages: the path that a page computes, and a page that plays, is scrubbed and loops."""

from __future__ import annotations

from decimal import Decimal
from math import isclose
from typing import Any, get_args

import numpy as np
import pytest

from netart.shot.easing import EASINGS
from netart.shot.fields import field
from netart.shot.parts import read_centre
from netart.shot.timeline import Key, Loop, Pace, Timeline, Track
from netart.web.film import film_data, why_still
from tests.shots import shot
from tests.web.conftest import Modules

pytestmark = pytest.mark.slow  # a browser is started

SEEDS = ["3", "7", str(2**64 - 1), str(2**53 + 1), "500"]

FIELDS = {
    "mix": lambda rng: ",".join(
        f"{seed}:{share:.3g}"
        for seed, share in zip(
            rng.choice(SEEDS, 2, replace=False), rng.uniform(0.1, 2, 2),
            strict=True,
        )
    ),
    "weight_scale": lambda rng: f"{rng.uniform(0.1, 3)!r}",
    "gamma": lambda rng: f"{rng.uniform(0.2, 5)!r}",
    "latent.a": lambda rng: f"{rng.normal()!r}",
    "latent": lambda rng: f"b={rng.normal()!r},c={rng.normal()!r}",
    "center": lambda rng: "{!r},{!r}".format(*rng.normal(size=2).tolist()),
    "center.y": lambda rng: f"{rng.normal():.25f}",
    "radius": lambda rng: f"{10 ** rng.uniform(-9, 2)!r}",
    "rotate": lambda rng: f"{rng.uniform(-900, 900)!r}",
    "layer": lambda rng: f"{rng.uniform(1, 4)!r}",
    "contrast": lambda rng: "{!r}:{!r}".format(*sorted(rng.normal(size=2).tolist())),
}  # fmt: skip


def random_timeline(number: int) -> Timeline:
    """A film of several fields, of all easings, ways and loops in turn."""
    rng = np.random.default_rng(number)
    names = rng.choice(list(FIELDS), 4, replace=False).tolist()
    if "center" in names and "center.y" in names:
        names.remove("center.y")
    easings = [*EASINGS, "bezier:0.25,0.1,0.25,1", "bezier:0,1.5,1,-0.5"]
    tracks = []
    for name in names:
        times = sorted({0.0, *rng.uniform(0, 1, rng.integers(0, 4)).round(3).tolist()})
        keys = tuple(Key(t, FIELDS[name](rng), str(rng.choice(easings))) for t in times)
        ways = ["hold", *(way for way in field(name).interpolations if way != "pinned")]
        tracks.append(Track(name, keys, str(rng.choice(ways[-2:] if number % 5 else ways))))
    if not {"center", "center.y"} & set(names) and number % 2:
        tracks.append(Track("center", (Key(0.0, "0.123456789012345678901234,-2"),), "pinned"))
    loops = [loop for loop in get_args(Loop) if loop != "cycle"]
    pace = Pace(frames=int(rng.integers(1, 60)), loop=loops[number % 3], rate="24000/1001")
    base = shot(layers="4x6", latent="a=0,b=0,c=0", center="0.1234567890123456789,-2.00000001")
    return Timeline(shot=base, tracks=tuple(tracks), pace=pace)


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, (Decimal, float)) else str(value)


def flat(value: Any) -> list[Any]:
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [value]


def expected(timeline: Timeline, t: float) -> dict[str, Any]:
    """What a page finds, of numbers at most float64's last digits apart."""
    found = {track.field: track.at(t) for track in timeline.tracks if not track.is_pinned}
    for name, value in found.pop("latent", ()):
        found[f"latent.{name}"] = value
    if any(track.field.startswith("center") for track in timeline.tracks):
        found.pop("center.y", None)
        found["center"] = read_centre(timeline.at(t))
    return {name: plain(value) for name, value in found.items()}


def agree(one: Any, other: Any) -> bool:
    """Whether values are equal, numbers to four units in the last place of float64."""
    pairs = list(zip(flat(one), flat(other), strict=True))
    return all(
        a == b or (not isinstance(a, str) and isclose(a, b, rel_tol=9e-16, abs_tol=1e-15))
        for a, b in pairs
    )


def test_a_page_finds_the_path_of_the_film(open_modules: Modules) -> None:
    films = [random_timeline(number) for number in range(30)]
    assert not any(map(why_still, films))
    times = [0.0, 1.0, *np.random.default_rng(0).uniform(0, 1, 9).tolist()]
    opened = open_modules("timeline.js")
    found = opened.evaluate(
        "([films, times]) => films.map(data => times.map(t => new Timeline(data).at(t)))",
        [[film_data(film) for film in films], times],
    )
    for film, values in zip(films, found, strict=True):
        for t, fields in zip(times, values, strict=True):
            wanted = expected(film, t)
            assert fields.keys() == wanted.keys()
            for name, value in wanted.items():
                assert agree(fields[name], value), (film.tracks, t, name, fields[name], value)


def test_a_page_finds_the_times_of_frames(open_modules: Modules) -> None:
    paces = [
        Pace(frames=frames, loop=loop, rate=rate)
        for loop in get_args(Loop) for rate in ("25", "24000/1001") for frames in (1, 2, 5, 8, 99)
    ]  # fmt: skip
    track = Track("rotate", (Key(0.0, "0"), Key(1.0, "360")))
    data = [film_data(Timeline(shot=shot(), tracks=(track,), pace=pace)) for pace in paces]
    opened = open_modules("timeline.js")
    found = opened.evaluate(
        """films => films.map(data => {
            const film = new Timeline(data);
            return Array.from({ length: 3 * data.frames }, (_, k) => film.timeAt(k / film.rate));
        })""",
        data,
    )
    for pace, times in zip(paces, found, strict=True):
        wanted = [pace.time(number) for number in range(1, pace.frames + 1)]
        again = [wanted[-1]] * (2 * pace.frames) if pace.loop == "none" else wanted * 2
        near = 1e-12 * pace.frames  # places are multiples of a rate that is no float
        for a, b in zip(times, [*wanted, *again], strict=True):
            # An instant before the first frame a loop is at its end.
            assert isclose(a, b, abs_tol=near) or (pace.loop == "cycle" and a > 1 - near), pace
