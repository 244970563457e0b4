"""Training as Python has it: networks that learn, and the last step of what came of it."""

from __future__ import annotations

import logging
from os import PathLike, fspath
from pathlib import Path
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import ArrayLike

from netart.api.plan import (
    RECIPE_FIELDS,
    plan,
    read_data,
    read_run_of,
    read_span,
    refuse_point_options,
)
from netart.api.shots import Progress
from netart.errors import NetartError
from netart.files.atomic import check_target, unknown_suffix
from netart.files.pictures import picture_of_array
from netart.files.points import points_of_arrays
from netart.files.training import Progress as Reached
from netart.files.training import describe_divergence, open_run, train_into
from netart.net.learning.data import Data, PointData
from netart.shot.fields import field, texts_of_values
from netart.shot.run_shot import shot_of_run
from netart.shot.run_text import RUN_SUFFIX
from netart.shot.shot import Shot

PointArrays = tuple[ArrayLike, ArrayLike]

log = logging.getLogger("netart")


def train(
    data: str | PathLike[str] | PointArrays | None = None,
    path: str | PathLike[str] | None = None,
    *,
    picture: str | PathLike[str] | ArrayLike | None = None,
    source: str | PathLike[str] | Shot | None = None,
    span: tuple[float, float] | str | None = None,
    count: int | None = None,
    noise: float | None = None,
    turns: float | None = None,
    steps: int | None = None,
    batch: int | None = None,
    optimizer: str | None = None,
    rate: float | None = None,
    schedule: str | None = None,
    loss: str | None = None,
    weight_decay: float | None = None,
    precision: str | None = None,
    checkpoints: int | None = None,
    keep: Any = None,
    fresh: bool = False,
    progress: Progress | None = None,
    **fields: Any,
) -> Shot:
    """Trains a network, and returns its last step: `netart.train("moons", widths=(8, 8), seed=3)`.

    The shot goes on as any: netart.film(shot, "learn") films what was learned, netart.sheet(shot,
    {"step": "1..4000*9:log"}) shows steps, and shot.network.drawn is the run with its losses.
    data: what is learned: a data set (curves, disc-in-ring, spiral, xor, gauss, circle, moons), a
    CSV file of x, y, class, or (points, classes), (N, 2) in input units and (N,) whole numbers or
    words. None for the spiral, or the source's own. Of data sets count is the number of points,
    noise the standard deviation added to them, turns of the spiral.
    picture: to learn instead: a file, or (height, width) or (height, width, 3), row 0 on top:
    uint8, booleans, or floats in [0, 1], display sRGB. span: input units where its longer side
    lies, (-1, 1).
    path: a file, `NAME.run`, that keeps the run while it is trained: after Ctrl-C, which raises
    KeyboardInterrupt, the same call goes on from there, and comes to the same bytes. None keeps it
    in memory alone, where Ctrl-C loses it. fresh: starts over, whatever the file holds.
    source: a run, a file or a step, which is trained anew from step 0 with what is said otherwise.
    steps; batch: examples a step, 0 for all; optimizer: adam or sgd; rate; schedule: cosine or
    constant; loss: cross_entropy or squared; weight_decay; precision: float32 or float64;
    checkpoints: about how many steps are kept; keep: further ones, [1, 2] or "1..9".
    fields: of the network, by their names: widths, activation, features, seed and the like.
    progress: is called with the steps that are made, and with all of them.
    Warns of numbers that do not stay finite. Raises NetartError.
    """
    options = {
        "count": count, "noise": noise, "turns": turns, "steps": steps, "batch": batch,
        "optimizer": optimizer, "rate": rate, "schedule": schedule, "loss": loss,
        "weight_decay": weight_decay, "precision": precision, "checkpoints": checkpoints,
        "keep": keep, "span": span,
    }  # fmt: skip
    texts = {name: _text(value) for name, value in options.items() if value is not None}
    texts |= _field_texts(fields)
    file = None if path is None else Path(path)
    if file and file.suffix != RUN_SUFFIX:
        raise unknown_suffix(file, [RUN_SUFFIX])
    base = None if source is None else read_run_of(source)
    head, found = plan(base, _data(data, picture, texts), texts)
    begun = None
    if file:
        check_target(file)
        begun = open_run(file, head, found, fresh)
        if begun and begun.state:
            log.info("%s: goes on from step %s", file, f"{begun.state.step:,}")

    def tell(reached: Reached) -> None:
        if progress:
            progress(reached.step, head.options.steps)

    run = train_into(file, head, found, begun, tell)
    if run.head.status == "diverged":
        warn(f"{run.name}: {describe_divergence(run)}", stacklevel=2)
    return shot_of_run(run)


def _data(data: Any, picture: Any, texts: dict[str, str]) -> Data | None:
    """What is learned; None where nothing is said of it. Raises NetartError."""
    named = {"data": data, "picture": picture}
    files = {
        name: fspath(value) for name, value in named.items() if isinstance(value, (str, PathLike))
    }
    if len(files) == sum(value is not None for value in named.values()):
        return read_data(files | texts)
    if data is not None and picture is not None:
        raise NetartError("data: has no meaning beside picture", field="data", hint="picture")
    refuse_point_options(texts)
    if picture is not None:
        return picture_of_array(picture, "picture", read_span(texts.get("span")))
    if "span" in texts:
        raise NetartError(f"span {texts['span']}: of which picture?", field="span")
    if not isinstance(data, tuple) or len(data) != 2:
        raise NetartError("data: must be a name, a CSV file, or (points, classes)", field="data")
    return PointData("points", points_of_arrays(*data))


def _field_texts(fields: dict[str, Any]) -> dict[str, str]:
    """The texts of the network's fields. Raises NetartError for those of others."""
    for name in fields:
        if field(name) not in RECIPE_FIELDS:
            raise NetartError(f"{name}: is no field of a network that is trained", field=name)
    return texts_of_values(fields)


def _text(value: Any) -> str:
    """The value as an option has it: whole floats as whole numbers, lists joined by commas."""
    if isinstance(value, str):
        return value
    plain = np.asarray(value).tolist()
    items = plain if isinstance(plain, list) else [plain]
    return ",".join(
        str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)
        for item in items
    )
