"""Inputs that hold arrays: npz, runs, and files of weights by other programs."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.campaign import seeds
from tests.campaign.containers import Bend
from tests.campaign.values import LISTS, OBJECTS, Tree, change, count, number, spelled, text, value
from tests.weights import mutated, with_other_inside

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"  # of zip
# Of a record: where its numbers stand, and as what.
FIELDS = {
    LOCAL: ((4, "H"), (6, "H"), (8, "H"), (14, "I"), (18, "I"), (22, "I"), (26, "H"), (28, "H")),
    CENTRAL: (
        (6, "H"), (8, "H"), (10, "H"), (16, "I"), (20, "I"), (24, "I"), (28, "H"), (30, "H"),
        (32, "H"), (34, "H"), (42, "I"),
    ),
    END: ((4, "H"), (6, "H"), (8, "H"), (10, "H"), (12, "I"), (16, "I"), (20, "H")),
}  # fmt: skip
DTYPES = (
    "<f4", "<f8", "<f2", ">f4", ">f8", "<i4", "<i8", ">i8", "|u1", "|b1", "<c8", "|O", "<U9", "|S9",
    "|V8", "<M8[s]", "<f16", "", "<f99", "f4,f4", "[('a','<f4')]", "<U999999999", "|S0", "<U0", "4",
)  # fmt: skip
SHAPES = (
    "()", "(0,)", "(3,)", "(3, 2)", "(2, 3)", "(1, 1)", "(-1,)", "(3, -2)", "(0, 5)", "(2, 2, 2)",
    "(4294967296,)", "(9223372036854775807, 9223372036854775807)", "(99999, 99999)", "3", "[3, 2]",
    "(3.0, 2)", "(True, 2)", "(None,)", "('a',)", "(10**9,)", "(" + "1," * 40 + ")", "(3, 2",
    "(" + "1, " * 33 + "6)", "(1000000000000000000000,)",
)  # fmt: skip


def npz(chance: Random) -> tuple[str, bytes]:
    """An npz of weights, wrong as a zip, in a header of numpy's, in its meta, or in its arrays."""
    return "a.npz", _archive(chance, dict(chance.choice(seeds.arrays())), "meta")


def run(chance: Random) -> tuple[str, bytes]:
    """A run, wrong in the same ways."""
    return "a.run", _archive(chance, dict(chance.choice(seeds.run_arrays())), "head")


def _archive(chance: Random, arrays: dict[str, Any], text_name: str) -> bytes:
    way = chance.random()
    if way < 0.3:
        _change_text(arrays, text_name, chance)
    elif way < 0.55:
        _change_arrays(arrays, chance)
    members = {f"{name}.npy": _npy(array) for name, array in arrays.items()}
    if 0.5 < way < 0.75:
        name = chance.choice(list(members))
        members[name] = _with_header(members[name], chance)
    data = _zip(members, chance)
    if way > 0.75:
        return _bent_zip(data, chance) if way < 0.9 else mutated(data, chance)
    return data


def _npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), (1, 0), allow_pickle=False)
    return file.getvalue()


def _zip(members: dict[str, bytes], chance: Random) -> bytes:
    file = io.BytesIO()
    packed = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, packed)
    return file.getvalue()


def _bent_zip(data: bytes, chance: Random) -> bytes:
    """The archive with a few numbers of its records wrong."""
    made, bend = bytearray(data), Bend(chance, 1)
    for _ in range(chance.choice((1, 1, 2, 4))):
        mark = chance.choice(list(FIELDS))
        starts, at = [], made.find(mark)
        while at >= 0:
            starts.append(at)
            at = made.find(mark, at + 1)
        if starts:
            place, code = chance.choice(FIELDS[mark])
            place += chance.choice(starts)
            size = struct.calcsize(code)
            right = int.from_bytes(made[place : place + size], "little")
            if chance.random() < 0.3:
                made[place : place + size] = (right ^ 1 << chance.randrange(8 * size)).to_bytes(
                    size, "little"
                )
            else:
                made[place : place + size] = bend.number(right, f"<{code}")
    return bytes(made)


def _change_text(arrays: dict[str, Any], name: str, chance: Random) -> None:
    """Changes the JSON that the arrays have, or puts something else in its place."""
    tree = json.loads(str(arrays.get(name, '{"activations": ["tanh", "sin"]}')))
    change(tree, chance, seeds.borrower(chance))
    made = spelled(json.dumps(tree), chance.choice((LISTS, OBJECTS)))
    way = chance.random()
    if way < 0.85:
        array = np.array(made)
    elif way < 0.9:
        array = np.frombuffer(chance.randbytes(4 * chance.randrange(1, 30)), "<U1")
        array = array.view(f"<U{len(array)}").reshape(())
    else:
        array = chance.choice(
            (np.array(made.encode()), np.array([made]), np.array(3), np.array(""))
        )
    arrays[name] = array


def _change_arrays(arrays: dict[str, Any], chance: Random) -> None:
    name = chance.choice(list(arrays))
    array, many = arrays[name], count(chance, 9, 99, 3000)
    kind = array.dtype if array.itemsize <= 8 else "f4"  # a text's would take gigabytes
    ways: tuple[Callable[[], Any], ...] = (
        lambda: arrays.pop(name),
        lambda: arrays.update({text(chance)[:200].replace("\ud7ff", "") or "a": array}),
        lambda: arrays.update({name: array.T}),
        lambda: arrays.update({name: np.asfortranarray(array)}),
        lambda: arrays.update({name: array[..., None]}),
        lambda: arrays.update({name: np.zeros(chance.choice(((0,), (0, 3), (7, 9))), "f4")}),
        lambda: arrays.update({name: _odd_numbers(array, chance)}),
        lambda: arrays.update({name: _other_type(array, chance)}),
        lambda: arrays.update({f"W{k}": np.ones((2, 2), "f4") for k in range(many)}),
        lambda: arrays.update({f"layer{k}.weight": array for k in range(many)}),
        lambda: arrays.update({name: np.zeros(count(chance, 99, 9999, 900_000), kind)}),
    )  # fmt: skip
    chance.choice(ways)()


def _odd_numbers(array: Any, chance: Random) -> Any:
    made = np.array(array)
    if made.dtype.kind in "fiu" and made.size:
        with np.errstate(all="ignore"):
            found = chance.choice((np.nan, np.inf, 1e30, 0, -1, 2**31, -(2**63)))
            made.flat[chance.randrange(made.size)] = (
                found if made.dtype.kind == "f" else int(np.nan_to_num(found, posinf=7)) % 100
            )
    return made


def _other_type(array: Any, chance: Random) -> Any:
    if array.dtype.kind == "U":
        return array.astype("S") if str(array).isascii() else array
    with np.errstate(all="ignore"):
        finite = np.nan_to_num(array, nan=1, posinf=1, neginf=1)
        return finite.clip(-9, 9).astype(
            chance.choice((">f4", "<f8", "<f2", ">f8", "<i4", "|u1", "<c8", "|b1"))
        )


def _with_header(npy: bytes, chance: Random) -> bytes:
    """The array with another header, its length right as a rule."""
    size = struct.unpack_from("<H", npy, 8)[0]
    header, data = npy[10 : 10 + size].decode("latin-1"), npy[10 + size :]
    way = chance.random()
    if way < 0.4:
        start, _, rest = header.partition("'shape': (")
        header = f"{start}'shape': {chance.choice(SHAPES)}{rest.partition(')')[2]}"
    elif way < 0.7:
        start, _, rest = header.partition("'descr': '")
        header = f"{start}'descr': {chance.choice(DTYPES)!r}{rest.partition(chr(39))[2]}"
    elif way < 0.8:
        header = header.replace("False", chance.choice(("True", "None", "3", "[]", "")))
    elif way < 0.9:
        deep = chance.choice(("(", "[", "{1:", "-", "~", "not ", "9", "'", "(1,", "f"))
        header = deep * count(chance, 99, 9999, 65_000) + chance.choice(("", header))
    else:
        header = mutated(header.encode("latin-1"), chance).decode("latin-1")
    coded = header.encode("latin-1")[:65_535]
    length = len(coded) if chance.random() < 0.9 else chance.randrange(65_536)
    version = bytes(chance.choice(((1, 0), (1, 0), (1, 0), (2, 0), (3, 0), (9, 9))))
    return npy[:6] + version + struct.pack("<H", length) + coded + data


def safetensors(chance: Random) -> tuple[str, bytes]:
    """A file of safetensors with a wrong header, or wrong bytes."""
    data = chance.choice(seeds.weights(".safetensors"))
    if chance.random() < 0.4:
        return "a.safetensors", mutated(data, chance)
    size = int.from_bytes(data[:8], "little")
    tree: Tree = json.loads(data[8 : 8 + size])
    if chance.random() < 0.3:
        tree["__metadata__"] = {"netart": json.dumps({"activations": ["tanh"], "latents": {}})}
    change(tree, chance, lambda name: value(chance) if name else {"a": number(chance)})
    header = spelled(json.dumps(tree), chance.choice((LISTS, OBJECTS))).encode()
    return "a.safetensors", Bend(chance, 0.1).number(len(header), "<Q") + header + data[8 + size :]


def onnx(chance: Random) -> tuple[str, bytes]:
    """A file of ONNX with wrong bytes, or a wrong part somewhere in it, all lengths right."""
    data = chance.choice(seeds.weights(".onnx"))
    if chance.random() < 0.4:
        return "a.onnx", mutated(data, chance)
    return "a.onnx", _bent_message(data, chance, depth=0)


def _bent_message(data: bytes, chance: Random, depth: int) -> bytes:
    """A message of protobuf with one of its fields changed."""
    found = _fields(data)
    if not found or depth > 6:
        return mutated(data, chance)
    k = chance.randrange(len(found))
    key, content = found[k]
    if key & 7 == 2 and chance.random() < 0.7:
        found[k] = key, _bent_message(content, chance, depth + 1)
    else:
        bits = chance.choice((7, 31, 64))
        ways = (
            lambda: found.pop(k),
            lambda: found.extend([found[k]] * count(chance, 5, 99, 30_000)),
            lambda: chance.shuffle(found),
            lambda: found.__setitem__(k, (key ^ chance.choice((1, 2, 8, 16, 64)), content)),
            lambda: found.__setitem__(k, (key, mutated(content, chance))),
            lambda: found.__setitem__(k, (key, _varint(chance.getrandbits(bits)))),
        )  # fmt: skip
        chance.choice(ways)()
    return b"".join(_field(*one) for one in found)


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """(key, content) of the fields of a message; none where it is no message."""
    found, at = [], 0
    while at < len(data):
        key, at = _read_varint(data, at)
        start = at
        if key & 7 == 2:
            size, start = _read_varint(data, at)
            at = start + size
        elif key & 7 == 0:
            _, at = _read_varint(data, at)
        else:
            at += {1: 8, 5: 4}.get(key & 7, len(data))
        if at > len(data) or not key >> 3:
            return []
        found.append((key, data[start:at]))
    return found


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while at < len(data) and shift < 70:
        found |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return found, at
    return 0, len(data) + 1


def _varint(found: int) -> bytes:
    made = bytearray()
    while found > 0x7F:
        made.append(found & 0x7F | 0x80)
        found >>= 7
    return bytes([*made, found])


def _field(key: int, content: bytes) -> bytes:
    return _varint(key) + (_varint(len(content)) if key & 7 == 2 else b"") + content


def keras(chance: Random) -> tuple[str, bytes]:
    """A file of Keras 3 with its configuration, its weights, or its bytes wrong."""
    data, way = chance.choice(seeds.weights(".keras")), chance.random()
    if way < 0.3:
        return "a.keras", mutated(data, chance)
    if way < 0.5:
        return "a.keras", with_other_inside(data, chance)
    if way < 0.6:
        return "a.keras", _bent_zip(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    tree = json.loads(members["config.json"])
    change(tree, chance, lambda name: value(chance) if name else {"a": number(chance)})
    members["config.json"] = spelled(json.dumps(tree), chance.choice((LISTS, OBJECTS))).encode()
    return "a.keras", _zip(members, chance)


def hdf5(chance: Random) -> tuple[str, bytes]:
    """A file of HDF5 with wrong bytes."""
    return "a.h5", mutated(chance.choice(seeds.weights(".h5")), chance)
