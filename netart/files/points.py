"""Points from CSV files, which spreadsheets and data sets of machine learning are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from netart.errors import NetartError
from netart.files.limits import MAX_POINTS_BYTES, open_regular, read_text_within
from netart.net.datasets import MAX_CLASSES, MAX_POINTS, Points
from netart.shot.marks import spell_points
from netart.shot.syntax import number

Row = tuple[float, float, str]  # x, y and the class as it is written, empty where there is none

MAX_COORDINATE = 1e30
MAX_LINES = 2 * MAX_POINTS  # some may be empty
MAX_LINE = 1000  # characters
MAX_SHOWN = 40  # characters of a value in an error


def read_points(path: Path) -> Points:
    """The points in a file of lines `x, y` or `x, y, class`; a first line of names is skipped.

    A class is a whole number or a word. The classes count from 1 in the order of the numbers, or
    of the alphabet; without classes all points are of class 1. Raises NetartError that names the
    file and the line.
    """
    with open_regular(path) as file:
        text = read_text_within(file, MAX_POINTS_BYTES, "replace")
        rows = list(islice(_read_rows(text), MAX_POINTS + 1))
        if not rows:
            raise NetartError("has no points")
        if len(rows) > MAX_POINTS:
            raise NetartError(f"more than {MAX_POINTS:,} points")
        classes = _count_classes([label for _, _, label in rows])
    return Points(np.array([row[:2] for row in rows]), np.array(classes))


def points_of_arrays(xy: ArrayLike, classes: ArrayLike) -> Points:
    """The points (N, 2) and their classes (N,), whole numbers or words, which count from 1 as those
    of a file do. Raises NetartError.
    """
    try:
        places, labels = np.asarray(xy, np.float64), np.asarray(classes)
    except (TypeError, ValueError):
        raise NetartError("data: points must be numbers, (N, 2)", field="data") from None
    if places.ndim != 2 or places.shape[1] != 2 or labels.shape != places.shape[:1]:
        shapes = f"{places.shape} and {labels.shape}"
        raise NetartError(f"data: points and classes {shapes}: must be (N, 2) and (N,)")
    if not 1 <= len(places) <= MAX_POINTS:
        raise NetartError(f"data: {len(places):,} points: must be from 1 to {MAX_POINTS:,}")
    if not (abs(places) <= MAX_COORDINATE).all():  # NaN is not
        raise NetartError(f"data: points must be finite, within ±{MAX_COORDINATE:g}")
    if labels.dtype.kind == "f" and not (labels == np.floor(labels)).all():
        raise NetartError("data: classes must be whole numbers or words")
    named, numbers = np.unique(labels, return_inverse=True)
    if len(named) > MAX_CLASSES:
        raise NetartError(f"data: {len(named)} classes, at most {MAX_CLASSES}")
    return Points(places.copy(), numbers.astype(np.int64) + 1)


def read_points_text(text: str) -> str:
    """The points of a CSV file as a shot spells them; anything else is spelled so already.

    Raises NetartError as `read_points` does.
    """
    path = Path(text)
    if path.suffix.lower() != ".csv":
        return text
    found = read_points(path)
    rows = zip(*found.xy.T.tolist(), found.classes.tolist(), strict=True)
    return spell_points(tuple(rows))


def _read_rows(text: str) -> Iterator[Row]:
    """The rows of the text, all with as many values as the first. Raises NetartError."""
    reader = csv.reader(_lines(text), skipinitialspace=True)
    columns, may_be_names = 0, True
    try:
        for values in reader:
            cells = [value.strip() for value in values]
            if not any(cells):
                continue
            if may_be_names and not any(map(_is_number, cells)):
                may_be_names = False
                continue
            try:
                row = _read_row(cells)
                columns, may_be_names = columns or len(cells), False
                if len(cells) != columns:
                    raise NetartError(f"{len(cells)} values, the first point has {columns}")
            except NetartError as error:
                raise error.at(f"line {reader.line_num}") from None
            yield row
    except csv.Error as error:
        raise NetartError(f"line {reader.line_num}: {error}") from None


def _lines(text: str) -> Iterator[str]:
    """The lines of the text. Raises NetartError where there are too many, or one is too long."""
    for k, line in enumerate(StringIO(text, newline=None), 1):
        if k > MAX_LINES:
            raise NetartError(f"more than {MAX_LINES:,} lines")
        if len(line) > MAX_LINE:
            raise NetartError(f"line {k}: more than {MAX_LINE:,} characters")
        yield line


def _read_row(cells: list[str]) -> Row:
    """The point of a line's values. Raises NetartError."""
    if not 2 <= len(cells) <= 3:
        raise NetartError(f"{len(cells)} values, must be x, y and, where there are any, the class")
    x, y = (_read_coordinate(name, cell) for name, cell in zip("xy", cells, strict=False))
    label = cells[2] if len(cells) == 3 else ""
    if len(cells) == 3 and (not label or (_is_number(label) and _whole(label) is None)):
        raise NetartError(f"class {label[:MAX_SHOWN]!r}: must be a whole number or a word")
    return x, y, label


def _read_coordinate(name: str, cell: str) -> float:
    try:
        found = number(cell)
        if abs(found) > MAX_COORDINATE:
            raise NetartError(f"must be within ±{MAX_COORDINATE:g}")
    except NetartError as error:
        raise NetartError(f"{name} {cell[:MAX_SHOWN]!r}: {error}") from None
    return found


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _whole(label: str) -> int | None:
    """The whole number that a class is written as, `1` or `1.0`; None where it is a word."""
    if not _is_number(label) or not float(label).is_integer():
        return None
    return int(float(label))


def _count_classes(labels: list[str]) -> list[int]:
    """The classes of labels, from 1. Raises NetartError where there are too many."""
    numbers = {label: _whole(label) for label in set(labels)}
    keys = numbers if None not in numbers.values() else {label: label for label in numbers}
    order = {key: k for k, key in enumerate(sorted(set(keys.values())), 1)}  # type: ignore[type-var]
    if len(order) > MAX_CLASSES:
        raise NetartError(f"{len(order)} classes, at most {MAX_CLASSES}")
    return [order[keys[label]] for label in labels]
