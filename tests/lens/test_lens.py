"""What hosts ask of any lens: windows, strips, previews, and numbers for what is `auto`."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from netart import lens
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.reference import Reference
from netart.evaluate.request import Request
from netart.evaluate.tiles import cost
from netart.net.build import to_network
from netart.pixels import Window
from netart.shot.lens import LENSES, Lens
from netart.shot.shot import Shot
from tests.shots import REFERENCE, Told, shot


def test_every_struct_has_a_module() -> None:
    structs = get_args(Lens) or (Lens,)
    assert set(LENSES.values()) == set(structs)
    assert list(LENSES) == [struct().kind for struct in LENSES.values()]
    assert set(lens.LENSES) == set(LENSES)


def test_a_window_is_a_part_of_the_picture(cpu: Cpu) -> None:
    picture = lens.picture(shot(), (70, 40), cpu)
    assert np.array_equal(
        lens.draw(shot(), (70, 40), Window(11, 7, 20, 9), cpu), picture[7:16, 11:31]
    )


def test_a_strip_is_started_before_the_last_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lens.picture(shot(), (9, 200), REFERENCE)
    monkeypatch.setattr(lens, "STRIP_PIXELS", 1)
    evaluator = Told()
    strips = list(lens.strips(shot(), (9, 200), evaluator))
    assert [len(strip) for strip in strips] == [64, 64, 64, 8]
    assert np.array_equal(np.concatenate(strips), whole)
    assert evaluator.told == Told.one_ahead(4)


def test_a_picture_is_started_before_the_last_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shots, size, numbers = [shot(seed=str(k)) for k in range(3)], (9, 100), Numbers("u1")
    wanted = [lens.picture(one, size, REFERENCE, numbers) for one in shots]
    monkeypatch.setattr(lens, "STRIP_PIXELS", 1)
    evaluator = Told()
    drawn = list(lens.pictures([(one, numbers) for one in shots], size, evaluator))
    assert np.array_equal(drawn, wanted)
    assert evaluator.told == Told.one_ahead(6), "two strips a picture"


def test_a_strip_is_not_evaluated_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lens, "STRIP_PIXELS", 1)
    evaluator = Told()
    for count, _ in enumerate(lens.strips(shot(), (9, 200), evaluator), 1):
        assert sum(word.startswith("wait") for word in evaluator.told) == count


def test_a_preview_has_one_sample() -> None:
    many = shot(samples="3")
    assert lens.single(many) == shot()
    assert np.array_equal(lens.preview(many, REFERENCE), lens.preview(shot(), REFERENCE))
    assert lens.preview(many, REFERENCE).shape == (48, 48, 3)


def test_cost_and_tiles_count_samples() -> None:
    one, many = shot(layers="3x10"), shot(layers="3x10", samples="2")
    weights = 2 * 10 + 10 * 10 + 10 * 10 + 10 * 3
    assert lens.cost(one) == weights
    assert lens.cost(many) == 4 * weights
    assert np.prod(lens.tile_size(many, (64, 64))) <= np.prod(lens.tile_size(one, (64, 64)))
    blend = shot(layers="3x10", layer="2.5")
    assert lens.cost(blend) == weights + 10 * 3
    assert cost(to_network(blend.network), Request(lens.heads(blend))) == lens.cost(blend)


def test_measured_numbers_draw_the_same_picture_and_stay() -> None:
    automatic = shot(layers="3x12")
    found = lens.measured(automatic)
    assert isinstance(found.look.contrast, tuple)
    assert lens.measured(found) is found
    assert lens.is_measured(found) and not lens.is_measured(automatic)
    assert lens.unmeasured(found) == automatic
    assert np.array_equal(lens.preview(found, REFERENCE), lens.preview(automatic, REFERENCE))
    off = shot(layers="3x12", contrast="off")
    assert lens.measured(off) is lens.unmeasured(off) is off
    assert lens.is_measured(off) and lens.is_measured(shot(palette="rgb"))


def test_auto_that_a_palette_would_not_have_stays_auto() -> None:
    one = shot(palette="rgb", contrast="auto")
    assert lens.unmeasured(lens.measured(one)) == one


def test_shots_that_read_different_numbers_have_no_common_contrast() -> None:
    assert lens.measure([shot(outputs="1"), shot(outputs="3")]) == {}
    assert lens.measure([shot(), shot(contrast="0:1")]) == {}
    together = lens.measure([shot(seed="1"), shot(seed="2")])
    assert together["contrast"] != lens.measure([shot(seed="1")])["contrast"]


@pytest.mark.parametrize(
    "one",
    [shot(), shot(outputs="1"), shot(palette="rgb"), shot(units="3.1"), shot(layer="2.5")],
)
def test_explicit_is_the_same_picture(one: Shot) -> None:
    found = lens.explicit(one)
    assert found.look.palette is not None
    assert np.array_equal(lens.preview(found, REFERENCE), lens.preview(one, REFERENCE))
    assert lens.explicit(found) == found


class Deep(Reference):
    """An evaluator that claims to tell pixels apart where float64 does not."""

    def __init__(self) -> None:
        super().__init__()
        self.epsilon = 0.0


def test_the_evaluator_says_what_it_resolves() -> None:
    deep = shot(center="0.3,0.2", radius="1e-20")
    with pytest.raises(NetartError, match="float64 cannot tell pixels apart"):
        lens.draw(deep, (8, 8), Window(0, 0, 8, 8), REFERENCE)
    assert lens.draw(deep, (8, 8), Window(0, 0, 8, 8), Deep()).shape == (8, 8, 3)
