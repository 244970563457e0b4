"""What dragging with a key held down makes of a shot."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.live.gestures import Pointer, light_from, turn_camera
from tests.shots import shot

BASE = shot(layers="3x4", radius="2")
LANDSCAPE = shot(BASE, lens="landscape", azimuth="170", elevation="60")

LAMPS = [
    ((0.5, 0.0), {"light_azimuth": "0", "light_elevation": "47.5"}),
    ((0.0, 1.0), {"light_azimuth": "90", "light_elevation": "5"}),
    ((-2.0, 0.0), {"light_azimuth": "180", "light_elevation": "5"}),
    ((0.0, 0.0), {"light_azimuth": "0", "light_elevation": "90"}),
]


@pytest.mark.parametrize(("aim", "texts"), LAMPS)
def test_light_stands_where_it_is_dragged(aim: Pointer, texts: dict[str, str]) -> None:
    wanted = shot(BASE, light="relief", **texts)
    assert light_from(BASE, aim) == wanted  # it is turned on
    assert light_from(shot(BASE, light="relief"), aim) == wanted
    paper = light_from(shot(BASE, light="papercut"), aim)
    assert paper == shot(BASE, light="papercut", light_azimuth=texts["light_azimuth"])
    with pytest.raises(NetartError, match="light neon comes from nowhere"):
        light_from(shot(BASE, light="neon"), aim)


@pytest.mark.parametrize(("aim", "texts"), LAMPS)
def test_the_sun_of_a_landscape_stands_where_it_is_dragged(
    aim: Pointer, texts: dict[str, str]
) -> None:
    wanted = {name.replace("light", "sun"): text for name, text in texts.items()}
    assert light_from(LANDSCAPE, aim) == shot(LANDSCAPE, **wanted)


@pytest.mark.parametrize(
    ("drag", "texts"),
    [
        ((0.5, 0.0), {"azimuth": "125"}),
        ((-0.5, 0.0), {"azimuth": "-145"}),
        ((0.0, -0.1), {"elevation": "69"}),
        ((0.0, 0.2), {"elevation": "42"}),
        ((0.0, -2.0), {"elevation": "90"}),
        ((0.0, 2.0), {"elevation": "5"}),
    ],
)
def test_the_ground_follows_a_drag_of_the_camera(drag: Pointer, texts: dict[str, str]) -> None:
    assert turn_camera(LANDSCAPE, *drag) == shot(LANDSCAPE, **texts)


def test_a_flat_picture_has_no_camera() -> None:
    with pytest.raises(NetartError, match="a colour lens has none: add lens landscape"):
        turn_camera(BASE, 0.1, 0)
    with pytest.raises(NetartError, match="has no effect on landscape:top"):
        turn_camera(shot(BASE, lens="landscape:top"), 0.1, 0)
