"""numpy's own files, for programs: no colour space, no shot, no rounding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

import numpy as np

from netart.evaluate.numbers import Samples
from netart.files.stills.spec import ImageSpec


def write_npy(file: IO[bytes], spec: ImageSpec, strips: Iterable[Samples]) -> None:
    """Streams (height, width, 3) float32: display values in [0, 1], before any rounding."""
    width, height = spec.size
    header = {"descr": "<f4", "fortran_order": False, "shape": (height, width, 3)}
    np.lib.format.write_array_header_1_0(file, header)
    for strip in strips:
        file.write(np.ascontiguousarray(strip, "<f4").tobytes())
