"""How a run is drawn where nothing else is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from netart.errors import NetartError
from netart.lens import picture
from netart.net.datasets import Points
from netart.net.learning.data import PictureData, PointData
from netart.shot.lens import Colour, Regions
from netart.shot.marks import MAX_MARKED
from netart.shot.run_shot import rows_of_points, shot_of_run
from tests.runs import learned_run
from tests.shots import REFERENCE, shot

GREY = PictureData("grey", np.arange(12, dtype=np.uint8).reshape(3, 4, 1) * 20)


def points(*classes: int) -> PointData:
    xy = np.random.default_rng(1).normal(size=(len(classes), 2))
    return PointData("points", Points(xy, np.array(classes)))


def test_classes_are_regions_and_their_shares_are_not_stretched() -> None:
    two, three = (shot_of_run(learned_run(data=points(*k))) for k in ((1, 2), (1, 2, 3)))
    assert isinstance(two.lens, Regions) and isinstance(three.lens, Regions)
    assert (two.look.contrast, three.look.contrast) == ("off", None)
    coloured = shot(two, lens="colour", palette="gray")
    middle = picture(coloured, (1, 1), REFERENCE)[0, 0, 0]
    z = two.network.content
    hidden = np.tanh(z.layers[0].weight @ [float(x) for x in two.view.centre] + z.layers[0].bias)
    wanted = 1 / (1 + np.exp(-(z.layers[1].weight @ hidden + z.layers[1].bias)[0]))
    assert middle == pytest.approx(wanted, abs=1e-5)


def test_values_are_colours() -> None:
    one = shot_of_run(learned_run(data=GREY))
    assert isinstance(one.lens, Colour)
    assert (one.look.contrast, one.look.palette) == ("off", "gray")


def test_points_are_held_by_value_as_many_as_a_shot_may_have() -> None:
    data = points(1, 2, 2)
    rows = rows_of_points(learned_run(data=data))
    assert [number for _, _, number in rows] == [1, 2, 2]
    assert np.allclose([row[:2] for row in rows], data.points.xy, rtol=1e-5)
    many = rows_of_points(learned_run(data=points(*[1, 2] * MAX_MARKED)))
    assert MAX_MARKED / 2 < len(many) <= MAX_MARKED
    with pytest.raises(NetartError, match="small: learned no points"):
        rows_of_points(learned_run(data=GREY))
