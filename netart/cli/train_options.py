"""The options of `netart train`: what is learned, by which network, and how."""

from __future__ import annotations

from typing import Any

import click

from netart.api.plan import (
    POINT_OPTIONS,
    RECIPE_FIELDS,
    TRAINING,
    Plan,
    plan,
    read_data,
    read_run_of,
)
from netart.api.start import RANDOM
from netart.cli.messages import say
from netart.cli.options import NUMBER, WHOLE, Decorator, option_group
from netart.cli.shot_options import complete_source, field_option


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
            "source", *POINT_OPTIONS, "data", "picture", "span",
            *(row.name for row in RECIPE_FIELDS), *TRAINING,
        ),
    )  # fmt: skip


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
    texts = {name: str(value) for name, value in given.items() if value is not None}
    base = read_run_of(source) if source is not None else None
    made = plan(base, read_data(texts), texts)
    if texts.get("seed") == RANDOM:
        say(f"seed {made.head.recipe.mix[0][0]}")
    return made
