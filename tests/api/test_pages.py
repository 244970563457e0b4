"""Pages are pictures that know their panels, and the same as those of the command line."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import netart
from netart.cli import cli
from netart.errors import NetartError
from tests.runs import learned_run, written

# What one types → what one writes in Python.
SAME: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("silk --over depth=1..4", ("silk", {"depth": "1..4"}), {}),
    ("silk --over depth=1..4 --columns 3 --no-labels", ("silk", {"depth": range(1, 5)}),
     {"columns": 3, "labels": False}),
    ("silk --over weight-scale=0.4,0.8 --over palette='sun;ramp:#102030,#f0a040'",
     ("silk", {"weight_scale": [0.4, 0.8], "palette": ["sun", "ramp:#102030,#f0a040"]}), {}),
    ("--layers 2x4 --seeds 6 --best 3", (), {"layers": "2x4", "seeds": 6, "best": 3}),
    ("--layers 2x4 --seeds 7,9", (), {"layers": "2x4", "seeds": [7, 9]}),
    ("tour-10 --gutter 3 --background white", ("tour-10",), {"gutter": 3, "background": "white"}),
    ("ember --light all", ("ember",), {"light": "all"}),
    ("ember --over seed=1,2 --contrast shared", ("ember", {"seed": (1, 2)}),
     {"contrast": "shared"}),
    ("silk --over contrast='-1:1;-2:2' --over center='0,0;0.4,-0.2'",
     ("silk", {"contrast": [(-1, 1), (-2, 2)], "center": [(0, 0), (0.4, -0.2)]}), {}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "arguments", "options"), SAME, ids=[line for line, *_ in SAME])
def test_a_page_is_that_of_the_same_command_line(
    tmp_path: Path, line: str, arguments: tuple[Any, ...], options: dict[str, Any]
) -> None:
    path = tmp_path / "page.png"
    words = ["sheet", *shlex.split(line), "--size", "24x20", "--backend", "cpu", "-o", str(path)]
    ran = CliRunner().invoke(cli, words)
    assert ran.exit_code == 0, ran.output
    page = netart.sheet(*arguments, size=(24, 20), backend="cpu", **options)
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), np.floor(np.asarray(page) * 255 + 0.5))
    assert netart.load(path).sha256 == page.sheet.sha256


def test_a_page_gives_its_panels_shots(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    page = netart.sheet(
        "silk", {"depth": "1..6"}, 24, backend="cpu", seed=7, progress=lambda *now: done.append(now)
    )
    assert done == [(k, 6) for k in range(1, 7)]
    assert len(page) == 6
    assert page[6] == netart.new("silk", seed=7, depth=6, samples=2)
    assert [*page] == [page[number] for number in range(1, 7)]
    with pytest.raises(NetartError, match="panel 0: the sheet has panels 1 to 6"):
        page[0]
    page.save(tmp_path / "page.png")
    assert netart.load(tmp_path / "page.png#6") == page[6]
    assert isinstance(page, netart.Picture)
    assert netart.sheet("silk", seeds=1, size="a4@5dpi", backend="cpu").dpi == 5
    assert repr(page).startswith("<Page ")
    again = netart.sheet(tmp_path / "page.png", backend="cpu")
    assert np.array_equal(again, page)


def test_runs_may_vary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        written(tmp_path, learned_run(name))
    # They have learned too little for a border between their classes.
    with pytest.warns(UserWarning, match="^panel #1 is all of one colour.* too: panel #2$"):
        page = netart.sheet(over={"run": ["a.run", "b.run"]}, size=20, backend="cpu")
    assert [shot.network.run for shot in page] == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {}, "^what shall vary"),
        (("silk",), {"best": 3}, "^best 3: has no meaning without seeds"),
        (("silk", {"depht": "1..3"}), {}, r"^unknown field 'depht': did you mean depth\?"),
        (("silk", {"depth": 3}), {}, "^over depth: 3: must be a text, or a list of values"),
        (("silk", {"depth": [1, None]}), {}, "^depth None: leave it out"),
        (("silk", {"depth": "1..3"}), {"columns": 0}, "columns = 0: must be from 1"),
        (("lava",), {"seeds": 3}, r"^lava is a film: netart\.film draws it"),
        (("silk", {"seed": "1..3"}), {"size": 200_000}, "pixels"),
    ],
)
def test_what_makes_no_page_is_refused(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(NetartError, match=message):
        netart.sheet(*arguments, **options)
