"""Which evaluator is chosen, and what is said where there is none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netart.errors import NetartError
from netart.evaluate import backend
from netart.evaluate.backend import choose_evaluator, open_evaluator
from netart.evaluate.gpu import Gpu

WITHOUT_GL = {"GLCONTEXT_LINUX_LIBEGL": "libNone.so", "PATH": "/usr/bin"}


class Card:
    """Stands for a GPU, real or in software."""

    name = "gpu"

    def __init__(self, software: bool) -> None:
        self.software = software

    def describe(self) -> str:
        return "a card"


def with_card(monkeypatch: pytest.MonkeyPatch, software: bool) -> None:
    @contextmanager
    def opened_card(device: int | None = None) -> Iterator[Card]:
        yield Card(software)

    monkeypatch.setattr(backend, "no_device", lambda: "")
    monkeypatch.setattr(backend, "open_gpu", opened_card)


def test_auto_takes_a_real_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    with_card(monkeypatch, software=False)
    with choose_evaluator() as (evaluator, why):
        assert isinstance(evaluator, Card)
        assert why == "OpenGL runs on a card"
    with open_evaluator("auto") as evaluator:
        assert isinstance(evaluator, Card)


def test_auto_takes_cpu_where_opengl_is_software(monkeypatch: pytest.MonkeyPatch) -> None:
    with_card(monkeypatch, software=True)
    with choose_evaluator() as (evaluator, why):
        assert evaluator.name == "cpu"
        assert "in software (a card)" in why
    with choose_evaluator(device=0) as (evaluator, _):
        assert evaluator.name == "gpu"


def test_auto_takes_cpu_where_there_is_no_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "no_device", lambda: "there is none")
    with choose_evaluator() as (evaluator, why):
        assert (evaluator.name, why) == ("cpu", "there is none")


def test_auto_takes_cpu_where_opengl_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def failing(device: int | None = None) -> Iterator[None]:
        raise NetartError("gpu: no OpenGL")
        yield

    monkeypatch.setattr(backend, "no_device", lambda: "")
    monkeypatch.setattr(backend, "open_gpu", failing)
    with choose_evaluator() as (evaluator, why):
        assert (evaluator.name, why) == ("cpu", "gpu: no OpenGL")
    with pytest.raises(NetartError, match="no OpenGL"), choose_evaluator(device=1):
        pass


@pytest.mark.slow
def test_a_missing_library_is_named_with_its_package() -> None:
    command = [sys.executable, "-m", "netart", "render", "--backend", "gpu", "-o", "/tmp/no.png"]
    result = subprocess.run(command, capture_output=True, text=True, env=WITHOUT_GL)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "libNone.so not loaded: install libegl1 and libgl1" in result.stderr


def test_a_device_that_is_not_there_is_named(gpu: Gpu) -> None:
    with pytest.raises(NetartError, match="device index 99"), open_evaluator("gpu", 99):
        pass


@pytest.mark.parametrize(
    ("name", "device", "message"),
    [
        ("gpx", None, "did you mean gpu"),
        ("cpu", 0, "device 0: has no meaning with backend cpu"),
        ("gpu", -1, "count from 0"),
    ],
)
def test_errors_name_the_value(name: str, device: int | None, message: str) -> None:
    with pytest.raises(NetartError, match=message), open_evaluator(name, device):
        pass
