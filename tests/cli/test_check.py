"""`netart check` must be able to fail: a shader is broken on purpose."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from netart import assets
from netart.cli import cli
from netart.errors import NetartError
from netart.evaluate.gl import Device
from netart.evaluate.gpu import Gpu

ROWS = {"gpu-fragment", "gpu-compute", "gpu-products"}

# What a wrong driver, or a wrong line, would do, and whose picture it spoils.
BREAKS = [
    ("activations.glsl", "2.0 / (exp(2.0 * z) + 1.0)", "2.0 / (exp(1.98 * z) + 1.0)", ROWS),
    ("point.glsl", "u_size.y - 1 - 2 * at.y", "2 * at.y + 1 - u_size.y", ROWS),
    ("palette_corners_plain.glsl", "mix(corner(0), corner(1), s.x)", "corner(0)", ROWS),
    ("weights_texture.glsl", "at % TEXTURE_WIDTH", "at / TEXTURE_WIDTH", {"gpu-fragment"}),
    ("weights_shared.glsl", "return s_layer[at]", "return s_layer[at / 2]", {"gpu-compute"}),
    ("weights_buffer.glsl", "weights[cursor + at]", "weights[cursor]", {"gpu-products"}),
]


def checked(*arguments: str) -> tuple[int, dict]:
    result = CliRunner().invoke(cli, ["check", "--json", "--size", "48x32", *arguments])
    return result.exit_code, json.loads(result.stdout)


def test_the_evaluators_agree(gpu: Gpu) -> None:
    status, found = checked()
    assert status == 0
    assert set(found) == {"cpu", *ROWS}
    for name in found:
        assert found[name]["beyond"] == 0
        assert 0 < found[name]["median"] < 1e-5
        assert found[name]["largest"] < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize(("file", "right", "wrong", "spoilt"), BREAKS)
def test_a_broken_shader_is_found(
    gpu: Gpu,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    right: str,
    wrong: str,
    spoilt: set[str],
) -> None:
    shaders = shutil.copytree(assets.folder("shaders"), tmp_path / "shaders")
    text = (shaders / file).read_text()
    assert text.count(right) == 1
    (shaders / file).write_text(text.replace(right, wrong))
    monkeypatch.setattr("netart.evaluate.shader_files.folder", lambda name: tmp_path / name)
    status, found = checked("--layers", "3x9")
    assert status == 1
    assert {name for name, row in found.items() if row["beyond"] > 0.01} == spoilt
    assert all(row["beyond"] == 0 for name, row in found.items() if name not in spoilt)


def test_a_gpu_that_breaks_is_no_absent_gpu(gpu: Gpu, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Device) -> None:
        raise NetartError("gpu: OpenGL reports GL_OUT_OF_MEMORY", 1)

    monkeypatch.setattr(Device, "check", broken)
    result = CliRunner().invoke(cli, ["check", "--size", "8x8"])
    assert isinstance(result.exception, NetartError)
    result = CliRunner().invoke(cli, ["check", "--size", "8x8", "--device", "99"])
    assert isinstance(result.exception, NetartError)


@pytest.mark.parametrize(
    "texts", [("--center", "0.3,0.2", "--radius", "1e-5"), ("--features", "x,y,sin_x:20000")]
)
def test_coordinates_that_float32_rounds_are_conditioning(gpu: Gpu, texts) -> None:
    status, found = checked(*texts)
    assert status == 0, found
