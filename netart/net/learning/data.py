"""What a network learns: points of classes, or a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.net.datasets import Points
from netart.net.ops import Feature, feature_columns

MAX_SIDE = 512  # pixels of a picture that is learned

# One output, a probability; an output a class, of which the largest is meant; values in [0, 1].
Task = Literal["binary", "classes", "regression"]


@dataclass(frozen=True, eq=False)
class PointData:
    """Points of the plane, each of a class: a network learns to tell the classes apart."""

    name: str  # of a data set, or of the file that they came from
    points: Points

    def __post_init__(self) -> None:
        if len(set(self.points.classes.tolist())) < 2:
            raise NetartError(f"{self.name}: all points are of one class: there is nothing to tell")

    @property
    def task(self) -> Task:
        return "binary" if self.outputs == 1 else "classes"

    @property
    def outputs(self) -> int:
        """How many outputs a network has that learns this."""
        classes = int(self.points.classes.max())
        return 1 if classes == 2 else classes


@dataclass(frozen=True, eq=False)
class PictureData:
    """A picture over a piece of the plane: a network learns its pixels."""

    name: str  # of the file that it came from
    pixels: NDArray[np.uint8]  # (rows, columns, channels), one channel or three, in display sRGB
    # Low and high end of its longer side, in input units, as of x so of y; the shorter side is
    # centred. Pixels are squares, y goes up.
    span: tuple[float, float] = (-1.0, 1.0)

    def __post_init__(self) -> None:
        rows, columns, channels = self.pixels.shape
        low, high = self.span
        if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE and channels in (1, 3)):
            raise NetartError(f"{self.name}: a picture of {self.pixels.shape} cannot be learned")
        if not -1e6 <= low < high <= 1e6:
            raise NetartError(f"span {low:g},{high:g}: must be LOW,HIGH, the lower first")

    @property
    def task(self) -> Task:
        return "binary" if self.has_two_levels else "regression"

    @property
    def has_two_levels(self) -> bool:
        """Whether it is black and white alone: classes, and not values."""
        return self.pixels.shape[2] == 1 and bool(np.isin(self.pixels, (0, 255)).all())

    @property
    def outputs(self) -> int:
        """How many outputs a network has that learns this."""
        return int(self.pixels.shape[2])

    def places(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of the middles of all pixels, row by row: two of (N,)."""
        rows, columns, _ = self.pixels.shape
        low, high = self.span
        unit, middle = (high - low) / max(rows, columns), (low + high) / 2
        x = middle + (np.arange(columns) + 0.5 - columns / 2) * unit
        y = middle - (np.arange(rows) + 0.5 - rows / 2) * unit
        return np.tile(x, rows), np.repeat(y, columns)


Data = PointData | PictureData


class Examples(NamedTuple):
    """Inputs of a network, and the outputs that it shall have there."""

    inputs: NDArray[np.float64]  # (columns, N): what the features are
    # (outputs, N): 0 or 1 where the task is to tell two classes apart, 1 in the row of the class
    # and else 0 where they are more, values in [0, 1] otherwise.
    targets: NDArray[np.float64]
    task: Task


def examples(data: Data, features: tuple[Feature, ...]) -> Examples:
    """The examples that the data holds, for a network of these features.

    Class 2 of two is the 1, as white is of black and white.
    """
    if isinstance(data, PictureData):
        x, y = data.places()
        targets = data.pixels.reshape(-1, data.outputs).T / 255
    else:
        x, y = data.points.xy.T
        numbers = data.points.classes
        if data.task == "binary":
            targets = (numbers == 2)[None].astype(float)
        else:
            targets = (np.arange(1, data.outputs + 1)[:, None] == numbers).astype(float)
    with np.errstate(all="ignore"):
        inputs = np.stack(feature_columns(features, x, y)).astype(np.float64)
    if not np.isfinite(inputs).all():
        raise NetartError("features: are not finite at all points that are learned")
    return Examples(inputs, targets, data.task)
