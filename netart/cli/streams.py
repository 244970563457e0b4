"""Stdout and stderr that take whatever is printed: on any terminal, disk and pipe."""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from netart.errors import NetartError
from netart.files.atomic import Stream

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ESCAPE = "netart-escape"  # name of an error handler of codecs


def replace_streams() -> None:
    """Puts streams in place of the process's stdout and stderr, as PYTHONIOENCODING spells text.

    What stdout does not take is a NetartError; what stderr does not take is lost, since nobody is
    left to be told. Characters that an encoding does not have are escaped. A stream that is closed
    becomes the null device, so that no file of ours takes its place; stdout then stays None.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if sys.platform == "win32":  # whose console takes text by functions of its own
        sys.stdout.reconfigure(errors=ESCAPE)
        return
    if sys.stdout:
        sys.stdout = _text(Stream(1, "stdout", closes=False), sys.stdout)
    sys.stderr = _text(Messages(2, "stderr", closes=False), sys.stderr)


def spell_toml(text: str) -> str:
    """TOML as stdout should get it: a file of it is UTF-8, so where stdout has another encoding,
    all characters beyond ASCII are escaped.
    """
    encoding = sys.stdout.encoding if sys.stdout else "utf-8"
    if codecs.lookup(encoding).name == "utf-8":
        return text
    return text.encode("ascii", ESCAPE).decode("ascii")


class Messages(Stream):
    """Stderr, whose terminal may be gone."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Returns the number of bytes, also of those that are lost."""
        with suppress(NetartError, BrokenPipeError):
            super().write(data)
        return memoryview(data).nbytes


def _text(stream: Stream, instead: TextIO | None) -> TextIO:
    """The stream for text, in the encoding of the other one. ASCII is what systems say that know
    no better: it is UTF-8 then, as click has it.
    """
    encoding = instead.encoding if instead else "utf-8"
    if codecs.lookup(encoding).name == "ascii":
        encoding = "utf-8"
    kept = instead and instead.errors not in ("strict", "surrogateescape")
    errors = instead.errors if instead and kept else ESCAPE
    return io.TextIOWrapper(stream, encoding, errors, write_through=True)


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    """Spells a character as TOML and Python do. A byte of a file's name that is no text stays."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    code = ord(error.object[error.start])
    if 0xDC80 <= code <= 0xDCFF:
        return bytes([code - 0xDC00]), error.start + 1
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}", error.start + 1


codecs.register_error(ESCAPE, _escape)
