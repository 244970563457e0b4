"""Points from CSV files: what is read, and what is refused in one line."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from netart.errors import NetartError
from netart.files.limits import MAX_POINTS_BYTES
from netart.files.points import MAX_LINES, read_points
from netart.net.datasets import MAX_POINTS


def read(tmp_path: Path, text: str | bytes) -> list[tuple[float, float, int]]:
    path = tmp_path / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    points = read_points(path)
    assert points.xy.dtype == np.float64 and points.xy.shape == (len(points.classes), 2)
    return [
        (x, y, number)
        for (x, y), number in zip(points.xy.tolist(), points.classes.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1,2\n3,4\n", [(1, 2, 1), (3, 4, 1)]),
        ("x,y\n1,2\n", [(1, 2, 1)]),
        ("# x, y, class\n\n 1 , -2e-3 , 1\r\n3,4,2", [(1, -0.002, 1), (3, 4, 2)]),
        ("\ufeffx,y,class\n1,2,1\n", [(1, 2, 1)]),
        ("\ufeff1,2,1\n", [(1, 2, 1)]),
        ("0,0,1\n0,0,0\n0,0,1\n", [(0, 0, 2), (0, 0, 1), (0, 0, 2)]),
        ("0,0,-1\n0,0,1\n", [(0, 0, 1), (0, 0, 2)]),
        ("0,0,10\n0,0,9\n", [(0, 0, 2), (0, 0, 1)]),
        ("0,0,1.0\n0,0,1\n0,0,2\n", [(0, 0, 1), (0, 0, 1), (0, 0, 2)]),
        ('0,0,"setosa"\n0,0,"a, b"\n', [(0, 0, 2), (0, 0, 1)]),
        ("0,0,10\n0,0,9\n0,0,b\n", [(0, 0, 1), (0, 0, 2), (0, 0, 3)]),
        ("1,2\r3,4\r", [(1, 2, 1), (3, 4, 1)]),
        ("0,0,ü\r\n1,2,a\r\n".encode("utf-16"), [(0, 0, 2), (1, 2, 1)]),
        ("0,0,ü\n1,2,a\n".encode("utf-16-be"), [(0, 0, 2), (1, 2, 1)]),
    ],
)
def test_points_and_their_classes(
    tmp_path: Path, text: str | bytes, wanted: list[tuple[float, float, int]]
) -> None:
    assert read(tmp_path, text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no points"),
        ("x,y\n", "has no points"),
        ("x,y\na,b\n", "line 2: x 'a': must be a number"),
        ("1,2\nx,y\n", "line 2: x 'x': must be a number"),
        ("1,b\n", "line 1: y 'b': must be a number"),
        ("1,\n", "line 1: y '': must be a number"),
        ("1,2\n\n3,nan\n", "line 3: y 'nan': must be a finite number"),
        ("1,-1e31\n", "line 1: y '-1e31': must be within ±1e+30"),
        ("1\n", "line 1: 1 values, must be x, y and, where there are any, the class"),
        ("1,2,3,4\n", "line 1: 4 values, must be x, y and, where there are any, the class"),
        ("1,2,3\n1,2\n", "line 2: 2 values, the first point has 3"),
        ("1,2,0.5\n", "line 1: class '0.5': must be a whole number or a word"),
        ("1,2,inf\n", "line 1: class 'inf': must be a whole number or a word"),
        ("1,2,\n", "line 1: class '': must be a whole number or a word"),
        ("x;y\n1;2\n", "line 2: 1 values, must be x, y and, where there are any, the class"),
        ("1,2\n" + "3" * 200 + "x,4", f"line 2: x '{'3' * 40}': must be a number"),
        ("".join(f"1,2,{k}\n" for k in range(101)), "101 classes, at most 100"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "line 2: 1 values"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(NetartError) as error:
        read(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path / 'a.csv'}: {message}")
    assert "\n" not in str(error.value)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, what in ("no.csv", "no such file"), ("pipe.csv", "is not a regular file"):
        with pytest.raises(NetartError, match=f"{name}: {what}$"):
            read_points(tmp_path / name)
    with pytest.raises(NetartError, match=r"is not a regular file$"):
        read_points(tmp_path)


def test_the_most_points(tmp_path: Path) -> None:
    assert len(read(tmp_path, "1,2,1\n" * MAX_POINTS)) == MAX_POINTS
    with pytest.raises(NetartError, match=f"more than {MAX_POINTS:,} points$"):
        read(tmp_path, "1,2,1\n" * (MAX_POINTS + 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n" * (MAX_LINES + 2), "more than 200,000 lines"),
        ("," * MAX_POINTS_BYTES, "line 1: more than 1,000 characters"),
        ("1,2\n3,4," + "x" * 1000, "line 2: more than 1,000 characters"),
        ('1,2\n"3' + "4\n" * 10**5, r"line \d+: field larger than field limit \(131072\)"),
        ("\n" * (MAX_POINTS_BYTES + 1), "more than 8 MiB"),
    ],
    ids=["lines", "commas", "word", "quotes", "bytes"],
)
def test_large_files_are_refused_at_once(tmp_path: Path, text: str, message: str) -> None:
    start = time.process_time()
    with pytest.raises(NetartError, match=f": {message}$"):
        read(tmp_path, text)
    assert time.process_time() - start < 2
