"""The program, run here or in a process of its own, and what it leaves in a folder."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tifffile
from PIL import Image

SMALL = ("--size", "12x8", "--backend", "cpu")
DRAW = ("render", "check", "sheet", "phase")
FILMS = ("zoom", "scale", "slice", "morph", "spin", "deepen", "learn", "animate")
# Of pages that are searched for: what takes as many pictures as it says.
FEWER = {"--seeds 100": "9", "--best 20": "4", "render hundred.png#38": "hundred.png#8"}
EXPLICIT_TOML = """
[shot.network]
kind = "weights"
features = ["x", "y"]
latents = ["t"]
layers = [
  { weight = [[0.4, 1.0, -0.5], [0.3, -2.0, 1.5]], bias = [-0.3, 0.1], activation = "tanh" },
  { weight = [[1.0, 0.5], [-1.0, 2.0], [0.2, 0.9]], bias = [0.0, 0.1, 0.2], activation = "sin" },
]
[shot.view]
centre = ["0.1", "0.2", "0.7"]
radius = 3
"""


class Ran(NamedTuple):
    """What one run of the program came to."""

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


def program(*arguments: object, folder: Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs the program in a process of its own; it must end within a minute."""
    command = [sys.executable, "-m", "netart", *map(str, arguments)]
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "timeout": 60} | options
    options.setdefault("stdout", subprocess.PIPE)
    env = os.environ | options.pop("env", {})
    return subprocess.run(command, cwd=folder, env=env, check=False, **options)


def examples(text: str) -> list[list[str]]:
    """The command lines of a text that stand on lines of their own."""
    lines = re.findall(r"^ {2,}netart( .*)?$", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def shrink(line: list[str]) -> list[str]:
    """The same command line for small pictures and pages, few frames of films, short training."""
    line = [FEWER.get(" ".join(pair), pair[1]) for pair in zip(("", *line), line, strict=False)]
    if line[0] == "train":
        # Points take a second, and lines that follow may ask for any of their steps.
        short = "--help" in line or ("--data" in line and "--steps" not in line)
        return line if short else [*line, "--steps", "200"]
    if "--help" in line or not (line[0] in (*DRAW, *FILMS) or "--sheet" in line):
        return line
    if "--duration" in line:
        line = [*line, "--duration", "0.1"]
    elif line[0] in FILMS and "--strip" not in line:
        line = [*line, "--frames", "3"]
    return [*line, "--size", "380x280" if line[0] == "phase" else "32x24"]


def pixels(picture: Path | bytes) -> np.ndarray:
    """(height, width, 3) uint8; uint16 and float32 of a TIFF."""
    file = io.BytesIO(picture) if isinstance(picture, bytes) else picture
    if isinstance(picture, Path) and picture.suffix == ".tif":
        return tifffile.imread(picture)
    with Image.open(file) as image:
        assert image.mode == "RGB"
        return np.asarray(image)


def files(folder: Path) -> set[str]:
    """The names in a folder."""
    return {path.name for path in folder.iterdir()}
