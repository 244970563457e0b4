"""The wheel in an empty environment outside the checkout, and the editable install."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import netart

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parent.parent
DATA = [
    path
    for folder in ("shaders", "presets")
    for path in (CHECKOUT / folder).rglob("*")
    if path.is_file()
]


def outside(folder: Path, *command: object, **extra: str) -> str:
    """What the command prints, run in a folder where nothing of the checkout is in reach."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run = subprocess.run(
        [str(part) for part in command], cwd=folder, env=env | extra, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def install(folder: Path, programs: Path, *words: object) -> None:
    """Into the environment of these programs; what it imports is compiled then, not all here."""
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    outside(folder, *pip, "install", "-q", "--no-compile", *words)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    outside(folder, sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", CHECKOUT)
    (built,) = folder.glob("netart-*.whl")
    return built


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The folder of programs of an environment with the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("environment")
    outside(folder, sys.executable, "-m", "venv", "--without-pip", "venv")
    programs = folder / "venv" / "bin"
    install(folder, programs, wheel)
    return programs


def test_the_wheel_holds_shaders_presets_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for path in DATA:
            inside = f"netart/{path.relative_to(CHECKOUT).as_posix()}"
            assert archive.read(inside) == path.read_bytes()
    top = {name.partition("/")[0] for name in names}
    assert top == {"netart", f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info"}


def test_the_wheel_holds_the_licences_and_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info"
        for name in ("LICENSE", "LICENSE_THIRD_PARTY"):
            assert archive.read(f"{info}/licenses/{name}") == (CHECKOUT / name).read_bytes()
        metadata = archive.read(f"{info}/METADATA").decode().splitlines()
        assert "netart/py.typed" in archive.namelist()
    assert f"Version: {netart.__version__}" in metadata
    assert {"License-File: LICENSE", "License-File: LICENSE_THIRD_PARTY"} <= {*metadata}


def test_the_installed_wheel_draws(environment: Path, tmp_path: Path) -> None:
    place = "import netart, netart.assets; print(netart.__file__, netart.assets.folder('shaders'))"
    for found in outside(tmp_path, environment / "python", "-c", place).split():
        assert environment.parent in Path(found).parents
    listed = json.loads(outside(tmp_path, environment / "netart", "presets", "--json"))
    presets = [path for path in DATA if path.suffix == ".toml" and path.parent.name != "retired"]
    assert set(listed) == {path.stem for path in presets}
    for name in ("abalone", "volcano"):
        drawn = outside(tmp_path, environment / "netart", "render", name, "--size", "48x32")
        assert drawn == f"{name}.png\n"
        with Image.open(tmp_path / f"{name}.png") as picture:
            assert picture.size == (48, 32)
            assert len(picture.getcolors(48 * 32)) > 20


def test_the_editable_install_draws(environment: Path, tmp_path: Path) -> None:
    """Last: it takes the wheel's place."""
    install(tmp_path, environment, "--no-deps", "--editable", CHECKOUT)
    place = "import netart.assets; print(netart.assets.folder('shaders'))"
    found = outside(tmp_path, environment / "python", "-c", place).strip()
    assert Path(found) == CHECKOUT / "shaders"
    command = (environment / "python", "-m", "netart", "render", "--size", "48x32")
    assert outside(tmp_path, *command, "-o", "plain.png") == "plain.png\n"
    with Image.open(tmp_path / "plain.png") as picture:
        assert picture.size == (48, 32)


def test_module_and_program_are_the_same(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("netart")
    by_module = outside(tmp_path, sys.executable, "-m", "netart", "--version")
    assert outside(tmp_path, program, "--version") == by_module


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(tmp_path: Path, shell: str) -> None:
    program = Path(sys.executable).with_name("netart")
    script = outside(tmp_path, program, _NETART_COMPLETE=f"{shell}_source")
    assert f"_NETART_COMPLETE={shell}_complete" in script


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("netart ren", {"render"}),
        ("netart render --palette corners:s", {"corners:sun"}),
        ("netart render --activation ta", {"tanh"}),
        ("netart render --output-activation soft", {"softplus", "softsign"}),
        ("netart render --distribution he_", {"he_uniform", "he_normal"}),
        ("netart render tour-1", {path.stem for path in DATA if path.stem.startswith("tour-1")}),
    ],
)
def test_completion(tmp_path: Path, words: str, expected: set[str]) -> None:
    program = Path(sys.executable).with_name("netart")
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    lines = outside(tmp_path, program, _NETART_COMPLETE="bash_complete", **asked).splitlines()
    assert {line.removeprefix("plain,") for line in lines if line.startswith("plain,")} == expected
