"""Files that other files name: beside them, or among the presets."""

from __future__ import annotations

from pathlib import Path

import pytest

from netart.errors import NetartError
from netart.files.beside import find_run, read_beside
from netart.files.runs import read_run, write_run
from netart.net.learning.run import Run
from tests.runs import made_run


def test_a_run_is_found_beside_before_it_is_among_the_presets(tmp_path: Path) -> None:
    preset = find_run(tmp_path, "ginn.run")
    assert preset and preset.parent.name == "teaching"
    found = read_beside(tmp_path, "ginn.run")
    assert isinstance(found, Run)
    assert found.sha256 == read_run(preset).sha256
    write_run(tmp_path / "ginn.run", made_run())
    assert find_run(tmp_path, "ginn.run") == tmp_path / "ginn.run"
    assert read_beside(tmp_path, "ginn.run").sha256 == made_run().sha256


def test_what_is_nowhere_costs_one_line(tmp_path: Path) -> None:
    assert find_run(tmp_path, "no.run") is None
    with pytest.raises(NetartError, match=r"no\.run: no such file"):
        read_beside(tmp_path, "no.run")
    for name in ("../ginn.run", "teaching/ginn.run", ".."):
        with pytest.raises(NetartError, match="a name without folders"):
            read_beside(tmp_path, name)
