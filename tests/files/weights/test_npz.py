"""Files of weights: written exactly, and read as untrusted data."""

from __future__ import annotations

import io
import json
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.files.weights import npz
from netart.files.weights.contents import Given, read_arrays
from netart.files.weights.formats import read_weights
from netart.net.build import to_network
from netart.net.cost import announce
from tests.shots import shot

MEGA = 1 << 20
META = '{"activations": ["sigmoid"]}'
WEIGHT = np.array([[0.5, -1], [2, 3e-38], [1e-45, 3.4e38]], np.float32)
BIAS = np.array([0, 1, -2], np.float32)


def npy(array: Any, version: tuple[int, int] = (1, 0)) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), version=version)
    return file.getvalue()


def headed(header: str, data: bytes = bytes(24)) -> bytes:
    """An npy file with a header of one's own."""
    text = header.encode("latin1") + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


def shaped(shape: str, descr: str = "'<f4'") -> bytes:
    return headed(f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}")


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in members.items():
            made.writestr(f"{name}.npy", data)
    return file.getvalue()


def members(**other: bytes) -> dict[str, bytes]:
    return {"meta": npy(META), "W0": npy(WEIGHT), "b0": npy(BIAS)} | other


GOOD = archive(members())
PACKED = archive(members(), zipfile.ZIP_DEFLATED)


def broken(data: bytes, name: bytes, change: Callable[[int], int]) -> bytes:
    """The archive with a byte of the member's stored data changed."""
    at = data.index(name) + len(name) + 12
    return data[:at] + bytes([change(data[at])]) + data[at + 1 :]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_plain_file_is_read(tmp_path: Path, method: int) -> None:
    (tmp_path / "a.npz").write_bytes(archive(members(), method))
    network, latents, *_ = read_weights(tmp_path / "a.npz")
    (layer,) = network.layers
    assert np.array_equal(layer.weight, WEIGHT)
    assert np.array_equal(layer.bias, BIAS)
    assert (layer.activation, network.inputs, latents) == ("sigmoid", ("x", "y"), {})


@pytest.mark.parametrize(
    "texts",
    [
        {"layers": "0", "outputs": "1"},
        {"widths": "5,50,3", "activation": "relu,sin,abs", "features": "x,r,sin_y:0.1"},
        {"seed": str(2**64 - 1), "latent": "t=0.25,größe=-3", "distribution": "lecun_normal"},
    ],
)
def test_a_network_goes_through_a_file(tmp_path: Path, texts: dict[str, str]) -> None:
    network = to_network(shot(**texts).network)
    values = dict(zip(network.latents, (0.25, -3.0), strict=False))
    with (tmp_path / "a.npz").open("wb") as file:
        npz.write(file, network, values)
    again, latents, *_ = read_weights(tmp_path / "a.npz")
    assert again.sha256 == network.sha256
    assert latents == values
    with np.load(tmp_path / "a.npz", allow_pickle=False) as loaded:
        names = [f"{kind}{k}" for k in range(len(network.layers)) for kind in "Wb"]
        assert loaded.files == ["meta", *names]
        for k, layer in enumerate(network.layers):
            assert loaded[f"W{k}"].dtype == np.float32
            assert np.array_equal(loaded[f"W{k}"], layer.weight)
            assert np.array_equal(loaded[f"b{k}"], layer.bias)
        meta = json.loads(loaded["meta"][()])
    assert meta["activations"] == [layer.activation for layer in network.layers]
    assert meta["features"] == [str(feature) for feature in network.features]
    assert meta["latents"] == values


def test_no_time_stamp(tmp_path: Path) -> None:
    with (tmp_path / "a.npz").open("wb") as file:
        npz.write(file, to_network(shot(layers="1x2").network), {})
    with zipfile.ZipFile(tmp_path / "a.npz") as made:
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


OTHERS = {
    "no meta": {"W0": npy(WEIGHT), "b0": npy(BIAS)},
    "no bias": {"meta": npy(META), "W0": npy(WEIGHT)},
    "float64": members(W0=npy(WEIGHT.astype(np.float64))),
    "float16": members(W0=npy(WEIGHT.clip(-2, 2).astype(np.float16))),
    "big-endian": members(W0=npy(WEIGHT.astype(">f4")), b0=npy(BIAS.astype(">f8"))),
    "Fortran's order": members(W0=npy(np.asfortranarray(WEIGHT))),
    "(in, out)": members(W0=npy(WEIGHT.T)),
    "a bias of two axes": members(b0=npy(BIAS[:, None])),
    "torch's names": {"net.0.weight": npy(WEIGHT), "net.0.bias": npy(BIAS)},
    "no names": {"arr_0": npy(WEIGHT), "arr_1": npy(BIAS)},
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_other_programs_write_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.npz").write_bytes(archive(OTHERS[name]))
    (layer,) = read_weights(tmp_path / "a.npz").network.layers
    wanted = WEIGHT.clip(-2, 2).astype(np.float16) if name == "float16" else WEIGHT
    assert np.array_equal(layer.weight, wanted)
    assert np.array_equal(layer.bias, np.zeros(3) if name == "no bias" else BIAS)
    assert layer.weight.dtype == layer.bias.dtype == np.float32
    assert layer.activation == ("sigmoid" if "meta" in OTHERS[name] else "linear")


HEADERS = {
    "absurd": shaped("(1000000000, 1000000000)"),
    "more than there": shaped("(4096, 4096)"),
    "negative": shaped("(-3, -2)"),
    "beyond int64": shaped("(9223372036854775807, 2)"),
    "beyond float64": shaped("(1" + "0" * 400 + ", 2)"),
    "beyond int()": shaped("(1" + "0" * 5000 + ", 2)"),
    "many axes": shaped("(" + "3," * 70 + ")"),
    "boolean": shaped("(True, 2)"),
    "fraction": shaped("(3.0, 2)"),
    "no tuple": shaped("3"),
    "empty": shaped("(0, 99999999999)"),
    "objects": shaped("(3, 2)", "'|O'"),
    "records": shaped("(3, 2)", "[('a', '<f4'), ('b', 'O')]"),
    "line break": shaped("(3, 2)", "[('a\\nb', '<f4')]"),
    "sub-array": shaped("(3, 2)", "('<f4', (1000000000,))"),
    "call": headed("__import__('os').mkdir('pwned')"),
    "brackets": headed("(" * 5000),
    "open": headed("{'descr': '<f4', "),
    "keys": headed("{'descr': '<f4'}"),
    "bytes": headed("\xff\xfe"),
    "no header": b"",
    "other magic": b"\x93NUMPX" + npy(WEIGHT)[6:],
    "version 9": b"\x93NUMPY\x09\0" + npy(WEIGHT)[8:],
    "cut": npy(WEIGHT)[:-4],
    "cut header": npy(WEIGHT)[:40],
}
BAD = {
    "empty": b"",
    "no zip": b"hello" * 100,
    "cut": GOOD[:-30],
    "cut in half": GOOD[: len(GOOD) // 2],
    "wrong sum": broken(GOOD, b"W0.npy", lambda byte: byte ^ 1),
    "wrong stream": broken(PACKED, b"W0.npy", lambda byte: byte ^ 0xFF),
    "pickled": archive(members(W0=b"\x80\x04K\x01.")),
    "one more": archive(members(W1=npy(WEIGHT))),
    "untrusted": archive(members(readme=npy("hello"))),
    "integers": archive(members(W0=npy(np.ones((3, 2), np.int32)))),
    "one axis": archive(members(W0=npy(WEIGHT[0]))),
    "NaN": archive(members(W0=npy(np.full((3, 2), np.nan, np.float32)))),
    "infinite": archive(members(b0=npy(np.full(3, np.inf, np.float32)))),
    "meta of numbers": archive(members(meta=npy(3))),
    "meta of bytes": archive(members(meta=npy(META.encode()))),
    "meta in a list": archive(members(meta=npy([META]))),
    **{f"header {name}": archive(members(W0=data)) for name, data in HEADERS.items()},
    **{f"meta {name}": archive(members(meta=data)) for name, data in HEADERS.items()},
}
PICKLE = b"cos\nmkdir\n(S'pwned'\ntR."  # what numpy would run if it were let
BAD["objects"] = archive(members(W0=shaped("(1,)", "'|O'")[:-24] + PICKLE))
BAD["objects in meta"] = archive(members(meta=shaped("()", "'|O'")[:-24] + PICKLE))

METAS = [
    "",
    "{",
    "[]",
    "null",
    "[" * 100_000,
    '{"activations": []}',
    '{"activations": ["tahn"]}',
    '{"activations": ["sigmoid", "sigmoid"]}',
    '{"activations": ["sigmoid"], "extra": 1}',
    '{"activations": ["sigmoid"], "a\\nb": 1}',
    '{"activations": ["sigmoid"], "features": []}',
    '{"activations": ["sigmoid"], "features": ["z"]}',
    '{"activations": ["sigmoid"], "features": ["x"], "latents": {"x": 1}}',
    '{"activations": ["sigmoid"], "features": ["x"], "latents": {"a b": 1}}',
    '{"activations": ["sigmoid"], "features": ["x"], "latents": {"t": NaN}}',
    '{"activations": ["sigmoid"], "features": ["x"], "latents": {"t": 1e400}}',
    '{"activations": ["sigmoid"], "latents": {"t": 1}}',
    '{"activations": [' + ",".join(['"tanh"'] * 5000) + "]}",
    '{"activations": ["sigmoid"], "latents": {'
    + ",".join(f'"t{k}": 1' for k in range(20_000))
    + "}}",
]


def refused(path: Path) -> str:
    """The message; it must come quickly, on one line, and take little memory."""
    tracemalloc.start()
    try:
        start = time.process_time()
        with pytest.raises(NetartError) as found:
            read_weights(path)
        assert time.process_time() - start < 1
        assert tracemalloc.get_traced_memory()[1] < 32 * MEGA
    finally:
        tracemalloc.stop()
    message = str(found.value)
    assert message.startswith(f"{path}: ")
    assert len(message) < 500 + len(str(path))
    assert found.value.status == 2
    assert not Path("pwned").exists()
    return message


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.npz").write_bytes(BAD[name])
    refused(tmp_path / "a.npz")


@pytest.mark.parametrize("text", METAS, ids=lambda text: text[:40] + text[40:][-20:])
def test_a_bad_meta_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.npz").write_bytes(archive(members(meta=npy(text)), zipfile.ZIP_DEFLATED))
    refused(tmp_path / "a.npz")


def bomb(head: bytes, size: int) -> bytes:
    """A member of `size` bytes that takes a thousandth of them in the archive."""
    return head + bytes(size)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["W0", "meta"])
@pytest.mark.parametrize("version", [2, 3])
def test_a_header_of_a_hundred_megabytes(tmp_path: Path, place: str, version: int) -> None:
    size = 100 * MEGA
    head = b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<I", size)
    packed = archive(members(**{place: bomb(head, size)}), zipfile.ZIP_DEFLATED)
    assert len(packed) < MEGA
    (tmp_path / "a.npz").write_bytes(packed)
    refused(tmp_path / "a.npz")


@pytest.mark.slow
def test_an_array_of_more_than_is_allowed(tmp_path: Path) -> None:
    head = shaped("(67108864, 1)")[:-24]
    packed = archive(members(W0=bomb(head, 256 * MEGA)), zipfile.ZIP_DEFLATED)
    (tmp_path / "a.npz").write_bytes(packed)
    assert "67108864" in refused(tmp_path / "a.npz")


@pytest.mark.slow
def test_biases_of_more_than_the_layer(tmp_path: Path) -> None:
    """Each is small enough to be allowed; 4096 layers of them are not."""
    head = shaped("(33554432,)")[:-24]
    packed = archive(members(b0=bomb(head, 128 * MEGA)), zipfile.ZIP_DEFLATED)
    (tmp_path / "a.npz").write_bytes(packed)
    refused(tmp_path / "a.npz")


@pytest.mark.slow
def test_a_meta_of_a_hundred_megabytes(tmp_path: Path) -> None:
    head = shaped("()", "'<U26214400'")[:-24]
    packed = archive(members(meta=bomb(head, 100 * MEGA)), zipfile.ZIP_DEFLATED)
    (tmp_path / "a.npz").write_bytes(packed)
    assert "meta" in refused(tmp_path / "a.npz")


def test_flipped_bytes_are_never_a_traceback(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    counts = {"read": 0, "refused": 0}
    for source in (GOOD, PACKED, archive(members(), zipfile.ZIP_LZMA)):
        for _ in range(150):
            data = bytearray(source)
            for at in random.integers(0, len(data), random.integers(1, 4)):
                data[at] = random.integers(0, 256)
            (tmp_path / "a.npz").write_bytes(data)
            try:
                read_weights(tmp_path / "a.npz")
                counts["read"] += 1
            except NetartError:
                counts["refused"] += 1
    assert counts["read"] > 10
    assert counts["refused"] > 200


@pytest.mark.parametrize("fortran", [False, True])
def test_numbers_are_converted_in_little_memory(tmp_path: Path, fortran: bool) -> None:
    """Zeros pack well: a small file may hold large numbers, of which only a part is converted at a
    time.
    """
    side = 1500
    weight = np.zeros((side, side), order="F" if fortran else "C")
    arrays = {"W0": np.zeros((side, 2)), "W1": weight, "W2": np.zeros((1, side))}
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    assert (tmp_path / "a.npz").stat().st_size < 40_000
    tracemalloc.start()
    read_weights(tmp_path / "a.npz", Given(("relu",)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.3 * (8 + 4) * side**2 + (8 << 20)


def test_reading_much_is_told_before_it_begins(caplog: pytest.LogCaptureFixture) -> None:
    def load(name: str) -> Any:
        raise NotImplementedError

    announce.cache_clear()
    for side, told in (
        (1000, []),
        (5000, ["reading 25,015,000 weights takes about 1 s and 0.4 GB"]),
    ):
        shapes = {"W0": (side, 2), "W1": (side, side), "W2": (1, side)}
        with pytest.raises(NotImplementedError):
            read_arrays(shapes, load, itemsize=8)
        assert [record.getMessage() for record in caplog.records] == told
