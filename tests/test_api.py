"""What `import netart` offers: its names, what type checkers see of them, and what calls leave."""

from __future__ import annotations

import ast
import copy
import pickle
import pkgutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest

import netart
from netart.errors import NetartError
from netart.evaluate import backend

SMALL: dict[str, Any] = {"size": 16, "backend": "cpu"}

# Each function of netart, called with little.
CALLS: dict[str, Callable[[], object]] = {
    "activations": lambda: netart.activations()["tanh"],
    "distributions": lambda: netart.distributions()["uniform"],
    "export": lambda: netart.export("silk", "silk.html"),
    "features": lambda: netart.features()["x"],
    "fields": lambda: netart.fields()["weight_scale"],
    "film": lambda: next(iter(netart.film("silk", "spin", **SMALL))),
    "lenses": lambda: netart.lenses()["colour"],
    "lights": lambda: netart.lights()["relief"],
    "lines": lambda: netart.lines(layers="1x4", activation="relu")["units"],
    "load": lambda: netart.load("silk"),
    "network": lambda: netart.network("silk")([[0.0, 0.0]]),
    "new": lambda: netart.new("silk", seed=7),
    "palettes": lambda: netart.palettes()["corners:frost"],
    "phase": lambda: netart.phase(layers="3x2", size=(380, 280), backend="cpu"),
    "presets": lambda: netart.presets()["silk"],
    "render": lambda: netart.render("silk", **SMALL),
    "sheet": lambda: netart.sheet("silk", seeds=2, **SMALL),
    "to_toml": lambda: netart.to_toml(netart.load("silk")),
    "train": lambda: netart.train("moons", count=20, steps=5),
    "values": lambda: netart.values("silk", 16),
}


def modules() -> Iterator[str]:
    """Every module of the package, but the program, which runs when it is imported."""
    for found in pkgutil.walk_packages(netart.__path__, "netart."):
        if not found.name.endswith("__main__"):
            yield found.name


@pytest.fixture(scope="module", autouse=True)
def everything_is_imported() -> None:
    """An import sets a package's attribute of that name: none may take the place of a name that is
    offered.
    """
    for name in modules():
        import_module(name)


def test_all_names_are_offered_and_called() -> None:
    functions = {name for name in netart.__all__ if callable(getattr(netart, name))}
    classes = {name for name in functions if isinstance(getattr(netart, name), type)}
    assert functions - classes == set(CALLS)
    assert classes == {"Film", "NetartError", "Page", "Picture", "Sheet", "Shot", "Timeline"}
    assert dir(netart) == sorted(netart.__all__)
    assert netart.__all__ == sorted(netart.__all__)


@pytest.mark.parametrize("name", CALLS)
def test_every_function_works_after_every_import(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where `export` writes
    assert CALLS[name]() is not None


@pytest.mark.parametrize("name", [name for name in netart.__all__ if name != "__version__"])
def test_every_name_says_what_it_is(name: str) -> None:
    about = getattr(netart, name).__doc__
    assert about
    assert not about.startswith(f"{name}(")  # what dataclasses write by themselves


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'netart' has no attribute 'save'"):
        netart.save  # noqa: B018


def test_type_checkers_see_what_is_offered() -> None:
    """They read the imports that are never run."""
    tree = ast.parse(Path(netart.__file__).read_text())
    (block,) = [node for node in tree.body if ast.unparse(node).startswith("if TYPE_CHECKING")]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module != "typing"
    }
    assert seen == {name: f"netart.{place}" for name, place in netart._PLACES.items()}
    assert {*seen, "NetartError", "__version__"} == set(netart.__all__)


@pytest.mark.slow
def test_importing_sets_no_name_that_a_module_takes() -> None:
    """Also where nothing was asked for before: in a process of its own."""
    program = (
        "import netart, pkgutil, importlib\n"
        "for m in pkgutil.iter_modules(netart.__path__):\n"
        "    m.name == '__main__' or importlib.import_module(f'netart.{m.name}')\n"
        "assert all(callable(getattr(netart, n)) for n in netart.__all__ if n != '__version__')\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


LEAVES = {name: CALLS[name] for name in ("film", "render", "sheet", "values")} | {
    "a film in a notebook": lambda: netart.film("silk", "spin", frames=3, **SMALL)._repr_html_(),
    "a picture in a notebook": lambda: netart.render("silk", **SMALL)._repr_png_(),
    "a film that is left": lambda: [
        frame for frame, _ in zip(netart.film("silk", **SMALL), range(2), strict=False)
    ],
    "an error": lambda: suppressed(lambda: netart.render("silk", 16, radius=1e-30, center=(1, 1))),
    "an interrupt": lambda: suppressed(lambda: netart.render("silk", 16, progress=interrupt)),
}


def suppressed(call: Callable[[], object]) -> bool:
    """Whether the call raises what it shall."""
    with suppress(NetartError, KeyboardInterrupt):
        call()
        return False
    return True


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(call, id=name, marks=[pytest.mark.slow] if "film in a" in name else [])
        for name, call in LEAVES.items()
    ],
)
def test_no_thread_and_no_evaluator_outlives_a_call(
    call: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, closed = [], []
    open_cpu = backend.BACKENDS["cpu"].open

    @contextmanager
    def counting(device: int | None, threads: int | None) -> Iterator[Any]:
        opened.append(device)
        with open_cpu(device, threads) as evaluator:
            yield evaluator
        closed.append(device)

    @contextmanager
    def counting_failures(device: int | None, threads: int | None) -> Iterator[Any]:
        with counting(device, threads) as evaluator:
            try:
                yield evaluator
            except BaseException:
                closed.append(device)
                raise

    row = backend.BACKENDS["cpu"]._replace(open=counting_failures)
    for name in ("auto", "cpu", "reference"):
        monkeypatch.setitem(backend.BACKENDS, name, row)
    before = threading.enumerate()
    assert call() is not None
    assert threading.enumerate() == before
    assert opened
    assert len(closed) == len(opened)


def test_no_context_outlives_a_call(gpu: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one is opened while another is in use."""
    contexts: list[Any] = []
    create = moderngl.create_context

    def counting(*arguments: Any, **options: Any) -> Any:
        contexts.append(create(*arguments, **options))
        return contexts[-1]

    monkeypatch.setattr(moderngl, "create_context", counting)
    small = {"size": 16, "layers": "2x4", "backend": "gpu"}
    film = netart.film(motion="spin", frames=3, **small)
    for frame in film:
        alone = np.asarray(netart.render(film[1], 16, backend="gpu"))
        assert np.array_equal(np.floor(alone * 255 + 0.5), frame)
        break
    netart.sheet(seeds=2, **small)
    assert len(contexts) == 3
    assert all(isinstance(context.mglo, moderngl.mgl.InvalidObject) for context in contexts)


PICKLED: dict[str, Callable[[], Any]] = {
    "weights": lambda: netart.new([([[1, 2]], [0], "tanh")]),
    "step of a run": lambda: netart.train("moons", count=20, steps=5),
    "film": lambda: netart.film("silk", "spin").timeline,
    "sheet": lambda: netart.sheet(seeds=2, **SMALL).sheet,
}


@pytest.mark.parametrize("name", PICKLED)
def test_what_is_pickled_comes_back(name: str) -> None:
    one = PICKLED[name]()
    digest = one.sha256
    again = pickle.loads(pickle.dumps(one))
    assert (again, again.sha256) == (one, digest)
    assert copy.deepcopy(one) == one


def test_a_pickled_network_is_the_same_function() -> None:
    network = netart.network("silk", features="x,y,sin_x:3")
    again = pickle.loads(pickle.dumps(network))
    assert np.array_equal(again([[0.1, 0.2]]), network([[0.1, 0.2]]))
