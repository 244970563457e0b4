"""Two lenses beside each other, and points over any picture."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from netart import lens
from netart.errors import NetartError
from netart.evaluate.numbers import Numbers
from netart.lens import panels
from netart.lens.marks import points_on_plane
from netart.pixels import Window
from netart.shot.fields import apply, fewest_texts, parse
from netart.shot.marks import Marks
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from tests.shots import REFERENCE, shot

PAIR = shot(beside="colour", layer="1")


def test_panels_fill_the_picture_but_for_a_gutter() -> None:
    left, right = panels.columns([100, 100], (101, 40))
    assert left == Window(0, 0, 49, 40) and right == Window(51, 0, 50, 40)
    assert [part.width for part in panels.columns([1, 1, 1], (99, 9))] == [31, 32, 32]
    assert [part.width for part in panels.columns([100, 60], (164, 9))] == [100, 61]


def test_each_panel_is_the_picture_of_its_shot() -> None:
    picture = lens.picture(PAIR, (101, 40), REFERENCE)
    alone = lens.picture(replace(PAIR, beside=None), (49, 40), REFERENCE)
    assert np.array_equal(picture[:, :49], alone.astype(np.float32))
    assert np.array_equal(picture[:, 49:51], np.full((40, 2, 3), panels.PAPER, np.float32))


def test_a_field_of_both_lenses_is_put_into_both() -> None:
    assert PAIR.lens.layer == 1 and PAIR.beside and PAIR.beside.layer == 1
    texts = fewest_texts(PAIR)
    assert texts == {"beside": "colour", "layer": "1"}
    assert from_text(to_text(PAIR)) == PAIR


@pytest.mark.parametrize("one", [PAIR, shot(points="spiral", radius="5")], ids=["pair", "points"])
def test_windows_are_parts_of_the_picture(one: Shot) -> None:
    numbers = Numbers("u1", dither=True)
    picture = lens.picture(one, (101, 40), REFERENCE, numbers)
    for window in Window(40, 7, 20, 9), Window(0, 0, 3, 40), Window(49, 0, 2, 2):
        left, top, width, height = window
        part = lens.draw(one, (101, 40), window, REFERENCE, numbers)
        assert np.array_equal(part, picture[top : top + height, left : left + width])


def test_points_stand_where_the_view_has_them() -> None:
    turned = shot(points="1,2,1;3,2,2", center="1,2", radius="2", rotate="90")
    first, second = points_on_plane(turned)
    assert (first.u, first.v, first.number) == (0, 0, 1)
    assert np.allclose((second.u, second.v), (0, -1)) and second.number == 2
    picture = lens.picture(turned, (60, 60), REFERENCE)
    assert np.allclose(picture[30, 30], np.array([0, 114, 178]) / 255, atol=0.01)
    assert np.array_equal(
        points_on_plane(shot(points="2,1,1", axes="y,x", radius="1")), [(1, 2, 1)]
    )


def test_points_keep_old_hashes_and_are_spelled() -> None:
    marked = shot(points="0.5,-1,1;2,3,2", point_size="2")
    assert shot().sha256 != marked.sha256
    assert "marks" not in to_text(shot())
    assert from_text(to_text(marked)) == marked
    assert fewest_texts(marked) == {"points": "0.5,-1.0,1;2.0,3.0,2", "point_size": "2.0"}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"points": "spirl"}, "unknown data set 'spirl': did you mean spiral?"),
        ({"points": "1,2"}, "points '1,2': write X,Y,CLASS"),
        ({"points": "1,2,0"}, "class 0: must be from 1 to 100"),
        ({"points": "nan,2,1"}, "must be a finite number"),
        ({"points": "xor", "axes": "x,t", "latent": "t=1"}, "the picture spans x and t"),
        ({"points": "xor", "point_size": "0"}, "point_size 0.0: must be above 0"),
        ({"lens": "colur"}, "unknown lens 'colur': did you mean colour?"),
    ],
)
def test_what_is_wrong_is_said(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError) as raised:
        apply(None, {name: parse(name, text) for name, text in texts.items()})
    assert message in str(raised.value)


def test_too_many_points_are_refused() -> None:
    with pytest.raises(NetartError, match="10,001 points, at most 10,000"):
        Marks(points=((0.0, 0.0, 1),) * 10_001)


@pytest.mark.parametrize("name", ["landscape", "diagram", "curves"])
@pytest.mark.parametrize("size", [(1, 1), (3, 90), (90, 3)])
def test_what_is_tiny_is_drawn_too(name: str, size: tuple[int, int]) -> None:
    one = shot(lens=name, layers="2x4", features="x" if name == "curves" else "x,y")
    assert lens.picture(one, size, REFERENCE).shape == (size[1], size[0], 3)
