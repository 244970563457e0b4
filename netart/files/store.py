"""The folder in which an unfinished drawing keeps what there is of it, so that it can go on."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from netart.errors import MACHINE, NetartError
from netart.files.atomic import move_into_place, report_os_errors
from netart.files.identity import Identity
from netart.files.temporary import lock, report_refusal

RAW_KINDS = "frame", "strip"
PIECE_KINDS = *RAW_KINDS, "segment", "still"
PIECE = re.compile(rf"({'|'.join(PIECE_KINDS)})-(\d+)-([0-9a-f]{{64}})")
STATE = "state.json"
OURS = re.compile(rf"{PIECE.pattern}|{re.escape(STATE)}|[0-9a-f]*\.tmp")
MAX_STATE_BYTES = 1 << 24
MAX_NAME_BYTES = 240  # they leave room for what we add
MIN_FREE_BYTES = 1 << 30  # on the disk after a raw piece: the file itself needs them more
FULL = errno.ENOSPC, errno.EDQUOT, errno.EFBIG
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class State(msgspec.Struct, frozen=True):
    """What a folder says of the drawing that it belongs to."""

    # As `Identity` has it.
    asked: msgspec.Raw = msgspec.field(name="film")
    # Of all machines that have drawn some of it.
    machines: list[dict[str, str]]


class Store:
    """A folder of pieces of a drawing, each named by its kind, its position, and its SHA-256.

    Kinds are `strip`, the raw samples of a strip of a picture, and of films `frame`, those of a
    frame whose segment is not complete, `segment`, an encoded file, and `still`, an empty mark of a
    numbered picture, which stands elsewhere. What does not hash to its name, cut by a power
    failure, say, counts as not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pieces: dict[tuple[str, int], Path] = {}
        self._is_full = False  # the disk, when a raw piece was to be kept
        for path in folder.iterdir():
            if found := PIECE.fullmatch(path.name):
                self._pieces[found[1], int(found[2])] = path

    def count(self, kind: str) -> int:
        """How many pieces of a kind are there, complete or not."""
        return len(self.positions(kind))

    def positions(self, kind: str) -> set[int]:
        """Of the pieces of a kind that are there, complete or not."""
        pieces = list(self._pieces)  # another thread may find or keep one
        return {position for known, position in pieces if known == kind}

    def holds(self, kind: str, position: int) -> bool:
        """Whether the piece is there, complete or not."""
        return (kind, position) in self._pieces

    @contextmanager
    def temporary(self, content: bytes | memoryview = b"") -> Iterator[Path]:
        """A new file of the folder, which goes where the block ends by an exception. Raises
        OSError.
        """
        path = self.folder / f"{secrets.token_hex(8)}.tmp"
        try:
            with path.open("xb") as file:  # does not follow links
                file.write(content)
            yield path
        except BaseException:
            with suppress(OSError):  # it goes when the drawing goes on
                path.unlink(missing_ok=True)
            raise

    def find(
        self,
        kind: str,
        position: int,
        outside: Path | None = None,
        fits: Callable[[Path], bool] = lambda content: True,
    ) -> Path | None:
        """The piece, if it is complete. outside: where its content stands, if not in the folder.
        fits: whether complete content can be such a piece. Raises NetartError.
        """
        path = self._pieces.get((kind, position))
        if not path:
            return None
        content = outside or path
        with report_os_errors(self.folder):
            if content.is_file() and _sha256(content) == _hash_in(path) and fits(content):
                return content
            del self._pieces[kind, position]
            path.unlink(missing_ok=True)
        return None

    def keep(self, kind: str, position: int, file: Path, outside: Path | None = None) -> Path:
        """Makes a complete temporary file a piece. Returns its path, or `outside` where it goes.
        Raises OSError.
        """
        path = self.folder / f"{kind}-{position:06}-{_sha256(file)}"
        if kind not in RAW_KINDS:
            with file.open("r+b") as written:
                os.fsync(written.fileno())
        if outside:
            move_into_place(file, outside)
            with suppress(FileExistsError):  # the same mark
                path.open("xb").close()
        else:
            os.replace(file, path)
        self._pieces[kind, position] = path
        return outside or path

    def keep_raw(self, kind: str, position: int, samples: memoryview) -> None:
        """Keeps a frame or a strip, where the disk has plenty of room. Raises OSError."""
        if self._is_full or not _has_room(self.folder, samples.nbytes):
            return
        try:
            with self.temporary(samples) as file:
                self.keep(kind, position, file)
        except OSError as error:
            if error.errno not in FULL:
                raise
            # Without them the file, which is smaller, may still fit; later ones will be read.
            self._is_full = True
            self.drop(kind, [number for number in self.positions(kind) if number < position])

    def drop(self, kind: str, positions: Iterable[int]) -> None:
        """Removes pieces that are not needed."""
        for position in positions:
            if path := self._pieces.pop((kind, position), None):
                with suppress(OSError):  # they go with the folder
                    path.unlink()


@contextmanager
def open_store(
    target: Path,
    identity: Identity,
    fresh: bool,
    allow_mixed: bool,
    say: Callable[[str], None],
) -> Iterator[Store]:
    """The store of the film or picture that `target` will be, for this process alone; it goes when
    the block ends well, and when no piece is in it.

    What another one has left is replaced, and so is all where `fresh`; what another machine has
    left, too, unless `allow_mixed`. say: called with what the user should know. Raises NetartError,
    also where others could have written into the folder.
    """
    folder = folder_of(target)
    with _made(folder), _lock(folder, identity.noun), _remove_unless_begun(folder):
        with report_os_errors(folder):
            _check_ours(folder)  # somebody may have put another in its place
            store = _prepare(folder, identity, fresh, allow_mixed, say)
        yield store
        _remove(folder, say)


def folder_of(target: Path) -> Path:
    """Where the store of `target` is, or would be."""
    name = os.fsencode(target.name)
    short = target.name if len(name) < MAX_NAME_BYTES else hashlib.sha256(name).hexdigest()
    return target.with_name(f".{short}.part")


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Makes the folder, if it is not there; it goes where the block is interrupted while nothing is
    in it.
    """
    try:
        with report_os_errors(folder), report_refusal(folder):
            try:
                folder.mkdir(0o700)
            except FileExistsError:
                _check_ours(folder)
        yield
    except (KeyboardInterrupt, SystemExit):
        with suppress(OSError):
            folder.rmdir()
        raise


@contextmanager
def _remove_unless_begun(folder: Path) -> Iterator[None]:
    """Removes the folder where the block ends by an exception, and no piece is in it."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            found = _list(folder)
            if all(found.values()) and not any(map(PIECE.fullmatch, found)):
                _clear(folder)
                folder.rmdir()
        raise


def _check_ours(folder: Path) -> None:
    """Raises NetartError unless it is a folder of this user, into which nobody else can write."""
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise NetartError(f"{folder}: is not a folder: move it away")
    if sys.platform == "win32" or (
        found.st_uid == os.geteuid() and not found.st_mode & OTHERS_WRITE
    ):
        return
    # File systems without owners or permissions give all folders the same.
    with TemporaryDirectory(prefix=".netart-", dir=folder.parent) as name:
        like = os.lstat(name)
    if found.st_uid != like.st_uid:
        raise NetartError(f"{folder}: belongs to another user: move it away")
    if found.st_mode & OTHERS_WRITE & ~like.st_mode:
        raise NetartError(f"{folder}: others can write into it: move it away")


@contextmanager
def _lock(folder: Path, noun: str) -> Iterator[None]:
    """Keeps other processes out of the folder, where its file system has locks; the lock goes with
    this process, however it ends.
    """
    if sys.platform == "win32":  # has no such locks, and opens no folders
        yield
        return
    with report_os_errors(folder):
        try:
            opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            with suppress(OSError):  # an empty one says nothing
                folder.rmdir()
            raise
    try:
        # Where there are no locks two processes would fail, but not mix their bytes.
        if lock(opened) is False:
            raise NetartError(f"{folder}: another process draws this {noun}", MACHINE)
        yield
    finally:
        with suppress(OSError):  # it is closed all the same
            os.close(opened)


def _prepare(
    folder: Path, identity: Identity, fresh: bool, allow_mixed: bool, say: Callable[[str], None]
) -> Store:
    """The folder's store, with nothing of another drawing in it."""
    files = _list(folder)
    for name, is_ours in files.items():
        if not is_ours:
            raise NetartError(f"{folder}: holds {name!r}, which is not netart's: move it away")
    for path in folder.glob("*.tmp"):
        path.unlink()
    begun = any(map(PIECE.fullmatch, files))
    asked = msgspec.json.encode(identity.asked)
    state = _read_state(folder / STATE) if STATE in files else None
    machines = state.machines if state and bytes(state.asked) == asked and not fresh else []
    others = [machine for machine in machines if machine != identity.machine]
    if others and begun:
        was, now = _differences(others[-1], identity.machine)
        say(
            f"{folder}: what is there was drawn with {was}, here is {now}: "
            + ("pixels may differ a little" if allow_mixed else "starting over (or --allow-mixed)")
        )
    elif begun and not machines and not fresh:
        say(f"{folder}: what is there belongs to another {identity.noun}: starting over")
    if others and not allow_mixed:
        machines = []
    if not machines:
        _clear(folder)
    store = Store(folder)
    if identity.machine not in machines:
        text = msgspec.json.encode(State(msgspec.Raw(asked), [*machines, identity.machine]))
        with store.temporary(text) as file:
            os.replace(file, folder / STATE)
    return store


def _list(folder: Path) -> dict[str, bool]:
    """Name → whether such a file, which is no link, can be ours."""
    with os.scandir(folder) as entries:
        return {
            entry.name: entry.is_file(follow_symlinks=False) and bool(OURS.fullmatch(entry.name))
            for entry in entries
        }


def _read_state(path: Path) -> State | None:
    """What the folder says, None where it is damaged."""
    with path.open("rb") as file:
        text = file.read(MAX_STATE_BYTES)
    try:
        return msgspec.json.decode(text, type=State)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _differences(was: dict[str, str], now: dict[str, str]) -> tuple[str, str]:
    """What differs, as text of either."""
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    one, other = (
        ", ".join(f"{name} {found[name]}" for name in names if name in found)
        for found in (was, now)
    )
    return one, other


def _has_room(folder: Path, size: int) -> bool:
    """Whether the disk has plenty of room for so many bytes, or does not say."""
    try:
        disk = shutil.disk_usage(folder)
    except OSError:
        return True
    return not disk.total or disk.free >= MIN_FREE_BYTES + size


def _remove(folder: Path, say: Callable[[str], None]) -> None:
    """Removes the folder, and says so where it cannot."""
    try:
        _clear(folder)
        folder.rmdir()
    except FileNotFoundError:  # somebody has removed it
        pass
    except OSError as error:
        say(f"{folder}: cannot be removed: {error.strerror}")
    except BaseException:  # Ctrl-C: half of it would be of no use
        with suppress(OSError):
            _clear(folder)
            folder.rmdir()
        raise


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            path.unlink()


def _hash_in(path: Path) -> str:
    """The SHA-256 that a piece's name tells."""
    return path.name.rpartition("-")[2]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
