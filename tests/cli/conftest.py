"""The program, run here or in a process of its own, and pictures read back by Pillow."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import tifffile
from PIL import Image

from netart.cli import main

SMALL = ("--size", "12x8", "--backend", "cpu")


class Ran(NamedTuple):
    """status; stdout; stderr."""

    status: int
    out: bytes
    err: str

    @property
    def path(self) -> Path:
        """The file that the command says it wrote."""
        return Path(self.out.decode().removesuffix("\n"))

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


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


def program(*arguments: object, folder: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own; it must end within a minute."""
    command = [sys.executable, "-m", "netart", *map(str, arguments)]
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "timeout": 60} | options
    options.setdefault("stdout", subprocess.PIPE)
    env = os.environ | options.pop("env", {})
    return subprocess.run(command, cwd=folder, env=env, check=False, **options)


def pixels(picture: Path | bytes) -> np.ndarray:
    """(height, width, 3) uint8; uint16 and float32 of a TIFF."""
    file = io.BytesIO(picture) if isinstance(picture, bytes) else picture
    if isinstance(picture, Path) and picture.suffix == ".tif":
        return tifffile.imread(picture)
    with Image.open(file) as image:
        assert image.mode == "RGB"
        return np.asarray(image)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
