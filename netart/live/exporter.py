"""Exports of what is on screen: stills, TOML, and the command line that draws it."""

from __future__ import annotations

import shlex
from pathlib import Path

from netart.errors import NetartError
from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.source import name_of, to_toml
from netart.live.jobs import Jobs
from netart.live.settings import Settings
from netart.pixels import Size
from netart.shot.fields import FIELDS, SWITCH, fewest_texts
from netart.shot.shot import Shot

ENLARGEMENTS = (1, 2, 4)  # of the window's picture: the sizes of stills


class Exporter:
    """Writes shots into the current folder, under names that are free.

    Sizes are those of the window's picture, in pixels.
    """

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        self.base = settings.base  # what was opened: its name as it was given, and its shot
        self._jobs = jobs
        self._settings = settings
        self._chosen = 0  # of the still sizes

    def _still_sizes(self, size: Size) -> list[Size]:
        own = [self._settings.still] if self._settings.still else []
        width, height = size
        return [*own, *((k * width, k * height) for k in ENLARGEMENTS)]

    def choose_still_size(self, size: Size) -> Size:
        """The next size of stills."""
        sizes = self._still_sizes(size)
        self._chosen = (self._chosen + 1) % len(sizes)
        return sizes[self._chosen]

    def save_still(self, shot: Shot, size: Size) -> None:
        """Begins to write a picture of the shot, in the chosen size."""
        still_size = self._still_sizes(size)[self._chosen]
        self._jobs.save_still(shot, still_size, self._settings.encoding, name_of(shot))

    def save_toml(self, shot: Shot, size: Size) -> Path:
        """The file in which the shot now stands as text."""
        path = free_name(name_of(shot), ".toml")
        check_target(path)
        with write_atomically(path, new=True) as file:
            file.write(to_toml(shot, size=size).encode())
        return path

    def command(self, shot: Shot, size: Size) -> str:
        """The command line that draws this shot. Raises NetartError where there is none."""
        width, height = size
        source: list[str] = []
        texts = fewest_texts(shot)
        if texts is None and self.base:
            source, texts = [self.base[0]], fewest_texts(shot, self.base[1])
        if texts is None:
            raise NetartError("no options can say this: e writes it as TOML")
        words = [word for name, text in texts.items() for word in _option(name, text)]
        if self._settings.backend != "auto":
            words += ["--backend", self._settings.backend]
        words = ["netart", "render", *source, *words, "--size", f"{width}x{height}"]
        return shlex.join(words)


def _option(name: str, text: str) -> list[str]:
    """The words of a command line that set a field."""
    option = name.replace("_", "-")
    if FIELDS[name].metavar == SWITCH:
        return [f"--{option}" if text == "true" else f"--no-{option}"]
    return [f"--{option}", text]
