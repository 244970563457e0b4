"""Files that other files name: beside them, or among the presets."""

from __future__ import annotations

import os
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


@pytest.mark.parametrize("suffix", [".run", ".npz"])
def test_what_a_file_names_is_no_link_nor_pipe(tmp_path: Path, suffix: str) -> None:
    """A link leads out of the folder; a pipe, opened to be read, would wait for ever."""
    write_run(tmp_path / "own.run", made_run())
    (tmp_path / f"link{suffix}").symlink_to("own.run")
    (tmp_path / f"zero{suffix}").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    for name, message in {
        "link": "is a link, which is not followed",
        "zero": "is a link, which is not followed",
        "pipe": "is not a regular file",
        "folder": "is not a regular file",
        "a\0b": "is no name of a file",
        "a" * 300: "File name too long",
    }.items():
        with pytest.raises(NetartError, match=f": {message}$"):
            read_beside(tmp_path, name + suffix)


def test_what_a_user_types_may_be_a_link(tmp_path: Path) -> None:
    write_run(tmp_path / "own.run", made_run())
    (tmp_path / "link.run").symlink_to("own.run")
    assert read_run(tmp_path / "link.run").sha256 == made_run().sha256
    (tmp_path / "zero.run").symlink_to("/dev/zero")
    with pytest.raises(NetartError, match="is not a regular file"):
        read_run(tmp_path / "zero.run")


def test_a_file_is_judged_when_it_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands there when a name is looked at may be another file when it is opened."""
    write_run(tmp_path / "own.run", made_run())
    (tmp_path / "link.run").symlink_to("own.run")
    monkeypatch.setattr("os.path.islink", lambda path: False)
    with pytest.raises(NetartError, match="symbolic links"):
        read_beside(tmp_path, "link.run")
