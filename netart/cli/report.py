"""What a command tells its user: a result on stdout, warnings and progress on stderr."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from netart.cli.messages import say, warn
from netart.evaluate.request import Evaluator

CLEAR_LINE = "\r\x1b[K"


@dataclass(frozen=True)
class Report:
    """Tells the result of a command, its warnings and its progress, as --json and --quiet ask."""

    as_json: bool = False  # the result, with facts about it
    quiet: bool = False  # no warnings, no progress
    about: Path | None = None  # what warnings are about, where a command writes many files

    def warn(self, message: str) -> None:
        """Prints a warning, unless it shall be quiet."""
        if not self.quiet:
            warn(f"{self.about}: {message}" if self.about else message)

    def say(self, message: str) -> None:
        """Prints a line that is good to know, unless it shall be quiet."""
        if not self.quiet:
            say(message)

    @contextmanager
    def progress(
        self, length: int, label: str, evaluator: Evaluator | None = None
    ) -> Iterator[Callable[..., None]]:
        """Shows a progress bar where stderr is a terminal that moves its cursor: steps done, steps
        a second, time left, and how many workers the evaluator has, if any.

        Yields a function to call with the number of further steps done, by default one, and a note
        that stands behind the speed.
        """
        start, hidden = time.monotonic(), not self._shows_progress

        def show(now: tuple[int, str] | None) -> str:
            if not now:
                return ""
            done, note = now
            if evaluator and (workers := evaluator.workers):
                note = f"{workers} worker{'' if workers == 1 else 's'} {note}"
            return f"{done / max(1e-9, time.monotonic() - start):.1f}/s {note}".rstrip()

        with click.progressbar(
            length=length, label=label, file=sys.stderr, hidden=hidden, show_pos=True,
            show_percent=True,
            item_show_func=show,
        ) as bar:  # fmt: skip
            yield lambda steps=1, note="": bar.update(steps, (bar.pos + steps, note))

    @property
    def _shows_progress(self) -> bool:
        moves = os.environ.get("TERM") not in ("dumb", "unknown", "")
        return moves and not self.quiet and sys.stderr.isatty()

    def print_result(self, path: Path, **facts: object) -> None:
        """Prints the path of what was written, or as JSON the path and the facts: a line each."""
        if self._shows_progress:  # the line may hold a bar that goes on below
            click.echo(CLEAR_LINE, nl=False, err=True)
        click.echo(json.dumps({"path": str(path), **facts}) if self.as_json else path)
