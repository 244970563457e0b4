"""The program run in an empty folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netart.cli import main
from tests.program import EXPLICIT_TOML, SMALL, Ran, Run


@pytest.fixture
def netart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """The program's own main, in an empty folder; an exception that it lets through is a bug."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["netart", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsysbinary.readouterr()
        return Ran(end.value.code, out, err.decode())

    return run


@pytest.fixture
def draw(netart: Run) -> Run:
    """`netart render`, small; it must succeed."""

    def run(*arguments: object) -> Ran:
        ran = netart("render", *SMALL, *arguments)
        assert ran.status == 0, ran.err
        return ran

    return run


@pytest.fixture
def field(netart: Run) -> Callable[..., Any]:
    """A value of the shot that a file holds: field("a.png", "view", "radius")."""

    def run(source: object, *place: str) -> Any:
        ran = netart("info", source, "--json")
        assert ran.status == 0, ran.err
        value = ran.json["shot"]
        for name in place:
            value = value[name]
        return value

    return run


@pytest.fixture
def explicit(tmp_path: Path) -> str:
    """A TOML file of explicit weights, `explicit.toml`."""
    (tmp_path / "explicit.toml").write_text(EXPLICIT_TOML)
    return "explicit.toml"
