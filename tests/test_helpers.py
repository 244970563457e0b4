"""What several tests share stands in modules that hold no tests; quick tests are quick."""

from __future__ import annotations

import ast
import subprocess
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted(path.relative_to(TESTS.parent) for path in TESTS.rglob("*.py"))


def imported_tests(source: str) -> set[str]:
    """Modules of tests and of fixtures that the source imports, in functions and in programs for
    other processes too, which stand in strings that have a name.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                found |= {alias.name for alias in node.names}
            case ast.ImportFrom():
                assert node.level == 0, "imports are absolute"
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
            case ast.Assign(value=ast.Constant(value=str(text))) if "\nimport" in text:
                found |= imported_tests(text)
    return {
        name
        for name in found
        for part in name.split(".")
        if name.startswith("tests.") and (part == "conftest" or part.startswith("test_"))
    }


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_module_imports_a_test_module(path: Path) -> None:
    assert imported_tests((TESTS.parent / path).read_text()) == set()


@pytest.mark.parametrize(
    "source",
    [
        "from tests.net.test_ops import HARD",
        "def f():\n    import tests.cli.conftest",
        "from tests.net import test_ops",
        "CHILD = '\\nimport sys\\nfrom tests.cli.test_help import DRAW'",
    ],
)
def test_such_an_import_would_be_seen(source: str) -> None:
    assert imported_tests(source)


def test_only_slow_tests_start_processes_and_sleep() -> None:
    with pytest.raises(AssertionError, match="is marked slow"):
        subprocess.run(["true"])
    with pytest.raises(AssertionError, match="is marked slow"):
        time.sleep(0.1)
    time.sleep(0.001)


@pytest.mark.slow
def test_slow_tests_may() -> None:
    subprocess.run(["true"], check=True)
    time.sleep(0.1)
