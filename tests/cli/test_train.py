"""`netart train`: what it learns, writes and says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netart.files.runs import read_run
from tests.program import Run, files

RING = ("train", "--data", "disc-in-ring", "--widths", "3", "--count", "60", "--steps", "300")
RAMP = np.linspace(0, 255, 256).reshape(16, 16)


def test_a_run_is_trained_and_told(netart: Run) -> None:
    ran = netart(*RING, "--seed", "4", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["path"] == "disc-in-ring.run"
    assert (ran.json["status"], ran.json["steps"]) == ("finished", 300)
    assert re.fullmatch(
        r"netart: disc-in-ring.run: 300 steps, loss 0\.\d+, \d+\.\d+% right\n", ran.err
    )
    run = read_run(Path("disc-in-ring.run"))
    assert run.head.recipe.mix == ((4, 1.0),)
    assert run.head.recipe.distribution == "glorot_normal"
    assert run.network(0).layers[0].bias.tolist() == [0, 0, 0]
    assert run.loss[-1] == ran.json["loss"]
    assert netart("train", "disc-in-ring.run", "--steps", "200").out == b"disc-in-ring-2.run\n"


def test_the_same_command_goes_on_or_is_done(netart: Run) -> None:
    assert netart(*RING, "-o", "a.run").status == 0
    first = Path("a.run").read_bytes()
    ran = netart(*RING, "-o", "a.run")
    assert ran.err.startswith("netart: a.run: is finished: --fresh trains it again\n")
    ran = netart(*RING, "--rate", "0.5", "-o", "a.run")
    assert ran.status == 2
    assert ran.err == (
        "netart: a.run: holds another run: take another name, or replace it by --fresh\n"
    )
    assert Path("a.run").read_bytes() == first
    assert netart(*RING, "--rate", "0.5", "-o", "a.run", "--fresh").status == 0
    assert Path("a.run").read_bytes() != first


def test_a_run_is_a_source_of_another(netart: Run) -> None:
    netart(*RING, "--seed", "4", "--weight-decay", "0.01", "-o", "a.run")
    netart("train", "a.run", "--seed", "5", "--keep", "7,9", "-o", "b.run")
    a, b = read_run(Path("a.run")), read_run(Path("b.run"))
    assert b.head.options.weight_decay == 0.01
    assert (b.head.recipe.widths, b.head.recipe.mix) == ((3,), ((5, 1.0),))
    assert {7, 9} <= set(b.steps.tolist())
    assert np.array_equal(a.data.points.xy, b.data.points.xy)
    netart("train", "a.run", "--data", "xor", "-o", "c.run")
    assert read_run(Path("c.run")).data.name == "xor"


def test_several_seeds_are_the_same_as_one_by_one(netart: Run) -> None:
    ran = netart(*RING, "--seeds", "1,2,3,2", "-o", "a.run")
    assert ran.status == 0, ran.err
    assert ran.out.decode().split() == ["a-1.run", "a-2.run", "a-3.run"]
    netart(*RING, "--seed", "2", "-o", "b.run")
    assert Path("a-2.run").read_bytes() == Path("b.run").read_bytes()


def test_a_table_of_three_classes_is_told_by_three_outputs(netart: Run) -> None:
    rows = [f"{x},{y},{'abc'[k % 3]}" for k, (x, y) in enumerate([(0, 0), (1, 0), (0, 1)] * 9)]
    Path("p.csv").write_text("x,y,class\n" + "\n".join(rows))
    ran = netart("train", "--data", "p.csv", "--layers", "1x6", "--steps", "400", "--json")
    assert ran.json["accuracy"] == 1
    network = read_run(Path("p.run")).network(400)
    assert (network.outputs, network.layers[-1].activation) == (3, "linear")


@pytest.mark.parametrize(
    ("pixels", "outputs", "loss"),
    [
        (np.kron([[0, 255], [255, 0]], np.ones((8, 8))), 1, "cross_entropy"),
        (np.linspace(0, 255, 256).reshape(16, 16), 1, "squared"),
        (
            np.dstack([np.linspace(0, 255, 256).reshape(16, 16)] * 2 + [np.eye(16) * 90]),
            3,
            "squared",
        ),
    ],
    ids=["bilevel", "grey", "colour"],
)
def test_pictures_are_learned(netart: Run, pixels: np.ndarray, outputs: int, loss: str) -> None:
    Image.fromarray(pixels.astype(np.uint8)).save("p.png")
    command = ("train", "--picture", "p.png", "--steps", "1500", "--span", "0,1", "--rate", "0.01")
    ran = netart(*command, "--json")
    assert ran.status == 0, ran.err
    run = read_run(Path("p.run"))
    assert run.head.options.loss == loss
    assert run.head.recipe.outputs == outputs
    assert run.loss[-1] < run.loss[0] / 4
    assert (ran.json["accuracy"] is None) == (loss == "squared")
    # The picture that it draws is the one that it learned, the same side up.
    netart("render", "p.run", "--size", "16x16", "--palette", "gray" if outputs == 1 else "rgb",
           "--backend", "cpu", "-o", "drawn.png")  # fmt: skip
    drawn = np.asarray(Image.open("drawn.png")).astype(float)
    wanted = pixels if outputs == 3 else np.dstack([pixels] * 3)
    assert np.abs(drawn - wanted).mean() < 40 < np.abs(drawn[::-1] - wanted).mean()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--data", "sprial"), "unknown data set 'sprial': did you mean spiral?"),
        (("--data", "p.csv"), "p.csv: no such file"),
        (("--picture", "p.png"), "p.png: no such file"),
        (("--picture", "p.png", "--data", "xor"), "--data: has no meaning beside --picture"),
        (("--data", "xor", "--turns", "2"), "--turns 2.0: has no meaning for xor"),
        (("--data", "p.csv", "--count", "3"), "--count 3: is of data sets alone"),
        (("--span", "0,1"), "--span 0,1: of which picture?"),
        (("--rate", "0"), "--rate 0.0: must be above 0, 100 at most"),
        (("--steps", "0"), "--steps 0: must be from 1 to 1,000,000,000"),
        (("--keep", "5,x"), "--keep '5,x': must be a whole number"),
        (("--keep", "5000"), "--keep 5000: must be from 0 to the 4,000 steps"),
        (("--optimizer", "adm"), "unknown optimizer 'adm': did you mean adam?"),
        (("--weight-decay", "-1"), "--weight-decay -1.0: must be a finite number, 0 or above"),
        (("--output-activation", "tanh"), "--output-activation tanh: cross-entropy wants sigmoid"),
        (("--seeds", "1..2", "--seed", "3"), "--seeds: says the same thing as --seed: give one of "
         "them"),
        (("--seeds", "a"), "--seed 'a': must be a whole number"),
        (("--layers", "40x300"), "--checkpoints 200: with keep they are 152 times 3,522,901 "
         "weights: a run keeps at most 16,777,216 in all"),
        (("-o", "a.png"), "a.png: unknown suffix '.png': one of .run"),
        (("-o", "no/a.run"), "no/a.run: there is no folder no"),
        (("silk",), "silk: is not a run: what it learned is not known"),
        (("--features", "z"), "unknown feature 'z'"),
    ],
)  # fmt: skip
def test_a_mistake_costs_one_line(netart: Run, arguments: tuple[str, ...], line: str) -> None:
    ran = netart("train", *arguments)
    assert ran.status == 2
    assert ran.err.startswith(f"netart: {line}")
    assert ran.err.count("\n") == 1
    assert not Path("spiral.run").exists()


def test_a_run_that_diverges_is_told(netart: Run) -> None:
    command = (*RING, "--optimizer", "sgd", "--rate", "90", "--activation", "square")
    ran = netart(*command, "-o", "a.run")
    assert ran.status == 0
    assert ran.err.startswith("netart: warning: a.run: diverged: after step ")
    assert read_run(Path("a.run")).head.status == "diverged"


def work(process: subprocess.Popen[bytes], time_s: float) -> None:
    """Waits until the processes of its session have used so much of the processor: start-up takes
    half a second of each, and training is what comes then.
    """
    used_s, end_s = 0.0, time.monotonic() + 60
    while used_s < time_s:
        assert process.poll() is None and time.monotonic() < end_s
        time.sleep(0.05)
        stats = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                stats.append(path.read_text().rpartition(")")[2].split())
        own = [stat for stat in stats if int(stat[3]) == process.pid]
        used_s = sum(int(stat[11]) + int(stat[12]) for stat in own) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seeds", "number", "status"),
    [((), signal.SIGINT, 130), (("--seeds", "1..3"), signal.SIGTERM, 143)],
    ids=["one", "several"],
)
def test_a_signal_keeps_what_is_learned(
    tmp_path: Path, seeds: tuple[str, ...], number: int, status: int
) -> None:
    arguments = ["train", "--steps", "400000", *seeds, "-o", "a.run"]
    process = subprocess.Popen(
        [sys.executable, "-m", "netart", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    work(process, 4.5 if seeds else 1.5)
    os.killpg(process.pid, number)  # as a terminal does, and whoever ends a service
    out, err = process.communicate(timeout=20)
    assert process.returncode == status, err
    assert out == b""
    said = "interrupted: what is learned is kept, and the same command goes on from there"
    assert err.decode() == ("" if seeds else f"netart: {said}\n")
    names = {"a.run"} if not seeds else {f"a-{k}.run" for k in (1, 2, 3)}
    found = files(tmp_path)
    assert found <= names
    steps = [read_run(tmp_path / name).state.step for name in found]
    # Of three at least one had begun, however few cores there are.
    assert max(steps) > 0


@pytest.mark.slow
def test_killed_training_leaves_no_process_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "netart", "train", "--steps", "10000000", "--seeds", "1,2"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,  # which all its processes hold open
        start_new_session=True,
    )
    work(process, 3)
    process.kill()
    try:
        process.communicate(timeout=10)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
