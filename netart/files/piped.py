"""What is piped into a command as its SOURCE: `-`, or the name of an open descriptor."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from netart.errors import NetartError
from netart.files.atomic import DESCRIPTOR, report_os_errors
from netart.files.films.codecs import FILM_FORMATS
from netart.files.films.containers import CONTAINERS
from netart.files.limits import MAX_PIPED_BYTES, name_errors
from netart.files.stills.formats import IMAGE_FORMATS
from netart.files.stills.vectors import VECTOR_FORMATS
from netart.shot.run_text import RUN_SUFFIX

STDIN = ("-", "/dev/stdin")
PART_BYTES = 1 << 20
HEAD_BYTES = 256  # that tell what it is

# How files begin → a suffix of their kind; of those that begin alike the narrower one first.
BEGINNINGS = [
    *((form.signature, form.suffixes[0]) for form in IMAGE_FORMATS.values()),
    # One reader takes all films, and looks itself.
    *((magic.pattern, FILM_FORMATS["mp4"].suffixes[0]) for magic, _ in CONTAINERS),
    (re.escape(b"%PDF-"), VECTOR_FORMATS["pdf"].suffix),
    (b"\x89HDF\r\n\x1a\n", ".h5"),
    # Zip archives: behind 30 bytes of a head the name of the first member.
    (rb"PK\x03\x04.{26}head\.npy", RUN_SUFFIX),
    (rb"PK\x03\x04.{26}[^/]+\.npy", ".npz"),
    (rb"PK\x03\x04.{26}[^/]*/(?:data\.pkl|\.format_version|\.data)", ".pt"),
    (rb"PK\x03\x04", ".keras"),
    (rb".{3}\0{5}\{", ".safetensors"),  # whose length may look like what follows
    (rb"\x80[\x02-\x05]", ".pkl"),
    (rb"\x08[\x01-\x20]", ".onnx"),
]


def descriptor_of_source(source: str) -> int | None:
    """The descriptor that a SOURCE stands for: of stdin, or of what a shell has opened, as
    /dev/fd/63; None where it is a name.
    """
    if source in STDIN:
        return 0
    found = DESCRIPTOR.fullmatch(source)
    return int(found[1]) if found else None


@contextmanager
def receive(descriptor: int, called: Path) -> Iterator[tuple[IO[bytes], str]]:
    """All that comes from a descriptor, as a file for the block, and the suffix of what it is,
    which its first bytes tell. called: its name in messages. Raises NetartError.
    """
    with report_os_errors("temporary file"), TemporaryFile() as file:
        with name_errors(called):
            head = _copy(descriptor, file)
        yield file, suffix_of(head)


def _copy(descriptor: int, file: IO[bytes]) -> bytes:
    """Fills the file with what comes, and goes back to its beginning. Returns its first bytes.
    Raises NetartError and OSError.
    """
    if os.isatty(descriptor):
        line = "`netart info silk | netart render -`"
        raise NetartError(f"is a terminal: pipe something in, as in {line}")
    head, size = b"", 0
    while part := os.read(descriptor, PART_BYTES):
        size += len(part)
        if size > MAX_PIPED_BYTES:
            raise NetartError(f"more than {MAX_PIPED_BYTES >> 20} MiB: name the file instead")
        head += part[: HEAD_BYTES - len(head)]
        file.write(part)
    if not size:
        raise NetartError("nothing came")
    file.seek(0)
    return head


def suffix_of(head: bytes) -> str:
    """The suffix of a kind of file, which its first bytes tell: TOML's where they are no other's,
    since a text may begin with anything.
    """
    for beginning, suffix in BEGINNINGS:
        if re.match(beginning, head, re.DOTALL):
            return suffix
    text = head.decode(json.detect_encoding(head), "ignore")
    return VECTOR_FORMATS["svg"].suffix if text.lstrip().startswith("<") else ".toml"
