"""What decides the bytes of a film: an interrupted one goes on where all of it is the same."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from netart.draw.film import Film
from netart.evaluate.kernels import numpy_kernels
from netart.files.films.animation import ANIMATIONS
from netart.files.films.video import FilmSpec
from netart.files.stills.plan import ImageEncoding, format_of
from netart.version import __version__

# Distributions that encode numbered stills, by the stills' format; of others Pillow does.
STILL_LIBRARIES = {"png": ("zlib",), "tiff": ("tifffile", "zlib"), "exr": ("openexr",), "npy": ()}


class Identity(msgspec.Struct, frozen=True):
    """All that decides a film's bytes, and nothing else."""

    # What was asked for: the shots, whose recipes hold the version of the sampler, the frames, the
    # encoding and its library: segments of two encoders need not fit into one file.
    film: dict[str, Any]
    # What draws the frames and encodes stills, name → version: with another one their last bits
    # may differ.
    machine: dict[str, str]


def identify(film: Film, spec: FilmSpec, frames: Sequence[int], metadata: bool) -> Identity:
    """The identity of a film. frames: numbers, in the order of the file. metadata: whether the file
    carries the timeline, or each still its shot.
    """
    import av

    machine = {
        "netart": __version__,
        "numpy": np.__version__,
        "kernels": film.evaluator.kernels,
    }
    measured = film.asked not in (None, film.timeline)
    if measured and film.evaluator.kernels != numpy_kernels():  # numpy measures
        machine["measurement"] = numpy_kernels()
    asked: dict[str, Any] = {
        "identity": film.identity,
        "numbers": list(frames),
        "size": spec.size,
        "rate": str(spec.rate),
        "encoding": asdict(spec.encoding),
    }
    if spec.encoding.format in ANIMATIONS:  # all else is of their file alone, which comes last
        asked["encoding"] = {"format": spec.encoding.format}
    if spec.encoding.format == "frames":
        form = format_of(Path(spec.name), ImageEncoding()).name
        names = STILL_LIBRARIES.get(form, ("pillow",))
        asked["metadata"] = metadata  # other files get it at the end
        return Identity(asked, machine | {name: _version(name) for name in names})
    asked |= {"options": spec.options, "segment": spec.segment}
    if spec.encoding.format not in ANIMATIONS:  # whose segments hold pixels without loss
        asked["libraries"] = av.library_versions
    return Identity(asked, machine)


def _version(name: str) -> str:
    return zlib.ZLIB_RUNTIME_VERSION if name == "zlib" else version(name)
