"""What decides the bytes of a film, as far as what it keeps unfinished depends on it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from netart.draw.film import Film
from netart.files.films.animation import ANIMATIONS
from netart.files.films.video import FilmSpec
from netart.files.identity import Identity, describe_machine
from netart.files.stills.plan import ImageEncoding, format_of

# Distributions that encode numbered stills, by the stills' format; of others Pillow does.
STILL_LIBRARIES = {"png": ("zlib",), "tiff": ("tifffile", "zlib"), "exr": ("openexr",), "npy": ()}


def identify(film: Film, spec: FilmSpec, frames: Sequence[int], metadata: bool) -> Identity:
    """The identity of a film. frames: numbers, in the order of the file. metadata: whether the file
    carries the timeline, or each still its shot.

    The encoder's library is of what was asked for: segments of two encoders need not fit into one
    file.
    """
    import av

    measures = film.asked not in (None, film.timeline)
    machine = describe_machine(film.evaluator, measures)
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
        return Identity("film", asked, machine | {name: _version(name) for name in names})
    asked |= {"options": spec.options, "segment": spec.segment}
    if spec.encoding.format not in ANIMATIONS:  # whose segments hold pixels without loss
        asked["libraries"] = av.library_versions
    return Identity("film", asked, machine)


def _version(name: str) -> str:
    return zlib.ZLIB_RUNTIME_VERSION if name == "zlib" else version(name)
