"""Training: checkpoints, resuming to the same bytes, divergence, and memory."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from math import isnan

import msgspec
import numpy as np
import pytest

from netart.errors import NetartError
from netart.net.build import to_network
from netart.net.datasets import Points, dataset
from netart.net.learning.data import Examples, PictureData, PointData, examples
from netart.net.learning.optimizer import OPTIMIZERS, add_decay, learning_rate
from netart.net.learning.options import Options
from netart.net.learning.run import State, unpack
from netart.net.learning.trainer import Checkpoint, Trainer, checkpoint_steps, is_right
from netart.net.ops import feature
from netart.net.recipe import Recipe

FEATURES = (feature("x"), feature("y"))
MOONS = examples(PointData("moons", dataset("moons", 300)), FEATURES)
RECIPE = Recipe(
    widths=(7, 5), outputs=1, activations=("relu", "silu"), distribution="he_uniform",
    mix=((4, 1.0),),
)  # fmt: skip
OPTIONS = Options(steps=1500, batch=20, loss="cross_entropy", rate=0.01, checkpoints=12)


def trainer(
    options: Options = OPTIONS,
    recipe: Recipe = RECIPE,
    data: Examples = MOONS,
    seed: int = 4,
    state: State | None = None,
) -> Trainer:
    return Trainer(to_network(recipe), data, options, seed, state)


def checkpoints(one: Trainer) -> list[Checkpoint]:
    return [found for found in one.run() if found]


def changed(**fields: object) -> Options:
    return msgspec.structs.replace(OPTIONS, **fields)


def as_bytes(found: list[Checkpoint]) -> list[tuple[int, bytes, float, float]]:
    return [(one.step, one.parameters.tobytes(), one.loss, one.accuracy) for one in found]


def test_checkpoints_are_spaced_by_ratios_with_the_ends_and_those_asked_for() -> None:
    found = checkpoint_steps(changed(steps=1_270_000, checkpoints=230, keep=(5000, 0, 77)))
    assert found.dtype == np.int64
    steps = found.tolist()
    assert steps[:4] == [0, 1, 2, 3]
    assert steps[-1] == 1_270_000
    assert {77, 5000} < set(steps)
    assert len(steps) == 203
    assert all(a < b for a, b in pairwise(steps))
    spaced = [step for step in steps if step > 1000 and step != 5000]
    ratios = [b / a for a, b in pairwise(spaced)]
    assert ratios == pytest.approx([1_270_000 ** (1 / 229)] * len(ratios), rel=2e-3)
    assert checkpoint_steps(changed(steps=1)).tolist() == [0, 1]


def test_training_gives_each_checkpoint_and_control_after_each_chunk() -> None:
    one, seen = trainer(changed(keep=(600,))), []
    for found in one.run():
        seen.append((found.step if found else None, one.state.step, one.status))
    kept = [step for step, _, _ in seen if step is not None]
    assert kept == checkpoint_steps(changed(keep=(600,))).tolist()
    assert all(step in (None, reached) for step, reached, _ in seen)
    assert [reached for step, reached, _ in seen if step is None] == [512, 1024]
    assert [status for *_, status in seen] == ["unfinished"] * (len(seen) - 1) + ["finished"]


def test_a_network_learns() -> None:
    one = trainer()
    found = checkpoints(one)
    assert found[0].loss > 0.5
    assert found[-1].loss < 0.05
    assert found[-1].accuracy > 0.97
    assert one.measure() == (found[-1].loss, found[-1].accuracy)
    # Measured on the network that the parameters are, as it is drawn.
    network = unpack(RECIPE, found[-1].parameters)
    y = MOONS.inputs
    for layer in network.layers[:-1]:
        y = layer.weight @ y + layer.bias[:, None]
        y = np.maximum(y, 0) if layer.activation == "relu" else y / (1 + np.exp(-y))
    z = network.layers[-1].weight @ y + network.layers[-1].bias[:, None]
    assert found[-1].accuracy == ((z > 0) == (MOONS.targets == 1)).mean()
    assert found[-1].loss == pytest.approx(np.logaddexp(0, -z * (2 * MOONS.targets - 1)).mean())


VARIANTS = [
    {},
    {"weight_decay": 1e-3, "schedule": "constant"},
    {"optimizer": "sgd", "rate": 0.1, "batch": 0},
    {"precision": "float64", "loss": "squared"},
]


@pytest.mark.parametrize("fields", VARIANTS)
def test_the_same_training_gives_the_same_bytes(fields: dict[str, object]) -> None:
    one, two, other = (trainer(changed(**fields), seed=seed) for seed in (4, 4, 5))
    first = as_bytes(checkpoints(one))
    assert first == as_bytes(checkpoints(two))
    if fields.get("batch") != 0:
        assert first[-1] != as_bytes(checkpoints(other))[-1]


@pytest.mark.parametrize("fields", VARIANTS)
def test_resumed_from_any_state_it_gives_the_bytes_of_never_stopping(
    fields: dict[str, object],
) -> None:
    options = changed(keep=(100, 511, 513, 1024, 1400), **fields)
    whole, states = trainer(options), []
    found = []
    for checkpoint in whole.run():
        states.append(whole.state)
        found += [checkpoint] if checkpoint else []
    assert {0, 512, 513, 1024, 1400, 1500} <= {state.step for state in states}
    for state in states[::3]:
        resumed = trainer(options, state=State(*map(np.copy, state)))
        rest = checkpoints(resumed)
        expected = [one for one in found if one.step > state.step]
        assert as_bytes(rest) == as_bytes(expected)
        assert resumed.status == "finished"
        assert all(map(np.array_equal, resumed.state, whole.state))


def test_a_large_network_gives_control_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = as_bytes(checkpoints(trainer()))
    monkeypatch.setattr("netart.net.learning.trainer.MAX_WORK", 100 * 67 * 20)
    one, steps = trainer(), [0]
    found = []
    for checkpoint in one.run():
        found += [checkpoint] if checkpoint else []
        steps.append(one.state.step)
    assert len(one.state.parameters) == 67
    assert max(b - a for a, b in pairwise(steps)) == 100
    assert as_bytes(found) == whole


def test_what_is_learned_does_not_depend_on_the_checkpoints() -> None:
    few, many = (
        checkpoints(trainer(changed(checkpoints=count, keep=keep)))
        for count, keep in ((2, ()), (60, (511, 700)))
    )
    assert as_bytes(few)[-1] == as_bytes(many)[-1]


def test_stopped_in_the_middle_of_a_chunk_it_stands_where_it_last_gave_control() -> None:
    """Ctrl-C may come anywhere: here while a gradient is computed."""
    whole, one = trainer(), trainer()
    rest = as_bytes(checkpoints(whole))
    compute, calls = one._backpropagation.compute, 0

    def interrupted(*batch: np.ndarray) -> None:
        nonlocal calls
        calls += 1
        compute(*batch)
        if calls == 700:
            raise KeyboardInterrupt

    one._backpropagation.compute = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        checkpoints(one)
    # Before it came checkpoints, and the end of the chunk.
    last = max(step for step in [512, *(step for step, *_ in rest)] if step < 700)
    assert one.state.step == last
    again = as_bytes(checkpoints(trainer(state=one.state)))
    assert again == [found for found in rest if found[0] > last]


@pytest.mark.parametrize(("rate", "between"), [(1.5, (105, 204)), (1.0, (1024, 1500))])
def test_what_diverges_is_told_and_stands_at_its_last_good_step(
    rate: float, between: tuple[int, int]
) -> None:
    """Rates so large that each step doubles the error, about."""
    recipe = Recipe(widths=(), outputs=1, output_activation="linear")
    options = changed(optimizer="sgd", rate=rate, loss="squared", schedule="constant")
    one = trainer(options, recipe)
    found = checkpoints(one)
    last = found[-1]
    assert one.status == "diverged"
    assert between[0] < last.step < between[1]
    assert last.step == one.state.step
    assert last.step not in checkpoint_steps(options)
    assert np.isfinite(last.parameters).all()
    assert np.isfinite([checkpoint.loss for checkpoint in found]).all()
    # A step more is too much.
    one_more = msgspec.structs.replace(options, steps=last.step + 1)
    following = trainer(one_more, recipe, state=one.state)
    assert as_bytes(checkpoints(following)) == as_bytes([last])
    assert (following.status, following.state.step) == ("diverged", last.step)


def test_a_network_that_is_infinite_at_once_has_diverged() -> None:
    recipe = Recipe(
        widths=(4,) * 9, outputs=1, activations=("square",), output_activation="linear",
        weight_scale=9.0,
    )  # fmt: skip
    one = trainer(changed(loss="squared"), recipe)
    (found,) = checkpoints(one)
    assert (found.step, one.status) == (0, "diverged")
    assert not np.isfinite(found.loss)


def test_a_running_mean_that_overflows_has_diverged() -> None:
    """Adam's squares of gradients, while weights and loss are finite."""
    huge = MOONS._replace(inputs=MOONS.inputs * 1e10)
    recipe = Recipe(widths=(), outputs=1, output_activation="linear")
    one = trainer(changed(loss="squared"), recipe, huge)
    (found,) = checkpoints(one)
    assert (found.step, one.state.step, one.status) == (0, 0, "diverged")
    assert np.isfinite(found.loss)


def test_an_output_above_a_half_means_the_second_class() -> None:
    outputs, targets = np.array([[0.49, 0.51, 0.51, 0.49]]), np.array([[0.0, 1.0, 0.0, 1.0]])
    assert is_right(outputs, targets, "binary").tolist() == [True, True, False, False]
    outputs, targets = np.array([[3.0, 1.0], [2.0, 1.5], [0.0, 1.0]]), np.eye(3)[:, [0, 2]]
    assert is_right(outputs, targets, "classes").tolist() == [True, False]


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "linear"])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_steps_take_no_memory(activation: str, optimizer: str) -> None:
    recipe = Recipe(widths=(32,) * 3, outputs=1, activations=(activation,))
    options = changed(batch=128, optimizer=optimizer, weight_decay=1e-4)
    one = trainer(options, recipe)
    one._load()
    batches, vectors = one._batches, one._vectors
    batches.gather(0)

    def steps(count: int) -> None:
        for step in range(count):
            k = step % batches.length
            one._backpropagation.compute(
                batches.inputs[k], batches.transposed[k], batches.targets[k]
            )
            add_decay(vectors)
            OPTIMIZERS[options.optimizer](vectors, step, learning_rate(options, step))

    steps(10)
    tracemalloc.start()
    steps(1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The least of the arrays has 4 KiB, but for those of the single output.
    assert peak < 2500


def test_three_classes_are_learned_by_the_softmax_of_linear_outputs() -> None:
    rng = np.random.default_rng(0)
    classes = np.arange(240) % 3 + 1
    xy = rng.normal(size=(240, 2)) * 0.2 + np.array([[1, 0], [-1, 1], [-1, -1]])[classes - 1]
    data = examples(PointData("three", Points(xy, classes)), FEATURES)
    recipe = Recipe(widths=(6,), outputs=3, output_activation="linear")
    for loss in ("cross_entropy", "squared"):
        one = trainer(changed(steps=400, rate=0.03, loss=loss), recipe, data)
        assert checkpoints(one)[-1].accuracy == 1
    with pytest.raises(NetartError, match="cross-entropy wants linear"):
        trainer(recipe=Recipe(widths=(6,), outputs=3), data=data)


def test_the_values_of_a_picture_are_learned() -> None:
    rows, columns = np.mgrid[:9, :12]
    pixels = np.stack([rows * 28, columns * 23, 255 - rows * 28], axis=-1).astype(np.uint8)
    data = examples(PictureData("ramp", pixels), FEATURES)
    one = trainer(
        changed(loss="squared", steps=800, rate=0.02), Recipe(widths=(8,), outputs=3), data
    )
    first, *_, last = checkpoints(one)
    assert last.loss < first.loss / 20
    assert isnan(last.accuracy)


def test_a_network_must_fit_its_examples() -> None:
    with pytest.raises(NetartError, match=r"2 inputs and 3 outputs .* of 2 and 1"):
        trainer(recipe=Recipe(widths=(6,)))


def test_what_could_not_be_read_again_is_refused() -> None:
    wide = Recipe(widths=(1000, 1000), outputs=1)  # 1,005,001 parameters
    assert trainer(changed(steps=11, checkpoints=12), wide).state.step == 0
    with pytest.raises(NetartError, match=r"checkpoints 13: .* 17 times 1,005,001 weights"):
        trainer(changed(steps=12, checkpoints=13, keep=tuple(range(13))), wide)
    with pytest.raises(NetartError, match="keep: 10,001 steps, at most 10,000"):
        changed(steps=20_000, keep=tuple(range(10_001)))


@pytest.mark.parametrize("field", ["inputs", "targets"])
def test_precision_is_that_of_the_options(field: str) -> None:
    for precision in ("float32", "float64"):
        one = trainer(changed(precision=precision))
        assert one.state.parameters.dtype == precision
        assert getattr(one._batches, field)[0].dtype == precision
