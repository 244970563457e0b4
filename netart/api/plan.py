"""Runs that are to be made: what is learned, by which network, and how, from names and texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from netart.api.start import RANDOM, random_seed
from netart.errors import NetartError
from netart.files.pictures import SPAN, read_picture_data
from netart.files.points import read_points
from netart.files.source import read_source
from netart.net.datasets import dataset
from netart.net.learning.data import Data, PointData
from netart.net.learning.options import OUTPUT_ACTIVATIONS, Options
from netart.net.learning.run import Head, Run
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe
from netart.shot.fields import FIELDS, parse, put
from netart.shot.look import Look
from netart.shot.parts import Parts
from netart.shot.ranges import values
from netart.shot.shot import Shot
from netart.shot.syntax import number, whole_number
from netart.version import __version__

# Fields of the network that training takes; the data says how many outputs there are.
RECIPE_FIELDS = tuple(
    row
    for row in FIELDS.values()
    for part, _, name in [row.place.partition(".")]
    if part == "network" and name in Recipe.__struct_fields__ and row.name != "outputs"
)

# What is taken where nothing is asked for, by what is learned: texts of fields, and training.
OF_POINTS = (
    {"widths": "8,8,2", "activation": "tanh"},
    {"steps": 4000, "batch": 0, "rate": 0.02, "weight_decay": 1e-3},
)
OF_LEVELS = (  # of a picture in black and white
    {"layers": "3x16", "activation": "relu"},
    {"steps": 320_000, "batch": 128},
)
OF_VALUES = (  # of other pictures: Sitzmann et al. 2020
    {"layers": "4x32", "activation": "sin", "distribution": "siren"},
    {"steps": 100_000, "batch": 128},
)
SHAPES = "layers", "widths", "depth", "width"  # fields that say how many units there are
# Hidden activations that are 0, or nearly so, below 0, for which He's initialisation is made.
HALF = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


class Plan(NamedTuple):
    """A run that is to be made, without the file that it goes into."""

    head: Head
    data: Data

    def of_seed(self, seed: int) -> Plan:
        """The same of another seed. Raises NetartError."""
        recipe = msgspec.structs.replace(self.head.recipe, mix=((seed, 1.0),))
        return self._replace(head=msgspec.structs.replace(self.head, recipe=recipe))


# What is said of data sets alone, and of how a network is trained: name → what reads its text.
POINT_OPTIONS: dict[str, Callable[[str], Any]] = {
    "count": whole_number, "noise": number, "turns": number,
}  # fmt: skip
TRAINING: dict[str, Callable[[str], Any]] = {
    "steps": whole_number, "batch": whole_number, "optimizer": str, "rate": number,
    "schedule": str, "loss": str, "weight_decay": number, "precision": str,
    "checkpoints": whole_number, "keep": lambda text: tuple(map(whole_number, values(text))),
}  # fmt: skip


def plan(base: Run | None, data: Data | None, texts: Mapping[str, str]) -> Plan:
    """What is to be made where the texts of fields and of training options say this of it.

    base: a run, of which all is taken that is not said otherwise. data: None for the run's own, or
    the spiral. Raises NetartError.
    """
    if data is None and base:
        data = base.data
        if data is None:
            raise NetartError(
                f"{base.name}: holds no data, which a run's own file does: give data", hint="data"
            )
    data = data or PointData("spiral", dataset("spiral"))
    fields = {row.name: texts[row.name] for row in RECIPE_FIELDS if row.name in texts}
    if fields.get("seed") == RANDOM:
        fields["seed"] = random_seed()
    options = read_options(texts, TRAINING)
    network = base.head.recipe if base else None
    recipe = _recipe(network, data.outputs, fields if base else _with_defaults(fields, data))
    loss = {"loss": "squared" if data.task == "regression" else "cross_entropy"}
    own = msgspec.structs.asdict(base.head.options) if base else _defaults(data)[1]
    if not (base and base.data and base.data.task == data.task):
        own = own | loss
    made = Options(**(own | options))
    return Plan(Head(recipe=recipe, options=made, netart=__version__), data)


def read_options(
    texts: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]]
) -> dict[str, Any]:
    """The values of those of the texts, by their names, that have a reader. Raises NetartError."""
    found = {}
    for name, text in texts.items():
        if name in readers:
            try:
                found[name] = readers[name](text)
            except NetartError as error:
                raise NetartError(f"{name} {text!r}: {error}", field=name) from None
    return found


def read_run_of(source: str | PathLike[str] | Shot) -> Run:
    """The run of which a source, or a shot, is a step. Raises NetartError where it is none."""
    if isinstance(source, Shot):
        network, name = source.network, "source"
    else:
        network, name = read_source(source).shot.network, fspath(source)
    if not isinstance(network, Trained):
        raise NetartError(f"{name}: is not a run: what it learned is not known")
    return network.drawn


def read_data(texts: Mapping[str, str]) -> Data | None:
    """What the texts of `data`, `picture` and what belongs to them say is learned; None where they
    say nothing. Raises NetartError.
    """
    data, picture, span = (texts.get(name) for name in ("data", "picture", "span"))
    if data is not None and picture is not None:
        raise NetartError("data: has no meaning beside picture", field="data", hint="picture")
    csv = data if data is not None and data.lower().endswith(".csv") else None
    points = read_options(texts, POINT_OPTIONS)
    if points and (csv or picture):
        refuse_point_options(texts)
    if picture is None and span is not None:
        raise NetartError(f"span {span}: of which picture?", field="span")
    if picture is not None:
        return read_picture_data(Path(picture), read_span(span))
    if csv is not None:
        return PointData(Path(csv).stem, read_points(Path(csv)))
    if data is None and not points:
        return None
    return PointData(data or "spiral", dataset(data or "spiral", **points))


def refuse_point_options(texts: Mapping[str, str]) -> None:
    """Raises NetartError where something is said of the points of a data set."""
    for name in POINT_OPTIONS:
        if name in texts:
            raise NetartError(f"{name} {texts[name]}: is of data sets alone", field=name)


def read_span(text: str | None) -> tuple[float, float]:
    """Where the longer side of a picture lies; None for what is usual. Raises NetartError."""
    if text is None:
        return SPAN
    try:
        low, high = map(number, text.split(","))
    except (ValueError, NetartError):
        raise NetartError(f"span {text!r}: write LOW,HIGH, as in 0,1", field="span") from None
    return low, high


def _defaults(data: Data) -> tuple[dict[str, str], dict[str, Any]]:
    """What is taken where nothing is asked for: texts of fields, and training."""
    if isinstance(data, PointData):
        return OF_POINTS
    return OF_LEVELS if data.has_two_levels else OF_VALUES


def _with_defaults(texts: dict[str, str], data: Data) -> dict[str, str]:
    """The texts of a new network's fields, with those that were not given."""
    own = _defaults(data)[0]
    if any(name in texts for name in SHAPES):
        own = {name: text for name, text in own.items() if name not in SHAPES}
    if "activation" in texts:
        own = {name: text for name, text in own.items() if name != "distribution"}
    own = own | {"output_activation": OUTPUT_ACTIVATIONS[data.task], **texts}
    first = own.get("activation", "tanh").partition(",")[0]
    distribution = "he_normal" if first in HALF else "glorot_normal"
    return {"distribution": distribution, "bias_scale": "0", **own}


def _recipe(base: Recipe | None, outputs: int, texts: dict[str, str]) -> Recipe:
    """The recipe with other values of its fields. Raises NetartError."""
    fields = {name: parse(name, text) for name, text in texts.items()}
    # Contrast would leave the output's activation out.
    shot = Shot(network=base or Recipe(), look=Look(contrast="off"))
    recipe = put(Parts.of(shot), fields | {"outputs": outputs}).network
    assert isinstance(recipe, Recipe)
    return recipe
