"""What is learned: points and pictures as examples."""

from __future__ import annotations

import numpy as np
import pytest

from netart.errors import NetartError
from netart.net.datasets import Points
from netart.net.learning.data import PictureData, PointData, examples
from netart.net.ops import feature

X_AND_Y = (feature("x"), feature("y"))


def points(*classes: int) -> PointData:
    xy = np.arange(2.0 * len(classes)).reshape(-1, 2)
    return PointData("p", Points(xy, np.array(classes)))


def test_two_classes_are_0_and_1_of_one_output() -> None:
    inputs, targets, task = examples(points(1, 2, 2), X_AND_Y)
    assert task == "binary"
    assert inputs.tolist() == [[0, 2, 4], [1, 3, 5]]
    assert targets.tolist() == [[0, 1, 1]]


def test_more_classes_have_an_output_each() -> None:
    _, targets, task = examples(points(3, 1, 2), X_AND_Y)
    assert task == "classes"
    assert targets.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_inputs_are_what_the_features_are() -> None:
    inputs, _, _ = examples(points(1, 2), (feature("y"), feature("sin_x:2"), feature("tile:3")))
    assert inputs.shape == (6, 2)
    assert inputs[0].tolist() == [1, 3]
    assert np.allclose(inputs[1], np.sin([0, 4]))


def test_features_that_are_not_finite_are_refused() -> None:
    far = PointData("p", Points(np.array([[1e300, 0], [0, 1]]), np.array([1, 2])))
    with pytest.raises(NetartError, match="features: are not finite"):
        examples(far, (feature("x2"),))


def test_points_of_one_class_cannot_be_told_apart() -> None:
    with pytest.raises(NetartError, match="p: all points are of one class"):
        points(1, 1)


def picture(rows: int, columns: int, channels: int = 1, top: int = 255) -> PictureData:
    pixels = np.zeros((rows, columns, channels), np.uint8)
    pixels[0] = top
    return PictureData("q", pixels, (0.0, 1.0))


def test_a_pictures_pixels_are_squares_and_its_first_row_is_on_top() -> None:
    x, y = picture(2, 4).places()
    assert x.tolist() == [0.125, 0.375, 0.625, 0.875] * 2
    assert y.tolist() == [0.625] * 4 + [0.375] * 4
    _, y = picture(4, 2).places()
    assert y[0] == 0.875


def test_black_and_white_are_classes_and_all_else_values() -> None:
    assert picture(2, 2).task == "binary"
    assert picture(2, 2, top=254).task == "regression"
    assert picture(2, 2, channels=3).task == "regression"
    _, targets, _ = examples(picture(1, 2, 3, top=51), X_AND_Y)
    assert targets.tolist() == [[0.2, 0.2]] * 3


def test_pictures_have_sizes() -> None:
    with pytest.raises(NetartError, match="q: a picture of \\(513, 1, 1\\) cannot be learned"):
        picture(513, 1)
    with pytest.raises(NetartError, match="span 1,1: must be LOW,HIGH"):
        PictureData("q", np.zeros((1, 1, 1), np.uint8), (1, 1))
