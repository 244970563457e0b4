"""How runs are drawn where nothing else is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.files.runs import write_run
from netart.files.source import read_source
from netart.lens import picture
from netart.lens.marks import COLOURS
from netart.net.datasets import Points
from netart.net.learning.data import PictureData, PointData
from netart.shot.fields import apply
from netart.shot.run_shot import rows_of_points, shot_of_run
from tests.runs import RING, made_run


@pytest.mark.parametrize(
    ("rows", "columns", "size"), [(2, 3, (1024, 682)), (4, 1, (256, 1024)), (5, 5, None)]
)
def test_a_picture_fills_its_own_frame(
    tmp_path: Path, rows: int, columns: int, size: tuple[int, int] | None
) -> None:
    data = PictureData("p", np.zeros((rows, columns, 1), np.uint8), (0.0, 2.0))
    write_run(tmp_path / "a.run", made_run(data=data))
    found = read_source(tmp_path / "a.run")
    assert found.size == size
    assert read_source(f"{tmp_path}/a.run@10").size == size
    view = found.shot.view
    assert [float(x) for x in view.centre] == [1, 1]
    # The shorter side is ±1 radius, the pixels' outer edges.
    assert view.radius == pytest.approx(min(rows, columns) / max(rows, columns))


def test_regions_have_the_colours_of_their_points() -> None:
    xy = np.array([(0, 1), (-1, -1), (1, -1)], float)
    run = made_run(data=PointData("p", Points(xy, np.array([1, 2, 3]))), widths=())
    drawn = apply(shot_of_run(run), {"boundary": 0.0})
    pixels = picture(drawn, (40, 40), Reference()).reshape(-1, 3)
    colours, counts = np.unique(pixels.round(3), axis=0, return_counts=True)
    found = colours[counts > 40]  # but those of edges
    distances = np.linalg.norm(COLOURS[None, :3] - found[:, None], axis=-1)
    assert {*distances.argmin(axis=1)} == {0, 1, 2}


def test_points_are_those_that_were_learned() -> None:
    rows = rows_of_points(made_run())
    assert np.allclose([row[:2] for row in rows], RING.points.xy, rtol=1e-5)
    assert [row[2] for row in rows] == RING.points.classes.tolist()
    with pytest.raises(NetartError, match="made: learned no points"):
        rows_of_points(made_run(data=None))
