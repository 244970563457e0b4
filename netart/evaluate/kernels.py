"""What numpy computes with on this machine."""

from __future__ import annotations

import platform
from typing import Any, cast

import numpy as np

from netart.net.threads import blas_libraries


def numpy_kernels() -> str:
    """The kernels of BLAS, the vector instructions of numpy, and the C library: where one of them
    differs, so may the last bits of what numpy computes.
    """
    blas = [
        " ".join(str(one[key]) for key in ("internal_api", "version", "architecture") if key in one)
        for one in blas_libraries().info()
    ]
    built = cast("dict[str, Any]", np.show_config(mode="dicts"))
    vectors = built.get("SIMD Extensions", {}).get("found", [])
    return ", ".join([*sorted(blas), " ".join(vectors), " ".join(platform.libc_ver())])
