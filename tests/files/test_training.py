"""Training into a file: stopped and killed, it comes to the same bytes."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace as changed

from netart.errors import NetartError
from netart.files import training
from netart.files.runs import read_run
from netart.files.training import Progress, open_run, train_into
from netart.net.datasets import dataset
from netart.net.learning.data import PictureData, PointData
from netart.net.learning.run import Head
from netart.net.learning.trainer import Trainer
from tests.runs import RING, options, recipe

HEAD = Head(recipe=recipe(3), options=options(steps=2000, checkpoints=20), netart="1")
PICTURE = PictureData("p", (np.indices((9, 9)).sum(0)[..., None] % 2 * 255).astype(np.uint8))
WILD = Head(
    recipe=recipe(3, activation="square"),
    options=options(steps=2000, optimizer="sgd", rate=90.0),
)
DRAWN = changed(HEAD, options=options(steps=3000, batch=16, checkpoints=20))


def trained(path: Path, head: Head = HEAD, data: object = RING, **how: object) -> bytes:
    train_into(path, head, data, open_run(path, head, data, fresh=False), **how)
    return path.read_bytes()


def interrupt_at(step: int):
    def progress(now: Progress) -> None:
        if now.step >= step:
            raise KeyboardInterrupt

    return progress


CASES = [(HEAD, RING), (DRAWN, PICTURE)]


@pytest.mark.parametrize(("head", "data"), CASES, ids=["all at once", "batches"])
def test_the_same_training_gives_the_same_bytes(tmp_path: Path, head: Head, data: object) -> None:
    whole = trained(tmp_path / "a.run", head, data)
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / "a.run"
    # Ctrl-C again and again, and every state written.
    for step in range(300, head.options.steps, 700):
        with pytest.raises(KeyboardInterrupt):
            trained(other, head, data, progress=interrupt_at(step), save_s=0)
        run = read_run(other)
        assert run.head.status == "unfinished"
        assert step <= run.state.step < step + 700
        assert run.last <= run.state.step
    assert trained(other, head, data) == whole
    run = read_run(other)
    assert (run.head.status, run.state, run.last) == ("finished", None, head.options.steps)


def test_ctrl_c_between_a_step_and_its_state_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(tmp_path / "a.run")
    (tmp_path / "b").mkdir()
    other, append = tmp_path / "b" / "a.run", list.append
    kept: list[object] = []

    class Interrupting(list):
        def append(self, item: object) -> None:
            append(self, item)
            kept.append(item)
            if len(kept) == 9:
                raise KeyboardInterrupt

    monkeypatch.setattr(training, "_checkpoints", lambda run: Interrupting())
    begun = replace(read_run(tmp_path / "a.run"), head=changed(HEAD, status="unfinished"))
    with pytest.raises(KeyboardInterrupt):
        train_into(other, HEAD, RING, replace(begun, state=None))
    monkeypatch.undo()
    assert len(read_run(other).steps) == 8
    assert trained(other) == whole


def test_ctrl_c_after_the_last_step_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(tmp_path / "a.run")
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / "a.run"

    def interrupt(trainer: Trainer) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Trainer, "measure", interrupt)
        trained(other)
    assert read_run(other).state.step == HEAD.options.steps
    assert trained(other) == whole


def test_ctrl_c_at_the_last_good_step_keeps_it_once(tmp_path: Path) -> None:
    whole = train_into(tmp_path / "a.run", WILD, RING)
    assert whole.head.status == "diverged"
    other = tmp_path / "b" / "a.run"
    other.parent.mkdir()
    with pytest.raises(KeyboardInterrupt):
        trained(other, WILD, progress=interrupt_at(whole.last))
    assert read_run(other).last == whole.last
    assert trained(other, WILD) == (tmp_path / "a.run").read_bytes()


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    first = trained(tmp_path / "a.run")
    assert trained(tmp_path / "a.run", progress=interrupt_at(0)) == first
    newer = changed(HEAD, netart="2")
    assert open_run(tmp_path / "a.run", newer, RING, fresh=False)
    assert open_run(tmp_path / "a.run", HEAD, RING, fresh=True) is None


@pytest.mark.parametrize(
    ("head", "data"),
    [
        (changed(HEAD, recipe=recipe(4)), RING),
        (changed(HEAD, recipe=recipe(3, seed=2)), RING),
        (changed(HEAD, options=options(steps=2001, checkpoints=20)), RING),
        (HEAD, PointData("disc-in-ring", dataset("disc-in-ring", 62))),
        (HEAD, PICTURE),
    ],
)
def test_another_run_is_not_replaced(tmp_path: Path, head: Head, data: object) -> None:
    path = tmp_path / "a.run"
    trained(path)
    with pytest.raises(NetartError, match="holds another run"):
        open_run(path, head, data, fresh=False)


def test_a_picture_elsewhere_is_another(tmp_path: Path) -> None:
    trained(tmp_path / "a.run", DRAWN, PICTURE)
    moved = PictureData("p", PICTURE.pixels, (0, 1))
    with pytest.raises(NetartError, match="holds another run"):
        open_run(tmp_path / "a.run", DRAWN, moved, fresh=False)


def test_a_diverged_run_keeps_its_good_steps(tmp_path: Path) -> None:
    run = train_into(tmp_path / "a.run", WILD, RING)
    assert run.head.status == "diverged"
    assert 0 <= run.last < 100
    assert np.isfinite(run.weights).all() and np.isfinite(run.loss).all()
    assert read_run(tmp_path / "a.run").head.status == "diverged"


def test_what_was_learned_is_measured_on_all(tmp_path: Path) -> None:
    head = changed(HEAD, options=options(steps=3000, checkpoints=20))
    run = train_into(tmp_path / "a.run", head, RING)
    assert run.accuracy[-1] == 1
    assert run.loss[-1] < run.loss[0] / 10
    z = run.network(3000)
    xy = RING.points.xy.T
    for layer in z.layers[:-1]:
        xy = np.tanh(layer.weight @ xy + layer.bias[:, None])
    logits = (z.layers[-1].weight @ xy + z.layers[-1].bias[:, None])[0]
    sides = np.where(RING.points.classes == 2, 1, -1)
    assert run.loss[-1] == pytest.approx(np.mean(np.logaddexp(0, -sides * logits)), rel=1e-4)


KILLED = """
import sys
from pathlib import Path
from netart.files.training import open_run, train_into
from tests.runs import RING, options, recipe
from netart.net.learning.run import Head
from netart.net.learning.trainer import Trainer
head = Head(recipe=recipe(8, 8), options=options(steps=30000, checkpoints=50), netart="1")
path = Path(sys.argv[1])
train_into(path, head, RING, open_run(path, head, RING, fresh=False), save_s=float(sys.argv[2]))
"""


@pytest.mark.slow
def test_a_killed_training_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole, other = tmp_path / "a.run", tmp_path / "b" / "a.run"
    other.parent.mkdir()
    command = [sys.executable, "-c", KILLED]
    subprocess.run([*command, whole, "5"], check=True, timeout=60)
    killed = 0
    for _ in range(3):
        process = subprocess.Popen([*command, other, "0.01"])
        before, end = other.stat().st_mtime_ns if other.exists() else 0, time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            if other.exists() and other.stat().st_mtime_ns != before:
                time.sleep(0.1)
                break
            time.sleep(0.01)
        process.kill()
        killed += process.wait(timeout=20) == -9
        read_run(other)
    assert killed >= 2
    subprocess.run([*command, other, "5"], check=True, timeout=60)
    assert other.read_bytes() == whole.read_bytes()


def test_the_file_is_whole_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MAX_SAVING", 1.0)
    path, steps = tmp_path / "a.run", []

    def look(now: Progress) -> None:
        if path.exists():
            steps.append(read_run(path).state.step)

    train_into(path, changed(HEAD, options=options(steps=20_000)), RING, None, look, save_s=0)
    assert len(set(steps)) > 2
