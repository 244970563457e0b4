"""The session's file: what is saved is loaded, damaged files are set aside."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from netart.errors import NetartError
from netart.live.preparation import prepare
from netart.live.session import (
    MAX_BYTES,
    MAX_FAVOURITES,
    NAME,
    Session,
    load_session,
    save_session,
    session_folder,
    set_aside_session,
)
from netart.net.learning.trained import Trained
from netart.net.network import from_arrays
from netart.net.recipe import Weights
from netart.shot.shot import Shot
from tests.runs import made_run
from tests.shots import EXPLICIT, random_shot, shot

BASE = prepare(shot(layers="3x4", center="-0.30000000000000000000000000000000000001,1e-40"))
LINE = "size = [640, 360]\n"


def large(name: str = "", seed: int = 1) -> Shot:
    """Weights that do not stand in text."""
    rng = np.random.default_rng(seed)
    shapes = ((200, 3), (200, 200), (3, 200))
    arrays = [
        (rng.normal(size=shape).astype(np.float32), np.zeros(shape[0], np.float32))
        for shape in shapes
    ]
    meta = {"activations": ("tanh", "tanh", "sigmoid"), "features": ("x", "y"), "latents": ("t",)}
    return shot(Shot(network=Weights(content=from_arrays(arrays, meta), name=name)), latent="t=0.7")


SESSIONS = [
    Session(BASE, (), (1280, 720)),
    Session(shot(BASE, mix="7:0.6,42:-0.8", latent="a=0.1"), (BASE, EXPLICIT), (1, 1)),
    Session(EXPLICIT, tuple(random_shot(k, k)[0] for k in range(30)), (333, 77)),
    Session(large("silk.npz"), (BASE, large("silk.npz", 2), large("silk.npz")), (640, 360)),
]


def test_a_small_run_keeps_its_steps_and_of_a_large_one_the_picture_stays(tmp_path: Path) -> None:
    small, large = (made_run("ring", steps=tuple(range(count))) for count in (20, 2000))
    shots = [Shot(network=Trained(runs=(run,), step=7)) for run in (small, large)]
    save_session(Session(shots[0], tuple(shots), (640, 360)), tmp_path)
    found = load_session(tmp_path)
    assert found
    assert found == Session(shots[0], tuple(shots), (640, 360))
    kept = found.shot.network
    assert isinstance(kept, Trained)
    assert (kept.run, kept.step, kept.drawn.sha256) == ("ring", 7, small.sha256)
    assert [isinstance(one.network, Trained) for one in found.favourites] == [True, False]


@pytest.mark.parametrize("session", SESSIONS, ids=["shot", "mix", "many", "file"])
def test_what_is_saved_is_loaded(session: Session, tmp_path: Path) -> None:
    where = tmp_path / "some" / "folder"
    assert load_session(where) is None
    assert not where.exists()
    for _ in range(2):
        save_session(session, where)
        found = load_session(where)
        assert found == session
        assert [one.sha256 for one in found.favourites] == [x.sha256 for x in session.favourites]
    save_session(SESSIONS[0], where)
    assert load_session(where) == SESSIONS[0]
    assert all(path.suffix in (".toml", ".npz") for path in where.iterdir())


def test_large_weights_of_one_name_do_not_meet(tmp_path: Path) -> None:
    save_session(SESSIONS[3], tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 2
    (tmp_path / f"{large().network.content.sha256[:16]}.npz").write_bytes(b"other")  # type: ignore[union-attr]
    with pytest.raises(NetartError, match=NAME):
        load_session(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_session_that_an_editor_saved(tmp_path: Path, encoding: str) -> None:
    save_session(SESSIONS[0], tmp_path)
    text = (tmp_path / NAME).read_text(encoding="utf-8")
    (tmp_path / NAME).write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert load_session(tmp_path) == SESSIONS[0]


def test_favourites_are_bounded(tmp_path: Path) -> None:
    kept = tuple(shot(BASE, seed=str(k)) for k in range(MAX_FAVOURITES + 3))
    save_session(Session(BASE, kept, (9, 9)), tmp_path)
    found = load_session(tmp_path)
    assert found is not None
    assert found.favourites == kept[3:]


def good(tmp_path: Path) -> bytes:
    save_session(Session(BASE, (BASE,), (640, 360)), tmp_path)
    return (tmp_path / NAME).read_bytes()


DAMAGES = {
    "cut": lambda data: data[: len(data) // 2],
    "cut in a word": lambda data: data[:-4],
    "empty": lambda data: b"",
    "binary": lambda data: bytes(range(256)) * 9,
    "zeros": lambda data: bytes(len(data)),
    "no utf-8": lambda data: data + b"\n# \xff\xfe",
    "surrogate": lambda data: data + b"\n# \xed\xa0\x80",
    "huge": lambda data: data + b"#" * (MAX_BYTES + 1),
    "deep": lambda data: b"size = " + b"[" * 5000 + b"]" * 5000,
    "a list": lambda data: data.replace(b"[shot.look]", b"[[shot.look]]"),
    "a word": lambda data: b'size = [1, 1]\nshot = "silk"\nfavourite = []',
    "a number of favourites": lambda data: b"size = [1, 1]\nfavourite = 3\nshot = {}",
    "favourites are words": lambda data: b'size = [1, 1]\nfavourite = ["a"]\nshot = {}',
    "no favourites": lambda data: b"size = [1, 1]\nshot = {}",
    "no size": lambda data: data.replace(b"size", b"sizes"),
    "unknown": lambda data: b"colour = 3\n" + data,
    "unknown in the shot": lambda data: data.replace(b"[shot.view]", b"[shot.view]\ntilt = 3"),
    "unknown part": lambda data: data + b"\n[shot.sound]\nloud = true\n",
    "no number": lambda data: data.replace(b"radius = ", b'radius = "wide" # '),
    "below 0": lambda data: data.replace(b"radius = ", b"radius = -"),
    "no activation": lambda data: data.replace(b"tanh", b"tang"),
    "no such file": lambda data: (
        b'size = [1, 1]\nfavourite = []\n[shot.network]\nkind = "weights"\nfile = "a.npz"'
    ),
    "a file elsewhere": lambda data: (
        b'size = [1, 1]\nfavourite = []\n[shot.network]\nkind = "weights"\nfile = "/etc/a.npz"'
    ),
    **{
        f"size {text}": lambda data, text=text: data.replace(
            data[data.index(b"size") : data.index(b"]") + 1], b"size = " + text.encode()
        )
        for text in (
            "3",
            "[640]",
            "[640, 360, 1]",
            '["640", "360"]',
            "[true, true]",
            "[6.5, 3.5]",
            "[0, 360]",
            "[-640, 360]",
            "[640, 10000000000000]",
            "[inf, nan]",
        )
    },
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_damaged_is_said_and_set_aside(name: str, tmp_path: Path) -> None:
    damaged = DAMAGES[name](good(tmp_path))
    path = tmp_path / NAME
    path.write_bytes(damaged)
    with pytest.raises(NetartError, match=r"live\.toml: ") as caught:
        load_session(tmp_path)
    assert "\n" not in str(caught.value)
    kept = set_aside_session(tmp_path)
    assert kept != path
    assert kept.read_bytes() == damaged
    assert load_session(tmp_path) is None
    save_session(SESSIONS[0], tmp_path)
    assert load_session(tmp_path) == SESSIONS[0]


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(NetartError):
        load_session(tmp_path)
    with pytest.raises(NetartError):
        save_session(SESSIONS[0], tmp_path)


def test_a_place_where_nothing_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NetartError, match="file"):
        save_session(SESSIONS[0], tmp_path / "file" / "netart")


def test_a_session_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = good(tmp_path)

    def fails(*asked: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(NetartError, match="the disk is full"):
        save_session(Session(EXPLICIT, (), (3, 3)), tmp_path)
    monkeypatch.undo()
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.skipif(sys.platform != "linux", reason="the variable is Linux's")
def test_the_folder_is_the_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert session_folder() == tmp_path / "netart"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert session_folder() == Path.home() / ".local" / "state" / "netart"
