"""The liveliest places of a picture."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from msgspec.structs import replace

from netart.draw.score import has_form, score, stripes
from netart.draw.spots import ALIKE, SCALES, Place, Spot, _choose, find_spots
from netart.draw.variations import _moves_spots, vary
from netart.errors import NetartError
from netart.files.source import read_source
from netart.lens import preview
from netart.shot.sheet import Over
from netart.shot.shot import Shot
from tests.shots import REFERENCE, shot


@pytest.fixture(scope="module")
def spots() -> tuple[Shot, list[Shot]]:
    """A picture, and the shots of eight of its places."""
    base = shot(layers="5x12", seed="7", rotate="30", center="0.1,-0.2", radius="1.3")
    return base, list(vary(base, spots=8).panels())


def in_view(base: Shot, spot: Shot) -> np.ndarray:
    """(u, v) of a spot's middle in the picture of its base."""
    offset = [float(a - b) for a, b in zip(spot.view.centre, base.view.centre, strict=True)]
    return np.linalg.solve(base.view.basis, offset) / base.view.radius


def test_spots_lie_in_the_picture_and_beside_each_other(spots: tuple[Shot, list[Shot]]) -> None:
    base, found = spots
    assert len(found) == len(set(found)) == 8
    places = [(in_view(base, one), one.view.radius / base.view.radius) for one in found]
    assert all(np.abs(place).max() + half < 1.01 for place, half in places)
    assert len({round(half, 2) for _, half in places}) >= 3
    assert all(1 / SCALES[-1] < 1.01 * half and half < 1.01 / SCALES[0] for _, half in places)
    for (place, half), (other, size) in combinations(places, 2):
        if max(half, size) < ALIKE * min(half, size):
            assert np.abs(place - other).max() > 0.97 * (half + size)
    # All else is the base's own.
    for one in found:
        assert replace(one, view=base.view) == base
        assert one.view.basis == base.view.basis
        assert all(len(str(number)) < 9 for number in one.view.centre)


def test_spots_are_livelier_than_places_at_random(spots: tuple[Shot, list[Shot]]) -> None:
    base, found = spots
    drawn = [preview(one, REFERENCE) for one in found]
    assert sum(map(has_form, drawn)) >= 6
    assert max(map(stripes, drawn)) < 0.9
    random = np.random.default_rng(1)
    others = []
    for one in found:
        x, y = base.view.radius * random.uniform(-0.7, 0.7, 2)
        others.append(shot(base, center=f"{x + 0.1},{y - 0.2}", radius=repr(one.view.radius)))
    by_chance = [score(preview(one, REFERENCE)) for one in others]
    assert np.mean(list(map(score, drawn))) > 1.5 * np.mean(by_chance)


def test_spots_are_the_same_every_time() -> None:
    base = shot(layers="3x8")
    assert find_spots(base, 1) == find_spots(base, 1)


def test_no_scale_takes_more_than_its_share_while_others_have_any() -> None:
    """Two of five, and the best of all in the places that are left."""
    large = [Spot(Place(k / 2 - 1, 0, 0.1), {}, True, 0.9 - k / 100) for k in range(5)]
    small = [Spot(Place(k / 2 - 1, 0.8, 0.04), {}, k < 2, 0.5 - k / 100) for k in range(5)]
    chosen = _choose(sorted([*small, *large], key=Spot.rank), 5)
    assert chosen == [*large[:3], *small[:2]]
    assert _choose(small, 1) == small[:1]
    assert len(_choose([*large, *small], 10)) == 10


def test_spots_of_a_deep_zoom_are_told_apart() -> None:
    features = "sin_x:1e6,sin_y:1e6,x"
    base = shot(layers="3x8", features=features, center="0.12345678901234,0.2", radius="1e-6")
    (spot,) = vary(base, spots=1).panels()
    assert 1e-6 / 31 < spot.view.radius < 1e-6 / 3.9
    assert 0 < abs(spot.view.centre[0] - base.view.centre[0]) < 1e-6


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("diagram", "spots 3: center: "),
        ("bands-1", "spots 3: the picture spans x alone"),
    ],
)
def test_lenses_without_places_are_refused(name: str, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        find_spots(read_source(name).shot, 3)


def test_landscapes_have_spots_of_the_plane() -> None:
    base = read_source("volcano").shot
    one = vary(base, spots=1)
    assert all(panel.lens == base.lens for panel in one.panels())


def test_places_are_of_one_picture() -> None:
    for name in ("layers", "weight_scale", "center.x", "latent.a", "units", "mix", "step"):
        with pytest.raises(NetartError, match=f"^spots 2: has no meaning where {name} varies"):
            vary(shot(), [Over(name, ("1.1" if name == "units" else "1",))], spots=2)
    assert not _moves_spots([Over("light", ("none", "relief")), Over("level", ("1",))])


def test_what_has_no_form_has_no_spots() -> None:
    with pytest.raises(NetartError, match="spots 12: no place has form"):
        find_spots(shot(layers="0"), 12)
    for count in (0, 101):
        with pytest.raises(NetartError, match=f"spots {count}: must be from 1 to 100"):
            find_spots(shot(), count)
