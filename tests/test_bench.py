"""What of the benchmarks can be wrong without a card: arithmetic, checks, limits and files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.evaluate.gpu import Gpu
from netart.evaluate.reference import Reference
from netart.net.network import Network

BENCH = Path(__file__).with_name("bench")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Imports a module of the benchmarks, which are scripts that lie beside each other."""
    monkeypatch.syspath_prepend(str(BENCH))
    return import_module


def test_each_benchmark_keeps_the_parts_of_the_others(bench: Callable[[str], Any]) -> None:
    replace_part = bench("report").replace_part
    there = (BENCH / "RESULTS.md").read_text()
    card = "# On a card: X\n\nold\n\n## Targets\n\nold"
    both = replace_part(replace_part("# Benchmark\n\nold\n", card), there)
    assert both == f"{there}\n{card}\n"
    new = "# On a card: X\n\nnew"
    assert replace_part(both, new) == f"{there}\n{new}\n"
    other = "# On a card: XY\n\nanother"
    assert replace_part(f"{there}\n{other}\n", card) == f"{there}\n{other}\n\n{card}\n"
    assert replace_part("", card) == f"{card}\n"


def test_the_share_of_the_peak_counts_the_networks_multiplications(
    bench: Callable[[str], Any],
) -> None:
    tables = bench("gpu_tables")
    # 18 layers of 30: 2·30 + 17·30·30 + 30·3 multiplications, 2 operations each. 1,203 Mpixel/s of
    # them are 37.2 TFLOP/s, 62% of 60.4.
    peak = {"fma_s": 30.2e12}
    assert tables.multiplications("18x30") == 15_450
    assert tables.share("18x30", 1203.0, peak) == pytest.approx(0.615, abs=0.001)
    assert tables.share("18x30", 1203.0, {"why": "no compute shaders"}) is None
    assert tables.rate({"side": 4096, "whole_s": 0.5}) == pytest.approx(33.55, abs=0.01)
    assert tables.rate({"why": "no card"}) is None


def test_the_peaks_shader_has_the_operations_that_are_counted(bench: Callable[[str], Any]) -> None:
    evaluator = bench("gpu_evaluator")
    lines = [line.split() for line in evaluator.peak_text().splitlines() if "u_factor +" in line]
    assert len(lines) == evaluator.CHAINS * evaluator.UNROLLED
    # None waits for one of its last CHAINS - 1 predecessors.
    for k in range(len(lines) - evaluator.CHAINS):
        assert len({line[0] for line in lines[k : k + evaluator.CHAINS]}) == evaluator.CHAINS


def test_a_wrong_picture_cannot_win(bench: Callable[[str], Any]) -> None:
    evaluator = bench("gpu_evaluator")
    right = evaluator.evaluator_draw(Reference(), "3x8")(evaluator.GRID)
    assert evaluator.check(right, "3x8") == 0
    one_step = right + np.where(right < 255, 1, 0).astype(np.uint8)
    assert evaluator.check(one_step, "3x8") == 0
    for wrong in (right.swapaxes(0, 1), right[::-1], right[..., ::-1], right // 2):
        with pytest.raises(ValueError, match="draws something else"):
            evaluator.check(wrong, "3x8")


def test_the_time_of_shaders_is_that_of_every_draw(bench: Callable[[str], Any], gpu: Gpu) -> None:
    evaluator = bench("gpu_evaluator")
    picture = evaluator.evaluator_draw(gpu, "3x8")
    picture(64)  # compiles
    with evaluator.timed_shaders(gpu.device.context) as found:
        took_s = evaluator.timed(picture, 64)
        draws = found["render"]
        count = len(draws)
        assert count >= 1
        assert 0 < sum(draws) < took_s
    picture(64)
    assert len(draws) == count


def test_what_no_longer_fits_is_left_out_by_name(bench: Callable[[str], Any]) -> None:
    now = 100.0
    budget = bench("gpu").Budget(60, lambda: now)
    assert budget.limit_s("first", 5, 25) == 25
    now = 150.0
    assert budget.limit_s("second", 5, 25) == 10
    assert budget.limit_s("long", 11, 25) == 0
    now = 170.0
    assert budget.limit_s("late", 0, 25) == 0
    assert budget.left_out == ["long", "late"]


def test_targets_without_a_figure_stay_open(bench: Callable[[str], Any]) -> None:
    tables = bench("gpu_tables")
    found = tables.Measurements(peak={"fma_s": 30.2e12})
    side = {"side": 4096}
    found.networks["18x30"] = {**side, "whole_s": 0.03, "shaders_s": 0.014, "compile_s": 0.4}
    found.networks["27x30"] = {**side, "whole_s": 0.04, "shaders_s": 0.03, "compile_s": 1.4}
    found.networks["8x64"] = {"why": "took longer than 25 s"}
    found.torch["18x30"] = {**side, "whole_s": 0.05}
    found.commands[tables.RENDER] = {"whole_s": 1.0, "start_s": 0.3, "encoding_s": 0.5}
    found.commands[tables.ANIMATE] = {"whole_s": 1.5, "encoding_s": 1.2}
    verdicts = {row[0]: row[3] for row in tables.target_rows(found)}
    assert verdicts["18×30: share of peak"] == "reached"
    assert verdicts["27×30: share of peak"] == "**fell short**"
    assert verdicts["8×64: share of peak"] == "open"
    assert verdicts["18×30: shaders alone / torch"] == "reached"
    assert verdicts["18×30: shaders alone / Triton"] == "open"
    assert verdicts["27×30 compiles"] == "**fell short**"
    assert verdicts[f"{tables.RENDER} / what it needs"] == "reached"
    assert verdicts[f"{tables.ANIMATE} / what it needs"] == "**fell short**"
    assert tables.missing(found) == [("took longer than 25 s", "8×64")]


def test_another_number_of_pixels_wins_only_beyond_noise(bench: Callable[[str], Any]) -> None:
    lanes_rows = bench("gpu_tables").lanes_rows

    def verdict(own: int | None, *times_s: float) -> str:
        results = [
            {"lanes": count, "own": own, "side": 64, "shaders_s": time_s, "compile_s": 0.1}
            for count, time_s in enumerate(times_s, 1)
        ]
        head, row = lanes_rows({"12x8": [*results, {"why": "took longer than 20 s"}]})
        assert head[2:-1] == ["1", "2", "3"]
        return str(row[-1])

    assert verdict(2, 0.4, 0.2, 0.3) == "the table is right"
    assert verdict(2, 0.4, 0.2, 0.199) == "the table is right"
    assert verdict(1, 0.4, 0.2, 0.3) == "**2 wins, 2.00 times**"
    assert verdict(4, 0.4, 0.2, 0.3) == "**the table's own was not measured**"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ends", "why"),
    [("", None), ("time.sleep(60)", "took longer than 2 s"), ("sys.exit('no card')", "no card")],
)
def test_what_a_process_found_stays_when_it_fails(
    bench: Callable[[str], Any], tmp_path: Path, ends: str, why: str | None
) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"import sys, time\nprint('{{\"a\": 1}}', flush=True)\n{ends}")
    found = bench("gpu").results(str(script), limit_s=2)
    assert found == [{"a": 1}, *([{"why": why}] if why else [])]


@pytest.mark.slow
def test_the_pixels_that_encoding_writes_are_the_commands(
    bench: Callable[[str], Any], tmp_path: Path
) -> None:
    gpu = bench("gpu")
    for command, encode in (
        (("render", "silk", "--size", "64x48"), ("png", "64x48")),
        (("animate", "lava", "--size", "64x48", "--frames", "4"), ("mp4", "64x48", "4")),
    ):
        found = gpu.whole(command, encode, 1, 60)
        assert found["same"], found
        assert found["whole_s"] > found["encoding_s"] > 0
    with pytest.raises(subprocess.TimeoutExpired):
        gpu.wall_s(("sleep", "60"), limit_s=0.1)
    assert "why" in gpu.whole(("render", "no-such-preset"), ("png", "64x48"), 1, 60)


@pytest.mark.slow
def test_who_learns_something_else_cannot_win(
    bench: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    training, name = bench("training"), "8-8-2 tanh"
    monkeypatch.setattr(training, "TIMED", 1)
    for who in ("netart", "jax"):
        assert training.measured(who, name)["step_us"] > 0

    def from_elsewhere(start: Network) -> Any:
        return training.jax(start.map_layers(lambda layer: layer.times(1.01)))

    monkeypatch.setitem(training.COMPETITORS, "jax", from_elsewhere)
    with pytest.raises(SystemExit, match="learns something else"):
        training.measured("jax", name)
