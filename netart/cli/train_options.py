"""The options of `netart train`: what is learned, by which network, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

import netart
from netart.api.start import RANDOM, random_seed
from netart.cli.messages import say
from netart.cli.options import NUMBER, WHOLE, Decorator, option_group
from netart.cli.shot_options import complete_source, field_option
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


def plan_options() -> Decorator:
    """SOURCE, and all that says what is learned and how; passes `plan: Plan`."""
    return option_group(
        "plan",
        _plan,
        click.argument(
            "source", required=False, shell_complete=complete_source,
            help="A run to train otherwise: options change it.",
        ),
        *_DATA,
        *map(field_option, RECIPE_FIELDS),
        *_TRAINING,
        parameters=(
            "source", *_POINTS, "data", "picture", "span", *(row.name for row in RECIPE_FIELDS),
            *Options.__struct_fields__,
        ),
    )  # fmt: skip


_POINTS = ("count", "noise", "turns")  # options of data sets alone

_DATA = (
    click.option(
        "--data", metavar="NAME|FILE.csv",
        help="What is learned: netart help datasets (spiral).",
    ),
    click.option(
        "--picture", metavar="FILE",
        help="A picture to learn instead.",
    ),
    click.option("--count", type=WHOLE, metavar="N", help="Points of a data set (500)."),
    click.option("--noise", type=NUMBER, metavar="S", help="Standard deviation added to them."),
    click.option("--turns", type=NUMBER, metavar="T", help="Of a spiral (1.75)."),
    click.option(
        "--span", metavar="LOW,HIGH", help="Where the picture's longer side lies (-1,1)."
    ),
)  # fmt: skip

_TRAINING = (
    click.option(
        "--steps", type=WHOLE, metavar="N",
        help="Steps of training (4000).",
    ),
    click.option(
        "--batch", type=WHOLE, metavar="N",
        help="Examples a step, drawn anew; 0: all (0).",
    ),
    click.option("--optimizer", metavar="adam|sgd", help="Adam (Kingma and Ba 2015), or plain."),
    click.option("--rate", type=NUMBER, metavar="F", help="Learning rate (0.02)."),
    click.option(
        "--schedule", metavar="cosine|constant", help="Of the rate: to 0, or none (cosine)."
    ),
    click.option(
        "--loss", metavar="cross_entropy|squared", help="Of classes, of values (by the data)."
    ),
    click.option(
        "--weight-decay", type=NUMBER, metavar="F",
        help="Half of it times the squared weights is loss (0.001).",
    ),
    click.option("--precision", metavar="float32|float64", help="Of all numbers (float32)."),
    click.option(
        "--checkpoints", type=WHOLE, metavar="N",
        help="About how many steps the run keeps (200).",
    ),
    click.option("--keep", metavar="STEP,…", help="Further steps to keep."),
)  # fmt: skip


def _plan(source: str | None, **given: Any) -> Plan:
    """What SOURCE is, with the options in place of its own. Raises NetartError."""
    given = {name: value for name, value in given.items() if value is not None}
    base = _read_run(source) if source is not None else None
    data = _read_data(given)
    if data is None and base:
        data = base.data
        if data is None:
            raise NetartError(f"{source}: holds no data, which a run's own file does: give --data")
    data = data or PointData("spiral", dataset("spiral"))
    texts = {row.name: given[row.name] for row in RECIPE_FIELDS if row.name in given}
    if texts.get("seed") == RANDOM:
        texts["seed"] = random_seed()
        say(f"seed {texts['seed']}")
    options = {name: given[name] for name in Options.__struct_fields__ if name in given}
    if "keep" in options:
        try:
            options["keep"] = tuple(map(whole_number, values(options["keep"])))
        except NetartError as error:
            raise error.at(f"--keep {options['keep']!r}") from None
    network = base.head.recipe if base else None
    recipe = _recipe(network, data.outputs, texts if base else _with_defaults(texts, data))
    loss = {"loss": "squared" if data.task == "regression" else "cross_entropy"}
    own = msgspec.structs.asdict(base.head.options) if base else _defaults(data)[1]
    if not (base and base.data and base.data.task == data.task):
        own = own | loss
    made = Options(**(own | options))
    return Plan(Head(recipe=recipe, options=made, netart=netart.__version__), data)


def _read_run(source: str) -> Run:
    network = read_source(source).shot.network
    if not isinstance(network, Trained):
        raise NetartError(f"{source}: is not a run: what it learned is not known")
    return network.drawn


def _read_data(given: dict[str, Any]) -> Data | None:
    """What the options say is learned, None where they say nothing. Raises NetartError."""
    data, picture, span = (given.get(name) for name in ("data", "picture", "span"))
    points = {name: given[name] for name in _POINTS if name in given}
    if data is not None and picture is not None:
        raise NetartError("--data and --picture: give one of them")
    csv = data if data is not None and data.lower().endswith(".csv") else None
    if points and (csv or picture):
        name, value = next(iter(points.items()))
        raise NetartError(f"{name} {value}: is of data sets, not of files", field=name)
    if picture is None and span is not None:
        raise NetartError(f"span {span}: of which picture?", field="span")
    if picture is not None:
        return read_picture_data(Path(picture), _span(span))
    if csv is not None:
        return PointData(Path(csv).stem, read_points(Path(csv)))
    if data is None and not points:
        return None
    return PointData(data or "spiral", dataset(data or "spiral", **points))


def _span(text: str | None) -> tuple[float, float]:
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
