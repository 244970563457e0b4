"""netart draws the functions that neural networks are.

    shot = netart.load("tour-11")
    image = netart.render(shot, (1024, 1024))
    netart.save(image, "tour.png")

Importing it loads nothing heavy: numpy, Pillow and moderngl come when they are first needed.
"""

from __future__ import annotations

from netart.errors import NetartError
from netart.version import __version__

TYPE_CHECKING = False  # typing takes longer to load than all of this package
if TYPE_CHECKING:
    from os import PathLike
    from typing import Literal

    from netart.files.stills.image import Picture
    from netart.shot.shot import Shot

__all__ = ["NetartError", "__version__", "load", "render", "save"]


def load(
    source: str | PathLike[str],
    *,
    activation: str | None = None,
    output_activation: str | None = None,
    features: str | None = None,
) -> Shot:
    """The shot that `source` names: a preset, a TOML file, a picture by netart, a weights file;
    NAME#3 is the third panel of a sheet.

    activation, output_activation, features: as their options, `relu` or `relu,tanh`; they complete
    a file of weights that does not say them, and replace those of any other shot.
    Raises NetartError where there is none.
    """
    from warnings import warn

    from netart.files.source import given_by, read_source
    from netart.shot.fields import apply, parse
    from netart.shot.shot import Shot

    asked = {"activation": activation, "output_activation": output_activation, "features": features}
    texts = {name: text for name, text in asked.items() if text is not None}
    found = read_source(source, given_by(texts))
    if found.warning:
        warn(found.warning, stacklevel=2)
    if not isinstance(found.document, Shot):
        kind = type(found.document).__name__.lower()
        raise NetartError(f"{source}: is a {kind}, not a single shot")
    texts = {name: text for name, text in texts.items() if name not in found.completed}
    return apply(found.document, {name: parse(name, text) for name, text in texts.items()})


def render(
    shot: Shot, size: tuple[int, int], backend: str = "auto", device: int | None = None
) -> Picture:
    """The shot as a picture of (width, height) pixels: (height, width, 3), display sRGB in [0, 1].

    backend: auto, gpu, cpu or reference; device: which GPU. Raises NetartError.
    """
    from netart.evaluate.backend import open_evaluator
    from netart.files.stills.image import Picture
    from netart.lens import picture
    from netart.pixels import check_size

    check_size(size)
    with open_evaluator(backend, device) as evaluator:
        return Picture(shot, picture(shot, size, evaluator))


def save(
    picture: Picture,
    path: str | PathLike[str],
    *,
    bits: int | None = None,
    quality: int | Literal["lossless"] | None = None,
    metadata: bool = True,
) -> None:
    """Writes the picture as the suffix says; with `metadata`, the shot in it.

    bits: a channel, 8, 16 or 32; quality: 1 to 100 or `lossless`; unset, the format chooses.
    Raises NetartError where the format holds no such thing.
    """
    from pathlib import Path

    from netart.evaluate.backend import open_evaluator
    from netart.evaluate.numbers import convert
    from netart.files.stills.image import write_picture, write_vector
    from netart.files.stills.plan import ImageEncoding, is_vector, plan_vector
    from netart.lens import vector

    encoding = ImageEncoding(bits=bits, quality=quality, metadata=metadata)
    if is_vector(Path(path), encoding):
        spec = plan_vector(Path(path), picture.shot, picture.size, encoding)
        with open_evaluator() as evaluator:
            drawn = vector(picture.shot, picture.size, evaluator, spec.format, spec.note)
        write_vector(spec, drawn)
        return
    write_picture(path, picture.shot, picture.size, convert([picture.pixels]), encoding)
