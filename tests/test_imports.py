"""Imports go down only, and what is heavy comes when it is first needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.layers import BOTTOM, LAYERS, PACKAGE, imported

HEAVY = {"numpy", "PIL", "moderngl", "msgspec", "click", "av", "glfw", "imageio", "OpenGL"}
WRITERS = {"tifffile", "OpenEXR", "av", "imageio", "matplotlib", "fontTools"}
DRAW = "render --layers 1x4 --size 9x8 --backend cpu --quiet --format {} -o /dev/null"
MODULES = sorted(path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*.py"))


def rank(module: str) -> int:
    """0 for the bottom, the layers from 1 up, the package and its program on top."""
    name = module.removeprefix("netart").lstrip(".").partition(".")[0]
    if name in BOTTOM:
        return 0
    return LAYERS.index(name) + 1 if name in LAYERS else len(LAYERS) + 1


def upward(module: str, source: str) -> set[str]:
    """The imports of the source that go up from `module`."""
    here = rank(module)
    above = {name for name in imported(source) if rank(name) > here}
    return above - {"netart"} if module.startswith("netart.cli") else above


def named(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_down_only(path: Path) -> None:
    assert upward(named(path), (PACKAGE.parent / path).read_text()) == set()


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("netart.net.ops", "from netart.shot.shot import Shot"),
        ("netart.shot.shot", "def f():\n    import netart.evaluate.cpu"),
        ("netart.evaluate.cpu", "from netart.lens import colour"),
        ("netart.lens.colour", "from netart import files"),
        ("netart.files.stills.image", "from netart.cli.options import SizeType"),
        ("netart.errors", "import netart.net.ops"),
        ("netart.net.ops", "import netart"),
    ],
)
def test_an_upward_import_would_be_seen(module: str, line: str) -> None:
    assert upward(module, line)


# plot is what pages and plotted lenses share; units looks at networks as lenses do, and draws none;
# mesh is what a browser draws of a landscape, target what it lays lines over, marks what it lays
# over pictures, percentiles what it measures.
NO_LENSES = {"__init__", "kinds", "marks", "mesh", "percentiles", "plot", "target", "units"}
SINGLE_LENSES = {path.stem for path in (PACKAGE / "lens").glob("*.py")} - NO_LENSES


def single_lenses(source: str) -> set[str]:
    """The modules of lens/ that the source names in an import."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("netart.lens.")}
        elif isinstance(node, ast.ImportFrom) and node.module == "netart.lens":
            found |= {alias.name for alias in node.names} & SINGLE_LENSES
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("netart.lens."):
            found.add(str(node.module))
    return found - {f"netart.lens.{name}" for name in NO_LENSES}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_hosts_know_no_single_lens(path: Path) -> None:
    if path.parent.name != "lens":
        assert single_lenses((PACKAGE.parent / path).read_text()) == set()


@pytest.mark.parametrize(
    "line",
    [
        "import netart.lens.colour",
        "from netart.lens import colour",
        "def f():\n    from netart.lens import draw, contrast",
        "from netart.lens.colour import request",
    ],
)
def test_a_host_that_knows_a_lens_would_be_seen(line: str) -> None:
    assert single_lenses(line)
    assert not single_lenses("from netart.lens import draw, strips")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "words", "unwanted"),
    [
        ("import netart", "", HEAVY | WRITERS),
        ("import netart.cli", "", (HEAVY | WRITERS) - {"click"}),
        ("import netart.cli; netart.cli.main()", "--help", (HEAVY | WRITERS) - {"click"}),
        ("import netart.cli; netart.cli.main()", DRAW.format("png"), WRITERS),
        ("import netart.cli; netart.cli.main()", DRAW.format("tiff"), WRITERS - {"tifffile"}),
        ("import netart.cli; netart.cli.main()", DRAW.format("exr"), WRITERS - {"OpenEXR"}),
    ],
    ids=["package", "cli", "help", "png", "tiff", "exr"],
)
def test_what_is_heavy_is_not_loaded(program: str, words: str, unwanted: set[str]) -> None:
    program = f"import sys; sys.argv = ['netart', *{words.split()}]\ntry:\n    {program}\n"
    program += "except SystemExit as end:\n    assert not end.code\n"
    program += "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    command = [sys.executable, "-W", "error", "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(run.stderr.split())
    assert "netart" in loaded
    assert loaded & unwanted == set()
