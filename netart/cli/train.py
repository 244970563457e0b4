"""The command `netart train`, which trains networks and writes runs."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NamedTuple

import click
import msgspec

import netart
from netart.cli import INTERRUPTED
from netart.cli.messages import say
from netart.cli.options import option_group, report_options
from netart.cli.report import Report
from netart.cli.shot_options import draw_seed, field_option
from netart.errors import NetartError, unknown
from netart.files.atomic import check_target, free_name
from netart.files.pictures import read_picture_data
from netart.files.points import read_points
from netart.files.training import Progress, open_run, train_into
from netart.net.datasets import DATA_SETS, dataset
from netart.net.learning.data import Data, PictureData, PointData
from netart.net.learning.options import OUTPUT_ACTIVATIONS, Options
from netart.net.learning.run import Head, Run
from netart.net.recipe import Recipe
from netart.shot.fields import FIELDS, parse, put
from netart.shot.look import Look
from netart.shot.parts import Parts
from netart.shot.ranges import values
from netart.shot.run_text import RUN_SUFFIX
from netart.shot.shot import Shot

POLL_S = 0.1
SPAN = -1.0, 1.0  # of a picture

# Fields of the network that training takes; the data says how many outputs there are.
RECIPE_FIELDS = tuple(
    row
    for row in FIELDS.values()
    if row.place.partition(".")[0] == "network"
    and row.place.partition(".")[2] in Recipe.__struct_fields__
    and row.name not in ("outputs", "latent")
)

# What is taken where nothing is asked for: texts of fields, and training.
OF_POINTS = {"widths": "8,8,2", "activation": "tanh"}, {"steps": 4000, "batch": 0, "rate": 0.02}
OF_PICTURES = (
    {"layers": "3x16", "activation": "relu"},
    {"steps": 320_000, "batch": 128, "rate": 1e-3},
)
# Hidden activations that are 0, or nearly so, below 0, for which He's initialisation is made.
HALF = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


class Training(NamedTuple):
    """A run that is to be made."""

    path: Path
    head: Head
    data: Data


def _data(
    data: str | None,
    picture: str | None,
    count: int | None,
    noise: float | None,
    turns: float | None,
    span: str | None,
) -> Data:
    """What is learned. Raises NetartError."""
    points = {"count": count, "noise": noise, "turns": turns}
    given = {name: value for name, value in points.items() if value is not None}
    if data is not None and picture is not None:
        raise NetartError("--data and --picture: give one of them")
    is_file = picture is not None or (data or "").lower().endswith(".csv")
    if given and is_file:
        name = next(iter(given))
        raise NetartError(f"{name} {given[name]}: is of data sets, not of files", field=name)
    if picture is None and span is not None:
        raise NetartError(f"span {span}: is of pictures alone", field="span")
    if picture is not None:
        return read_picture_data(Path(picture), _span(span))
    if is_file:
        assert data is not None
        return PointData(Path(data).stem, read_points(Path(data)))
    name = data or "spiral"
    return PointData(name, dataset(name, **given))  # type: ignore[arg-type]


def _span(text: str | None) -> tuple[float, float]:
    if text is None:
        return SPAN
    try:
        low, high = map(float, text.split(","))
    except ValueError:
        raise NetartError(f"span {text!r}: write LOW,HIGH, as in 0,1", field="span") from None
    return low, high


# Passes `data: Data`.
data_options = option_group(
    "data",
    _data,
    click.option(
        "--data", metavar="NAME|FILE.csv",
        help=f"Points of classes: {', '.join(DATA_SETS)} (spiral), or a file of x, y, class.",
    ),
    click.option(
        "--picture", metavar="FILE",
        help="A picture to learn: black and white as classes, grey or colour as values.",
    ),
    click.option("--count", type=int, metavar="N", help="Points of a data set (500)."),
    click.option("--noise", type=float, metavar="S", help="Standard deviation added to them."),
    click.option("--turns", type=float, metavar="T", help="Of a spiral (1.75)."),
    click.option(
        "--span", metavar="LOW,HIGH", help="Where the picture's longer side lies (-1,1)."
    ),
)  # fmt: skip

# Passes `options`, those that are given.
training_options = option_group(
    "options",
    lambda **values: {name: value for name, value in values.items() if value is not None},
    click.option(
        "--steps", type=int, metavar="N", help="Steps of training (4000, pictures 320000)."
    ),
    click.option(
        "--batch", type=int, metavar="N",
        help="Examples a step, drawn anew for each; 0: all (0, pictures 128).",
    ),
    click.option("--optimizer", metavar="adam|sgd", help="Adam (Kingma and Ba 2015), or plain."),
    click.option("--rate", type=float, metavar="F", help="Learning rate (0.02, pictures 0.001)."),
    click.option(
        "--schedule", metavar="cosine|constant", help="Of the rate: to zero by cosine, or none."
    ),
    click.option(
        "--loss", metavar="cross_entropy|squared", help="By the data: of classes, of values."
    ),
    click.option(
        "--weight-decay", type=float, metavar="F",
        help="Half of it times the squared weights is added to the loss (0).",
    ),
    click.option("--precision", metavar="float32|float64", help="Of all numbers (float32)."),
    click.option(
        "--checkpoints", type=int, metavar="N",
        help="How many steps the run keeps, about, spaced by equal ratios (200).",
    ),
    click.option("--keep", metavar="STEP,…", help="Further steps to keep."),
    parameters=(
        "steps", "batch", "optimizer", "rate", "schedule", "loss", "weight_decay", "precision",
        "checkpoints", "keep",
    ),
)  # fmt: skip


@click.command()
@data_options
@option_group(
    "texts",
    lambda **values: {name: value for name, value in values.items() if value is not None},
    *map(field_option, RECIPE_FIELDS),
    parameters=[row.name for row in RECIPE_FIELDS],
)
@training_options
@click.option("--seeds", metavar="VALUES", help="A run of each seed, on all cores, as in 1..4.")
@click.option("-o", "target", metavar="RUN", help="Where to: a file.run; of seeds file-SEED.run.")
@click.option("--fresh", is_flag=True, help="Start over, whatever the file holds.")
@report_options
def train(
    data: Data,
    texts: dict[str, str],
    options: dict[str, Any],
    seeds: str | None,
    target: str | None,
    fresh: bool,
    report: Report,
) -> None:
    """Train a network, and keep it at many steps in one file, a run.

    A run is a SOURCE of every other command: RUN is its last step, RUN@1000 the step kept nearest
    to 1000, and `netart learn RUN` films it. The file is whole at any time. After Ctrl-C the same
    command goes on where it stopped, and comes to the same bytes. They depend on the seed, and on
    the kind of machine: another processor may round matrix products otherwise.

    Without options of its initialisation a network begins with He's weights (2015) where its
    activation is of the kind of relu, with Glorot's (2010) elsewhere, and with biases of 0.

    \b
    Examples:
      netart train
      netart train --data disc-in-ring --widths 3 --seed 4 -o ring.run
      netart train --data points.csv --layers 2x8 --weight-decay 0.001
      netart train --picture bottle.png --layers 3x16 --activation relu -o bottle.run
      netart train --data moons --widths 3 --seeds 1..4 -o moons.run
    """
    draw_seed(texts)
    if seeds is not None and ("seed" in texts or "mix" in texts):
        raise NetartError("--seeds: says the same thing as --seed or --mix: give one of them")
    head = _head(data, texts, options)
    path = Path(target) if target is not None else free_name(data.name, RUN_SUFFIX)
    if path.suffix != RUN_SUFFIX:
        raise unknown("suffix", path.suffix or path.name, [RUN_SUFFIX]).at(str(path))
    trainings = [Training(path, head, data)]
    if seeds is not None:
        trainings = [
            Training(
                path.with_stem(f"{path.stem}-{seed}"),
                msgspec.structs.replace(
                    head, recipe=_recipe(data, _network_texts(data, texts) | {"seed": seed})
                ),
                data,
            )
            for seed in values(seeds)
        ]
    begun = [_open(one, fresh) for one in trainings]
    begin_s = time.perf_counter()
    done = sum(run.last for run in begun if run)
    runs = _train(trainings, begun, report)
    took_s = time.perf_counter() - begin_s
    for one, run in zip(trainings, runs, strict=True):
        _tell(one, run, took_s if len(runs) == 1 and not done else None, report)


def _head(data: Data, texts: dict[str, str], options: dict[str, Any]) -> Head:
    """All of the run but its weights. Raises NetartError."""
    own = (OF_PICTURES if isinstance(data, PictureData) else OF_POINTS)[1]
    loss = "squared" if data.task == "regression" else "cross_entropy"
    if "keep" in options:
        try:
            options["keep"] = tuple(map(int, values(options["keep"])))
        except ValueError:
            raise NetartError(f"--keep {options['keep']!r}: steps are whole numbers") from None
    made = Options(**{"loss": loss, **own, **options})
    recipe = _recipe(data, _network_texts(data, texts))
    return Head(recipe=recipe, options=made, netart=netart.__version__)


def _network_texts(data: Data, texts: dict[str, str]) -> dict[str, str]:
    """Texts of the network's fields: those that are given, and what is taken for the others."""
    own = (OF_PICTURES if isinstance(data, PictureData) else OF_POINTS)[0]
    shapes = ("layers", "widths", "depth", "width")
    if any(name in texts for name in shapes):
        own = {name: text for name, text in own.items() if name not in shapes}
    own = own | {"output_activation": OUTPUT_ACTIVATIONS[data.task], **texts}
    activation = own.get("activation", "tanh").partition(",")[0]
    distribution = "he_normal" if activation in HALF else "glorot_normal"
    return {"distribution": distribution, "bias_scale": "0", **own}


def _recipe(data: Data, texts: dict[str, str]) -> Recipe:
    """The network that is to learn the data. Raises NetartError."""
    fields = {name: parse(name, text) for name, text in texts.items()}
    # Contrast would leave the output's activation out.
    parts = Parts.of(Shot(look=Look(contrast="off")))
    recipe = put(parts, fields | {"outputs": data.outputs}).network
    assert isinstance(recipe, Recipe)
    return recipe


def _open(training: Training, fresh: bool) -> Run | None:
    check_target(training.path)
    begun = open_run(training.path, training.head, training.data, fresh)
    if begun and begun.head.status != "unfinished":
        say(f"{training.path}: is {begun.head.status}: --fresh trains it again")
    return begun


def _train(trainings: list[Training], begun: list[Run | None], report: Report) -> list[Run]:
    """Trains all of them, several at once. Raises NetartError after Ctrl-C."""
    steps = sum(one.head.options.steps for one in trainings)
    with report.progress(steps, "steps") as advance:
        reached = {one.path: 0 for one in trainings}

        def show(path: Path, progress: Progress) -> None:
            further = progress.step - reached[path]
            reached[path] = progress.step
            advance(further, f"loss {progress.loss:.4g}")

        try:
            if len(trainings) == 1:
                (one,), (before,) = trainings, begun
                return [train_into(*one, before, lambda progress: show(one.path, progress))]
            return _train_in_processes(trainings, begun, show)
        except KeyboardInterrupt:
            files = trainings[0].path if len(trainings) == 1 else f"{len(trainings)} files"
            raise NetartError(
                f"interrupted after {sum(reached.values()):,} of {steps:,} steps, which are kept "
                f"in {files}: the same command goes on from there",
                INTERRUPTED,
            ) from None


def _train_in_processes(
    trainings: list[Training], begun: list[Run | None], show: Callable[[Path, Progress], None]
) -> list[Run]:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        queue = manager.Queue()
        pool = ProcessPoolExecutor(min(len(trainings), os.cpu_count() or 1), context)
        try:
            futures = [
                pool.submit(_train_apart, one, before, queue)
                for one, before in zip(trainings, begun, strict=True)
            ]
            _follow(futures, queue, show)
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            pool.shutdown()


def _train_apart(training: Training, begun: Run | None, queue: Queue[Any]) -> Run:
    """Trains in a process of its own, which tells of its progress now and then."""
    told_s = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told_s
        if time.monotonic() - told_s > POLL_S:
            told_s = time.monotonic()
            queue.put((training.path, progress))

    return train_into(*training, begun, tell)


def _follow(
    futures: list[Future[Run]], queue: Queue[Any], show: Callable[[Path, Progress], None]
) -> None:
    """Shows the progress of all until they are done."""
    while not all(future.done() for future in futures):
        with suppress(Empty):
            show(*queue.get(timeout=POLL_S))


def _tell(training: Training, run: Run, took_s: float | None, report: Report) -> None:
    """Prints where the run is, and says how it went."""
    options, loss, accuracy = run.head.options, float(run.loss[-1]), float(run.accuracy[-1])
    how = f"{run.last:,} steps, loss {loss:.4g}"
    if accuracy == accuracy:
        how += f", {accuracy:.2%} right"
    if run.head.status == "diverged":
        report.warn(
            f"{training.path}: diverged: after step {run.last:,} of {options.steps:,} numbers are "
            "no longer finite; what came before is kept. A smaller --rate may help"
        )
    elif not report.quiet:
        say(f"{training.path}: {how}")
    facts: dict[str, Any] = {
        "status": run.head.status,
        "steps": run.last,
        "kept": len(run.steps),
        "loss": loss,
        "accuracy": accuracy if accuracy == accuracy else None,
        "sha256": run.sha256,
    }
    if took_s is not None:
        facts["us_per_step"] = round(took_s / max(1, run.last) * 1e6, 1)
    report.print_result(training.path, **facts)
