"""`netart.phase`: the page of the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import netart
from netart.cli import cli
from netart.errors import NetartError


def test_a_page_is_that_of_the_command(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    how: dict[str, Any] = {"layers": "3x6", "size": "380x280@50dpi", "against": "depth"}
    page = netart.phase(**how, backend="cpu", progress=lambda *now: done.append(now))
    page.save(tmp_path / "a.png")
    assert [now for now, _ in done] == list(range(1, done[-1][1] + 1))
    line = "phase --layers 3x6 --size 380x280@50dpi --against depth --backend cpu -o"
    ran = CliRunner().invoke(cli, [*line.split(), str(tmp_path / "b.png")])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"against": "x"}, "^against x: must be bias or depth"),
        ({"size": 100}, "^size 100x100: the page needs 380x280"),
        ({"activation": "step"}, "step"),
        ({"source": "tour-10"}, "^tour-10 is a sheet"),
    ],
)
def test_what_has_no_page_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        netart.phase(**options)
