"""What is drawn over a picture, or under its lines: points of classes, and a target."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

import msgspec
import numpy as np

from netart.errors import NetartError, unknown
from netart.net.datasets import DATA_SETS, MAX_CLASSES, Points, dataset
from netart.shot.syntax import number, whole_number
from netart.shot.target import parse_target

MAX_MARKED = 10_000  # points that a shot holds: they are written into every picture
MAX_SIZE = 100.0

# Red, green and blue of points, by their class: Okabe and Ito 2008, "Color universal design",
# without black, and yellow last.
CLASS_COLOURS = (
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167),
    (86, 180, 233), (230, 159, 0), (240, 228, 66),
)  # fmt: skip

# (x, y, class from 1), in input units.
Row = tuple[float, float, int]


class Marks(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    repr_omit_defaults=True,
):
    """What is drawn over a picture, or under its lines."""

    # The name of a data set, or the points themselves.
    points: str | tuple[Row, ...] = ()
    # Multiplies the points' radius.
    point_size: float = 1.0
    # The picture that a network learns, as `parse_target` reads it.
    target: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.points, str):
            if self.points not in DATA_SETS:
                raise unknown("data set", self.points, DATA_SETS)
        elif len(self.points) > MAX_MARKED:
            raise NetartError(f"marks.points: {len(self.points):,} points, at most {MAX_MARKED:,}")
        else:
            for x, y, number in self.points:
                if not (isfinite(x) and isfinite(y)):
                    raise NetartError(f"marks.points: {x},{y}: must be finite numbers")
                if not 1 <= number <= MAX_CLASSES:
                    raise NetartError(
                        f"marks.points: class {number}: must be from 1 to {MAX_CLASSES}"
                    )
        if not 0 < self.point_size <= MAX_SIZE:
            raise NetartError(
                f"marks.point_size = {self.point_size}: must be above 0, {MAX_SIZE:g} at most"
            )
        if self.target is not None:
            try:
                parse_target(self.target)
            except NetartError as error:
                raise error.at("marks.target") from None

    def refuses(self, name: str) -> NetartError | None:
        """Why the field of this name would have no effect on the picture, or None."""
        if name == "point_size" and not self.points:
            return NetartError(
                f"{name}: there are no points: add points", field=name, hint="points"
            )
        return None

    def resolve(self) -> Points:
        """The points, in input units."""
        if isinstance(self.points, str):
            return _dataset(self.points)
        rows = np.array(self.points, float).reshape(-1, 3)
        return Points(rows[:, :2], rows[:, 2].astype(int))


@lru_cache(maxsize=8)
def _dataset(name: str) -> Points:
    return dataset(name)


def parse_points(text: str) -> str | tuple[Row, ...]:
    """The name of a data set, or points, as in `0.5,-1,1;2,3,2`. Raises NetartError."""
    if "," not in text:
        return text
    rows = []
    for part in text.split(";"):
        try:
            x, y, kind = part.split(",")
        except ValueError:
            raise NetartError("write X,Y,CLASS;… or the name of a data set") from None
        rows.append((number(x), number(y), whole_number(kind)))
    return tuple(rows)


def spell_points(points: str | tuple[Row, ...]) -> str:
    """The text that `parse_points` reads."""
    if isinstance(points, str):
        return points
    return ";".join(f"{x!r},{y!r},{number}" for x, y, number in points)
