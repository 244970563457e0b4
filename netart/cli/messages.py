"""Messages on stderr, a line each, and how they spell the names of options."""

from __future__ import annotations

import logging

import click

from netart.errors import NetartError, printable


def say(message: str) -> None:
    """Prints a line."""
    click.echo(f"netart: {printable(message)}", err=True)


class LogLines(logging.Handler):
    """Prints what the library logs, a line each."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


LOG_LINES = LogLines()


def warn(message: str) -> None:
    """Prints a line that begins with `warning`."""
    say(f"warning: {message}")


def option_name(field: str) -> str:
    """The option of a field: `--weight-scale` of `weight_scale`."""
    return f"--{field.replace('_', '-')}"


def spell_options(error: NetartError) -> str:
    """The error's message with the fields that it names as options: `quality 120: …` becomes
    `--quality 120: …`.
    """
    text = str(error)
    if error.field:
        text = _as_option(error.field) + text.removeprefix(error.field)
    if error.hint:
        text = text.removesuffix(error.hint) + _as_option(error.hint)
    return text


def _as_option(words: str) -> str:
    """The option of a field, with the value after its name, if there is one."""
    name, space, value = words.partition(" ")
    return f"{option_name(name)}{space}{value}"
