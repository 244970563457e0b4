"""Runs as files: written exactly, and read as untrusted data."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.files import runs
from netart.files.pictures import read_picture_data
from netart.files.runs import read_run, write_run
from netart.files.source import read_source
from netart.net.learning.data import PictureData
from netart.net.learning.run import Run, State
from netart.net.learning.trained import Trained
from netart.shot.document import Document, from_tables, to_tables
from netart.shot.run_text import MAX_EMBEDDED_RUN
from netart.shot.sheet import Over, Sheet
from netart.shot.shot import Shot
from tests.runs import RING, made_run
from tests.shots import shot

PICTURE = PictureData("q", np.arange(24, dtype=np.uint8).reshape(2, 4, 3), (0.0, 1.0))


def state(run: Run) -> State:
    row = run.weights[-1]
    return State(100, row, row * 2, row * 3)


def equal(first: Run, second: Run) -> bool:
    """Whether all that two runs hold is the same."""
    pairs = [(first.steps, second.steps), (first.weights, second.weights)]
    pairs += [(first.loss, second.loss), (first.accuracy, second.accuracy)]
    if isinstance(first.data, PictureData):
        assert first.data.span == second.data.span
        pairs.append((first.data.pixels, second.data.pixels))
    else:
        pairs += zip(first.data.points, second.data.points, strict=True)
    if first.state:
        assert first.state.step == second.state.step
        pairs += zip(first.state[1:], second.state[1:], strict=True)
    same = all(np.array_equal(a, b, equal_nan=True) and a.dtype == b.dtype for a, b in pairs)
    return same and first.head == second.head and first.data.name == second.data.name


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("data", [RING, PICTURE], ids=["points", "picture"])
@pytest.mark.parametrize("goes_on", [False, True])
def test_a_run_comes_back_exactly(tmp_path: Path, precision: str, data: Any, goes_on: bool) -> None:
    run = made_run("a", data=data, precision=precision)
    run = replace(run, accuracy=np.array([np.nan, 0.5, 1]))
    run = replace(run, state=state(run)) if goes_on else run
    path = tmp_path / "a.run"
    write_run(path, run)
    assert equal(run, read_run(path))
    first = path.read_bytes()
    write_run(path, read_run(path))
    assert path.read_bytes() == first


def changed(path: Path, name: str, data: bytes) -> None:
    """Puts other bytes in place of a member of the file."""
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members[f"{name}.npy"] = data
    with zipfile.ZipFile(path, "w") as archive:
        for one, content in members.items():
            archive.writestr(one, content)


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "array", "why"),
    [
        ("head", "{", "head: "),
        ("head", "[" * 100_000, "head: "),
        ("steps", np.arange(3.0), "steps: is float64 of 1 axes, must be int64"),
        ("steps", np.arange(3_000_000), "steps: claims a size"),
        ("steps", np.arange(3)[::-1].copy(), "must rise"),
        ("weights", np.zeros((3, 12), np.float32), "must be float32"),
        ("weights", np.zeros((4, 13), np.float32), "weights: claims a size"),
        ("weights", np.full((3, 13), np.inf, np.float32), "must be finite"),
        ("points", np.zeros((60, 3)), "must be (N, 2) and (N,)"),
        ("points", np.full((60, 2), np.nan), "must be finite"),
        ("classes", np.zeros(60, int), "their classes from 1 to 100"),
        ("loss", np.zeros(2), "numbers of the 3 steps"),
        ("steps", np.array(3), "steps: (): must be (S,)"),
    ],
)
def test_a_damaged_file_costs_one_line(tmp_path: Path, name: str, array: Any, why: str) -> None:
    path = tmp_path / "a.run"
    write_run(path, made_run("a"))
    changed(path, name, npy(array))
    with pytest.raises(NetartError) as error:
        read_run(path)
    assert str(error.value).startswith(f"{path}: ")
    assert why in str(error.value)


@pytest.mark.parametrize("kept", [0, 3])
def test_the_state_counts_among_the_numbers_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    path, run = tmp_path / "a.run", made_run("a")
    write_run(path, replace(run, state=state(run)))
    changed(path, "steps", npy(np.arange(kept)))
    changed(path, "parameters", b"")
    monkeypatch.setattr(runs, "MAX_NUMBERS", 13 * (kept + 3) - 1)
    with pytest.raises(NetartError, match=f"{kept} steps of 13 weights: more than"):
        read_run(path)


def test_a_file_that_is_no_run_costs_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    with pytest.raises(NetartError, match="no such file"):
        read_run(path)
    path.write_bytes(b"PK")
    with pytest.raises(NetartError, match="not a complete npz file"):
        read_run(path)
    np.savez(path.with_suffix(".npz"), a=1)
    path.with_suffix(".npz").rename(path)
    with pytest.raises(NetartError, match="has no head"):
        read_run(path)


def no_traceback(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        read_source(path)
    except NetartError as error:
        assert str(error).startswith(f"{path}: ")


def test_a_step_is_a_source(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    write_run(path, made_run())
    last, early = read_source(path), read_source(f"{path}@10")
    assert (last.name, early.name) == ("a", "a-10")
    assert (last.shot.network.step, early.shot.network.step) == (100, 10)
    assert last.shot.lens.kind == "regions"
    assert last.shot.view.radius == 1.1
    assert [float(x) for x in last.shot.view.centre] == [0, 0]
    (tmp_path / "b@3.run").write_bytes(path.read_bytes())
    assert read_source(tmp_path / "b@3.run").name == "b@3"
    for step, why in (("x", "must be a number"), ("", "must be a number"), ("101", "steps 0 to")):
        with pytest.raises(NetartError, match=why):
            read_source(f"{path}@{step}")
    with pytest.raises(NetartError, match="silk is not a run"):
        read_source("silk@3")


def test_a_picture_is_shown_where_it_was_learned(tmp_path: Path) -> None:
    write_run(tmp_path / "a.run", made_run(data=PICTURE))
    view = read_source(tmp_path / "a.run").shot.view
    assert (float(view.centre[0]), float(view.centre[1]), view.radius) == (0.5, 0.5, 0.25)


def read_back(document: Document, folder: Path | None = None) -> Document:
    read = (lambda name, _: read_run(folder / name)) if folder else None
    return from_tables(to_tables(document), read)


def drawing(run: Run, **texts: str) -> Shot:
    return shot(Shot(network=Trained(runs=(run,))), palette="gray", **texts)


def test_a_small_run_is_written_out_with_its_steps() -> None:
    document = drawing(made_run(), step="10")
    back = read_back(document)
    assert back == document
    assert back.sha256 == document.sha256
    assert back.network.runs[0].sha256 == made_run().sha256
    assert back.network.step == 10
    assert back.network.runs[0].data is None


def test_of_a_large_run_a_picture_holds_one_step_and_a_sheet_its_name(tmp_path: Path) -> None:
    run = made_run("large", steps=tuple(range(900)))
    assert run.weights.nbytes > MAX_EMBEDDED_RUN
    single = drawing(run, step="10")
    assert to_tables(single)["shot"]["network"]["kind"] == "weights"
    assert read_back(single) == single
    sheet = Sheet(shot=single, overs=(Over("step", ("0", "10", "899")),))
    with pytest.raises(NetartError, match="no folder to look in"):
        read_back(sheet)
    write_run(tmp_path / "large.run", run)
    back = read_back(sheet, tmp_path)
    assert back.sha256 == sheet.sha256
    assert back.panel(3) == sheet.panel(3)
    write_run(tmp_path / "large.run", made_run(steps=tuple(range(901))))
    with pytest.raises(NetartError, match="is not the one that was drawn"):
        read_back(sheet, tmp_path)


def test_the_hash_of_what_varies_steps_tells_runs_apart() -> None:
    over = (Over("step", ("0", "10")),)
    first = Sheet(shot=drawing(made_run(), step="0"), overs=over)
    second = Sheet(shot=drawing(made_run(steps=(0, 9, 10)), step="0"), overs=over)
    assert first.shot.sha256 == second.shot.sha256
    assert first.sha256 != second.sha256


def test_the_hash_of_what_varies_steps_tells_whether_they_are_blended() -> None:
    over = (Over("step", ("0", "5")),)
    first, second = (
        Sheet(shot=drawing(made_run(), step="0", blend_steps=text), overs=over)
        for text in ("false", "true")
    )
    assert first.panel(2) != second.panel(2)
    assert first.sha256 != second.sha256


def test_the_hash_of_what_varies_runs_tells_their_names() -> None:
    one, other = made_run("a"), made_run("b", steps=(0, 9, 100))
    swapped = replace(one, name="b"), replace(other, name="a")
    sheets = [
        Sheet(
            shot=shot(Shot(network=Trained(runs=runs)), palette="gray", step="0"),
            overs=(Over("run", ("a", "b")), Over("step", ("9",))),
        )
        for runs in ((one, other), swapped)
    ]
    assert sheets[0].panel(1) != sheets[1].panel(1)
    assert sheets[0].sha256 != sheets[1].sha256


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("weights", "!", "is not base64"),
        ("weights", "AAAA", "must be 3 rows of 13 float32"),
        ("steps", [0, 10**7], "more than|must be 2 rows"),
        ("steps", [0, 1, 10**20], "go to 1,000,000,000 at most"),
        ("loss", [0.5], "numbers of the 3 steps"),
        ("head", {"recipe": {"widths": [0]}}, "width 0|missing"),
        ("sha256", "0" * 64, "is not the one that was drawn"),
        ("file", "a.run", "either written out or a `file`"),
        ("flie", "a.run", "did you mean network.runs"),
    ],
)
def test_a_run_in_text_that_is_wrong_costs_one_line(name: str, value: object, why: str) -> None:
    tables = to_tables(drawing(made_run()))
    tables["shot"]["network"]["runs"][0][name] = value
    with pytest.raises(NetartError, match=why):
        from_tables(tables)


def test_too_many_runs_are_refused_before_files_are_read() -> None:
    tables = to_tables(drawing(made_run()))
    tables["shot"]["network"]["runs"] = [{"file": f"{k}.run"} for k in range(17)]
    read: list[str] = []
    with pytest.raises(NetartError, match=r"network\.runs: 17, at most 16"):
        from_tables(tables, lambda name, text=None: read.append(name))
    assert not read


def write_png(path: Path, pixels: np.ndarray) -> Path:
    from PIL import Image

    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def test_runs_that_take_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one, read = made_run(), []
    monkeypatch.setattr("netart.shot.run_text.MAX_RUNS_BYTES", 3 * one.weights.nbytes)

    def read_beside(name: str, text: object) -> Run:
        read.append(name)
        return replace(one, name=name)

    files = [{"file": f"{k}.run"} for k in range(16)]
    with pytest.raises(NetartError, match=r"network\.runs: more than 0 MiB of weights"):
        from_tables({"shot": {"network": {"kind": "run", "runs": files}}}, read_beside)
    assert read == ["0.run", "1.run", "2.run", "3.run"]


def test_only_the_smaller_picture_takes_memory_in_numpy(tmp_path: Path) -> None:
    path = write_png(tmp_path / "a.png", np.zeros((2048, 2048)))
    tracemalloc.start()
    assert read_picture_data(path, (-1.0, 1.0)).has_two_levels
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_pictures_are_read_as_what_they_are(tmp_path: Path) -> None:
    levels = np.array([[0, 255], [255, 0]])
    read = lambda pixels: read_picture_data(write_png(tmp_path / "a.png", pixels), (0, 1))  # noqa: E731
    assert read(levels).task == "binary"
    assert read(levels).pixels[..., 0].tolist() == levels.tolist()
    assert read(levels // 2).task == "regression"
    colours = np.stack([levels, levels.T, 0 * levels], axis=-1)
    assert read(colours).outputs == 3
    clear = np.dstack([colours, np.zeros((2, 2))])
    assert (read(clear).pixels == 255).all()
    large = np.kron(levels, np.ones((400, 301)))
    assert read(large).pixels.shape == (512, 385, 1)
    assert read(large).task == "binary"
    with pytest.raises(NetartError, match=r"a\.txt: is no picture"):
        (tmp_path / "a.txt").write_text("x")
        read_picture_data(tmp_path / "a.txt", (0, 1))
