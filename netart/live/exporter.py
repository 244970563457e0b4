"""Exports of what is on screen: stills, TOML, and the command line that draws it."""

from __future__ import annotations

from pathlib import Path

from netart.files.atomic import check_target, free_name, write_atomically
from netart.files.source import name_of, to_toml
from netart.live.jobs import Jobs
from netart.live.settings import Settings
from netart.live.steps import with_newest
from netart.net.learning.trained import Trained
from netart.pixels import Size
from netart.shot.run_text import RUN_SUFFIX
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
        with free_name(name_of(shot), ".toml") as path:
            check_target(path)
            with write_atomically(path, new=True) as file:
                file.write(to_toml(shot, size=size).encode())
            return path

    def command(self, shot: Shot, size: Size) -> str:
        """The command line that draws this shot. Raises NetartError where there is none."""
        base = self.base
        if base and isinstance(shot.network, Trained):  # whose file may have grown since
            words, first = base
            is_run = Path(words[0]).suffix == RUN_SUFFIX
            base = words, with_newest(first, shot.network.drawn, follows=is_run)
        return self._settings.render_command(shot, size, base)
