"""Files of weights from anybody: refused quickly, on one line, in little memory; nothing is run."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from netart.errors import NetartError
from netart.files.limits import (
    MAX_HDF5_BYTES,
    MAX_HDF5_WEIGHTS,
    MAX_ONNX_BYTES,
    MAX_ONNX_STRUCTURE_BYTES,
    MAX_SAFETENSORS_HEADER_BYTES,
    MAX_ZIP_DIRECTORY_BYTES,
)
from netart.files.weights import apart, keras
from netart.files.weights.contents import Given
from netart.files.weights.formats import PICKLES, read_weights
from tests.weights import FILES

CHECKOUT = Path(__file__).parents[3]
GIGA = 1 << 30
GIVEN = Given(("tanh",))


def refused(path: Path) -> str:
    """What is said of a file; it must come quickly, on one line."""
    start = time.process_time()
    with pytest.raises(NetartError) as found:
        read_weights(path, GIVEN)
    assert time.process_time() - start < 1  # of this process
    message = str(found.value)
    assert message.startswith(f"{path}: ")
    assert len(message.splitlines()) == 1
    return message.removeprefix(f"{path}: ")


def sparse(path: Path, data: bytes, size: int) -> Path:
    """A file of that size, of which the disk holds the data alone."""
    with path.open("wb") as file:
        file.write(data)
        file.truncate(size)
    return path


# safetensors.


def safetensors(header: Any, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(*shape: int, dtype: str = "F32", at: tuple[int, int] = (0, 16)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": at}


HEADERS: dict[str, tuple[bytes, str]] = {
    "a header of 4 GiB": (struct.pack("<Q", 4 * GIGA), "a header of 4,294,967,296 bytes"),
    "a header of all": (b"\xff" * 8, "a header of 18,446,744,073,709,551,615 bytes"),
    "a large header": (
        struct.pack("<Q", MAX_SAFETENSORS_HEADER_BYTES + 1), f"at most {1 << 20:,} are read",
    ),
    "empty": (b"", "not a complete safetensors file"),
    "brackets": (safetensors(b"[" * 100_000), "not a complete"),
    "a claim": (safetensors({"W0": tensor(1 << 30, 1 << 30)}, bytes(16)), "not a complete"),
    "beyond the file": (safetensors({"W0": tensor(2, 2, at=(0, 4096))}, bytes(16)), "not a comp"),
    "integers": (safetensors({"W0": tensor(2, 2, dtype="I32")}, bytes(16)), r"W0 \(2, 2\): is I32"),
    "other metadata": (
        safetensors({"__metadata__": {"netart": "[]"}, "W0": tensor(2, 2)}, bytes(16)), "meta: ",
    ),
    "no tensor": (safetensors({}), "no matrix"),
    "NaN": (safetensors({"W0": tensor(2, 2)}, b"\xff" * 16), "layer 1: .* must be finite"),
    "too large for float32": (
        safetensors({"W0": tensor(1, 2, dtype="F64")}, struct.pack("<2d", 1, 1e300)), "finite",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_bad_safetensors_file_is_refused(tmp_path: Path, name: str) -> None:
    data, message = HEADERS[name]
    (tmp_path / "a.safetensors").write_bytes(data)
    with pytest.raises(NetartError, match=message):
        read_weights(tmp_path / "a.safetensors", GIVEN)
    refused(tmp_path / "a.safetensors")


# ONNX.

WEIGHT = np.array([[0.5, -1], [2, 0.25], [1, 1]], np.float32)  # (out, in)
BIAS = np.array([0, 1, -2], np.float32)


def constant(name: str, array: Any) -> Any:
    return onnx.numpy_helper.from_array(np.asarray(array), name)


def onnx_model(
    nodes: list[Any], *arrays: Any, inputs: tuple[str, ...] = ("x",), output: str = "y"
) -> bytes:
    """A model of these nodes; arrays: constants in place of, or beside, W and b."""
    held = {"W": constant("W", WEIGHT), "b": constant("b", BIAS)}
    held |= {array.name: array for array in arrays}
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 2]) for name in inputs]
    made = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", 3])]
    graph = helper.make_graph(nodes, "graph", given, made, list(held.values()))
    return bytes(helper.make_model(graph).SerializeToString())


def gemm(*names: str, **attributes: Any) -> Any:
    *taken, made = names or ("x", "W", "b", "y")
    return helper.make_node("Gemm", taken, [made], **({"transB": 1} | attributes))


def node(operator: str, *names: str, **attributes: Any) -> Any:
    *taken, made = names
    return helper.make_node(operator, taken, [made], **attributes)


def elsewhere(name: str, path: str) -> Any:
    """A constant whose numbers lie in another file."""
    found = constant(name, WEIGHT)
    onnx.external_data_helper.set_external_data(found, path)
    found.ClearField("raw_data")
    return found


def claiming(name: str, *dims: int) -> Any:
    found = constant(name, WEIGHT)
    found.dims[:] = dims
    return found


GOOD_ONNX: dict[str, bytes] = {
    "Gemm": onnx_model([gemm()]),
    "Gemm (in, out)": onnx_model([gemm(transB=0)], constant("W", WEIGHT.T)),
    "alpha and beta": onnx_model(
        [gemm(alpha=0.5, beta=0.25)], constant("W", 2 * WEIGHT), constant("b", 4 * BIAS)
    ),
    "MatMul": onnx_model(
        [node("MatMul", "x", "V", "z"), node("Add", "b", "z", "y")], constant("V", WEIGHT.T)
    ),
    "a row of biases": onnx_model(
        [node("MatMul", "x", "V", "z"), node("Add", "z", "b", "y")],
        constant("V", WEIGHT.T), constant("b", BIAS[None]),
    ),
    "constants as nodes": onnx_model(
        [helper.make_node("Constant", [], ["V"], value=constant("V", WEIGHT)),
         gemm("x", "V", "b", "y")]
    ),
    "no effect": onnx_model(
        [node("Flatten", "x", "a"), node("Dropout", "a", "c"), gemm("c", "W", "b", "z"),
         node("Identity", "z", "y")]
    ),
    "float64": onnx_model([gemm()], constant("W", WEIGHT.astype(np.float64))),
    "softmax": onnx_model([gemm("x", "W", "b", "z"), node("Softmax", "z", "y", axis=1)]),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_ONNX)
def test_every_way_to_write_a_layer_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.onnx").write_bytes(GOOD_ONNX[name])
    found = read_weights(tmp_path / "a.onnx")
    (layer,) = found.network.layers
    assert np.array_equal(layer.weight, WEIGHT)
    assert np.array_equal(layer.bias, BIAS)
    assert layer.activation == "linear"
    assert found.warning == ("Softmax at the end is left out" if name == "softmax" else "")


BAD_ONNX: dict[str, tuple[bytes, str]] = {
    "external data": (
        onnx_model([gemm()], elsewhere("W", "../secret")),
        r"W \(3, 2\): lies in another file, which is not opened: .*external_data=False",
    ),
    "an operator": (onnx_model([node("Conv", "x", "W", "y")]), "operator Conv: only Gemm"),
    "a domain": (
        onnx_model([helper.make_node("Gelu", ["x"], ["y"], domain="com.microsoft")]),
        "operator com.microsoft.Gelu",
    ),
    "transposed input": (onnx_model([gemm(transA=1)]), "operator Gemm: its input is transposed"),
    "leaky": (
        onnx_model([gemm("x", "W", "b", "z"), node("LeakyRelu", "z", "y", alpha=0.3)]),
        "operator LeakyRelu: alpha is not 0.01",
    ),
    "a sum of layers": (
        onnx_model(
            [gemm("x", "W", "b", "z"), gemm("x", "W", "b", "a"), node("Add", "z", "a", "y")]
        ),
        "is not a chain",
    ),
    "a skip": (
        onnx_model([gemm("x", "V", "c", "z"), node("Add", "z", "x", "y")],
                   constant("V", np.eye(2, dtype=np.float32)), constant("c", BIAS[:2])),
        "operator Add: is no activation of one layer",
    ),
    "no activation of ours": (
        onnx_model([gemm("x", "W", "b", "z"), node("Exp", "z", "y")]),
        r"layer 1: Exp\(z\) is none of netart's activations",
    ),
    "an activation first": (
        onnx_model([node("Relu", "x", "z"), gemm("z", "W", "b", "y")]), r"Relu\(z\) of the inputs",
    ),
    "weights that are made": (
        onnx_model([gemm("x", "x", "b", "y")]), "operator Gemm: 'x' must be constant weights",
    ),
    "what is not made": (onnx_model([node("Relu", "q", "y")]), "'q' is not a number, nor made"),
    "another output": (onnx_model([gemm("x", "W", "b", "z")]), "output is not that of its last"),
    "two inputs": (onnx_model([gemm()], inputs=("x", "x2")), "2 inputs and 1 outputs"),
    "a vector": (onnx_model([gemm()], constant("W", BIAS)), r"W \(3,\): must be a matrix"),
    "a long bias": (
        onnx_model([gemm()], constant("b", np.zeros(5, np.float32))), r"b \(5,\): must have 3",
    ),
    "texts": (onnx_model([gemm()], constant("W", np.array([["a"]]))), "W .*is of type 8"),
    "a claim": (onnx_model([gemm()], claiming("W", 1 << 30, 1 << 30)), "size that is not allowed"),
    "a negative size": (onnx_model([gemm()], claiming("W", -3, -2)), "size that is not allowed"),
    "another size": (onnx_model([gemm()], claiming("W", 30, 2)), r"W \(30, 2\): "),
    "softmax within": (
        onnx_model([gemm("x", "W", "b", "z"), node("Softmax", "z", "a"),
                    gemm("a", "V", "b", "y")], constant("V", np.eye(3, dtype=np.float32))),
        r"layer 1: Softmax\(z\) is none",
    ),
    "a long expression": (
        onnx_model([gemm("x", "W", "b", "0"),
                    *(node("Mul", str(k), str(k), str(k + 1)) for k in range(40)),
                    node("Relu", "40", "y")]),
        "operator Mul: is no activation",
    ),
    "empty": (b"", "0 inputs and 0 outputs"),
    "no protobuf": (b"hello" * 100, "not "),
    "a loose end": (b"\x3a\xff\xff\xff\xff\x0f", "ends too early"),
    "tiny messages": (
        b"\x3a" + b"\x80\x80\x80\x02" + b"\x0a\x00" * (1 << 21), "more than the layers",
    ),
    "one long text": (
        b"\x1a" + b"\x80\x80\x80\x02" + bytes(MAX_ONNX_STRUCTURE_BYTES * 2), "more than the layers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ONNX)
def test_a_bad_onnx_file_is_refused(tmp_path: Path, name: str) -> None:
    data, message = BAD_ONNX[name]
    (tmp_path / "secret").write_bytes(WEIGHT.tobytes())
    (tmp_path / "models").mkdir()
    path = tmp_path / "models" / "a.onnx"
    path.write_bytes(data)
    with pytest.raises(NetartError, match=message):
        read_weights(path, GIVEN)
    refused(path)


def test_a_huge_onnx_file_is_refused(tmp_path: Path) -> None:
    assert "more than 64 MiB" in refused(sparse(tmp_path / "a.onnx", b"", MAX_ONNX_BYTES + 1))


# HDF5 and Keras.


def hdf5(fill: Callable[[Any], None]) -> bytes:
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        fill(opened)
    return file.getvalue()


def keras_layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": kind.lower()} | config}


def keras_config(*layers: dict[str, Any], kind: str = "Sequential") -> str:
    return json.dumps({"class_name": kind, "config": {"layers": list(layers)}})


DENSE = keras_layer("Dense", units=3, activation="linear", use_bias=True)


def with_config(config: Any, root: Any) -> None:
    root.attrs["model_config"] = config
    root["model_weights/dense/dense/kernel"] = WEIGHT.T
    root["model_weights/dense/dense/bias"] = BIAS


def external(root: Any) -> None:
    root["W0"] = h5py.ExternalLink("secret.h5", "W0")


def soft(root: Any) -> None:
    root["W0"] = h5py.SoftLink("/W1")
    root["W1"] = WEIGHT


def stored_elsewhere(root: Any) -> None:
    root.create_dataset("W0", (3, 2), "f4", external=[("secret", 0, 24)])


def virtual(root: Any) -> None:
    layout = h5py.VirtualLayout((3, 2), "f4")
    layout[:] = h5py.VirtualSource("secret.h5", "W0", (3, 2), "f4")
    root.create_virtual_dataset("W0", layout)


def huge(root: Any) -> None:
    root.create_dataset("W0", (1 << 31, 1 << 31), "f4", chunks=(64, 64))


def wide(root: Any) -> None:
    root.create_dataset("W0", (1 << 20, 2), "f4", chunks=(64, 2))


def large_chunks(root: Any) -> None:
    root.create_dataset(
        "W0", (2, 2), "f4", maxshape=(None, None), chunks=(1 << 15, 1 << 14), compression="gzip"
    )


def looped(root: Any) -> None:
    root.create_group("a")["b"] = root


def integers(root: Any) -> None:
    root["W0"] = np.ones((3, 2), np.int32)


def texts(root: Any) -> None:
    root["W0"] = ["a", "b"]


def nothing(root: Any) -> None:
    root["W0"] = h5py.Empty("f4")


BAD_HDF5: dict[str, tuple[Callable[[Any], None], str]] = {
    "an external link": (external, "W0: is a link to elsewhere, which is not followed"),
    "a soft link": (soft, "W0: is a link to elsewhere"),
    "numbers in another file": (stored_elsewhere, r"W0 \(3, 2\): lies in another file"),
    "a virtual data set": (virtual, r"W0 \(3, 2\): lies in another file"),
    "a huge claim": (huge, f"at most {MAX_HDF5_WEIGHTS:,} weights"),
    "very wide": (wide, "a layer of width 1048576"),
    "large chunks": (large_chunks, f"at most {MAX_HDF5_WEIGHTS:,} weights"),
    "a loop": (looped, "more than the layers of a network"),
    "integers": (integers, "W0: is int32 of shape"),
    "texts": (texts, "W0: is object of shape"),
    "no numbers": (nothing, "W0: is float32 of shape None"),
    "no data": (lambda root: None, "no matrix"),
    "config of numbers": (lambda root: with_config(np.arange(9), root), "model_config: is no text"),
    "config of texts": (lambda root: with_config(["a", "b"], root), "model_config: is no text"),
    "a long config": (lambda root: with_config(" " * (3 << 20), root), "no text of at most"),
    "no JSON": (lambda root: with_config("{", root), "its configuration cannot be read"),
    "brackets": (lambda root: with_config("[" * 100_000, root), "its configuration cannot be read"),
    "another class": (
        lambda root: with_config(keras_config(DENSE, kind="Lambda"), root), "model of class Lambda",
    ),
    "a lambda": (
        lambda root: with_config(keras_config(keras_layer("Lambda", function="x"), DENSE), root),
        "layer lambda: is a Lambda: Dense",
    ),
    "a convolution": (
        lambda root: with_config(keras_config(keras_layer("Conv2D"), DENSE), root), "is a Conv2D",
    ),
    "an activation": (
        lambda root: with_config(keras_config(keras_layer("Dense", activation="mish")), root),
        "layer dense: activation mish: one of linear",
    ),
    "a function": (
        lambda root: with_config(
            keras_config(keras_layer("Dense", activation={"class_name": "function"})), root
        ),
        "layer dense: activation function",
    ),
    "a missing layer": (
        lambda root: with_config(keras_config(keras_layer("Dense", name="other")), root),
        "layer other: holds nothing, must hold bias, kernel",
    ),
    "no bias": (
        lambda root: with_config(keras_config(keras_layer("Dense", use_bias=False)), root),
        "layer dense: holds bias, kernel, must hold kernel",
    ),
    "no chain": (
        lambda root: with_config(
            keras_config(
                keras_layer("InputLayer"),
                DENSE | {"name": "dense", "inbound_nodes": [[["inputlayer", 0, 0, {}]]]},
                keras_layer("ReLU") | {"inbound_nodes": [[["inputlayer", 0, 0, {}]]]},
                kind="Functional",
            ),
            root,
        ),
        "layer relu: does not follow dense: is no chain",
    ),
    "two activations": (
        lambda root: with_config(
            keras_config(
                keras_layer("Dense", activation="relu"), keras_layer("ReLU"),
            ),
            root,
        ),
        "layer relu: its activation follows another one",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_HDF5)
def test_a_bad_hdf5_file_is_refused(tmp_path: Path, name: str) -> None:
    fill, message = BAD_HDF5[name]
    (tmp_path / "secret").write_bytes(WEIGHT.tobytes())
    with h5py.File(tmp_path / "secret.h5", "w") as opened:
        opened["W0"] = WEIGHT
    path = tmp_path / "a.h5"
    path.write_bytes(hdf5(fill))
    with pytest.raises(NetartError, match=message):
        read_weights(path, GIVEN)
    refused(path)


def test_a_good_hdf5_file_is_read(tmp_path: Path) -> None:
    """What the bad ones are made of."""
    swish = keras_config(keras_layer("Dense", activation="swish"))
    (tmp_path / "a.h5").write_bytes(hdf5(lambda root: with_config(swish, root)))
    (layer,) = read_weights(tmp_path / "a.h5").network.layers
    assert layer.activation == "silu"
    assert np.array_equal(layer.weight, WEIGHT)
    assert np.array_equal(layer.bias, BIAS)


def test_a_huge_hdf5_file_is_refused(tmp_path: Path) -> None:
    assert "more than 256 MiB" in refused(sparse(tmp_path / "a.h5", b"", MAX_HDF5_BYTES + 1))
    assert "not a complete HDF5 file" in refused(sparse(tmp_path / "b.h5", b"", 1 << 20))


def keras_file(method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    weights = hdf5(lambda root: with_config("", root))
    held = {"config_json": keras_config(DENSE).encode(), "model_weights_h5": weights} | members
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in held.items():
            made.writestr(name.replace("_h5", ".h5").replace("_", ".", 1), data)
    return file.getvalue()


@pytest.mark.slow
def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    bombs = {
        "config": (keras_file(config_json=bytes(100 << 20)), "config.json: 104,857,600 bytes"),
        "weights": (keras_file(model_weights_h5=bytes(200 << 20)), "model.weights.h5: 209,715,200"),
        "method": (keras_file(zipfile.ZIP_BZIP2), "packed in a way that is not read"),
    }
    for data, message in bombs.values():
        assert len(data) < 1 << 20
        (tmp_path / "a.keras").write_bytes(data)
        assert message in refused(tmp_path / "a.keras")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".keras", ".npz"])
def test_an_archive_of_very_many_members_is_refused(tmp_path: Path, suffix: str) -> None:
    with zipfile.ZipFile(tmp_path / f"a{suffix}", "w") as made:
        for k in range(4000):
            made.writestr(f"{k:0300}.npy", b"")
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert len(data) - made.start_dir > MAX_ZIP_DIRECTORY_BYTES
    assert "more members" in refused(tmp_path / f"a{suffix}")
    with zipfile.ZipFile(tmp_path / f"a{suffix}", "w") as made:
        made.writestr("a.npy", b"")
    data = (tmp_path / f"a{suffix}").read_bytes()
    end = data.rindex(b"PK\5\6")  # as of more than 65,535 members
    (tmp_path / f"a{suffix}").write_bytes(data[:end] + b"PK\6\7" + bytes(16) + data[end:])
    assert "more members" in refused(tmp_path / f"a{suffix}")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for suffix in (".npz", ".safetensors", ".onnx", ".h5", ".keras"):
        path = tmp_path / f"a{suffix}"
        assert refused(path) == "no such file"
        path.symlink_to("/dev/zero")
        assert refused(path) == "is not a regular file"


@pytest.mark.parametrize("suffix", PICKLES)
def test_no_pickle_is_opened(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"cos\nmkdir\n(S'pwned'\ntR.")
    assert "a pickle may run any program" in refused(path)
    assert not Path("pwned").exists()


@pytest.mark.slow
def test_a_crash_costs_one_line(tmp_path: Path) -> None:
    """The file says that its configuration is longer than what the file holds of it."""
    data = bytearray((FILES / "functional.h5").read_bytes())
    data[1009:1011] = b"\x7f\x7f"
    (tmp_path / "a.h5").write_bytes(data)
    assert refused(tmp_path / "a.h5") == "is damaged: HDF5's library crashes on it, or finds no end"


@pytest.mark.slow
def test_a_process_of_its_own_reads_the_same(tmp_path: Path) -> None:
    found = read_weights(FILES / "sequential.keras")
    with (FILES / "sequential.keras").open("rb") as file:
        wanted = keras.read_keras(file)
    assert found.warning == wanted.warning == "softmax at the end is left out"
    assert [layer.activation for layer in found.network.layers] == list(wanted.activations or ())
    for layer, (weight, bias) in zip(found.network.layers, wanted.arrays, strict=True):
        assert np.array_equal(layer.weight, weight)
        assert np.array_equal(layer.bias, bias)
    (tmp_path / "a.h5").write_bytes(b"hello")
    assert "not a complete HDF5 file" in refused(tmp_path / "a.h5")


@pytest.mark.slow
def test_a_fault_of_that_process_is_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.odd").write_bytes(b"")
    with (tmp_path / "a.odd").open("rb") as file:
        with pytest.raises(RuntimeError, match="KeyError"):
            apart.read_apart(file, ".odd")
        monkeypatch.setattr(apart, "MAX_S", 0.01)
        with pytest.raises(NetartError, match="finds no end"):
            apart.read_apart(file, ".odd")
