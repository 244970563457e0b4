"""A farm draws what one machine draws, to the bit; its workers are threads of this process."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import distributed
import numpy as np
import pytest

import netart
from netart.draw.score import rank
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.numbers import Numbers
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.farm import evaluator as farming
from netart.farm.evaluator import AHEAD, Farm, describe_misfits, open_farm
from netart.farm.worker import Facts, Kind
from netart.lens import picture, strips
from netart.version import __version__
from tests.farm.clusters import IGNORED, threads
from tests.shots import shot

pytestmark = [pytest.mark.slow, *IGNORED]

SIZE = 90, 70


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with threads() as address, distributed.Client(address, set_as_default=False) as client:
        yield client


@pytest.fixture
def farm(client: Any) -> Iterator[Farm]:
    with open_farm(client, "cpu", None) as opened:
        yield opened


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("silk", {}),
        ("silk", {"samples": "auto"}),
        ("ginn", {}),  # a step of a run
        ("spiral", {"beside": "diagram"}),
        (None, {"lens": "glass", "activation": "relu"}),
        (None, {"lens": "curves", "features": "x"}),
        (None, {"lens": "landscape", "outputs": "1"}),
        (None, {"lens": "regions", "annotate": "true"}),
    ],
)
def test_pictures_are_those_of_one_machine(
    source: str | None, fields: dict[str, Any], farm: Farm, cpu: Cpu
) -> None:
    one = netart.new(source, **({} if source else {"layers": "3x8"}), **fields)
    for numbers in (Numbers("u1", dither=True), Numbers("u2"), None):
        drawn = picture(one, SIZE, farm, numbers)
        assert np.array_equal(drawn, picture(one, SIZE, cpu, numbers))


def test_it_is_the_evaluator_that_its_workers_are(farm: Farm, cpu: Cpu) -> None:
    assert (farm.name, farm.epsilon, farm.kernels) == (cpu.name, cpu.epsilon, cpu.kernels)
    assert farm.workers == 2 and farm.ahead == 2 * AHEAD


def test_python_draws_on_a_client(client: Any) -> None:
    here, there = (
        netart.sheet("silk", {"depth": "1..3"}, 40, backend="cpu", farm=farm)
        for farm in (None, client)
    )
    assert np.array_equal(here, there)
    film = netart.film("silk", "zoom", 30, frames=3, to=0.1, backend="cpu", farm=client)
    assert np.array_equal(film[2], netart.film("silk", "zoom", 30, frames=3, to=0.1)[2])


def test_seeds_are_ranked_as_here(farm: Farm) -> None:
    told: list[int] = []
    found = rank(shot(layers="4x8"), range(20), farm, told.append)
    assert found == rank(shot(layers="4x8"), range(20), Reference()) and sum(told) == 20


def test_no_more_is_in_flight_than_is_said(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netart.lens.STRIP_PIXELS", 64)
    drawn = strips(shot(layers="1x4"), (8, 64 * 60), farm)
    for _ in zip(range(20), drawn, strict=False):
        assert len(farm._pieces) <= farm.ahead
    drawn.close()  # type: ignore[attr-defined]


def test_what_a_worker_raises_is_raised_here(farm: Farm) -> None:
    def wait(work: Any) -> Any:
        waiting = farm.elsewhere(work, "rows 0 to 9")
        assert waiting
        return waiting()

    with pytest.raises(NetartError, match="seed 1 is wrong") as caught:
        wait(partial(_fail, NetartError("seed 1 is wrong", field="seed 1")))
    assert caught.value.field == "seed 1"
    with pytest.raises(ZeroDivisionError):
        wait(partial(_fail, ZeroDivisionError()))
    assert not farm._pieces


def _fail(error: Exception, _: Evaluator) -> None:
    raise error


def test_what_comes_back_is_checked(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in (np.zeros((69, 90, 3), "u1"), np.zeros((70, 90, 3), "u2"), b"", None):
        monkeypatch.setattr("netart.farm.evaluator.unpack_array", lambda _, answer=wrong: answer)
        with pytest.raises(TypeError, match="a window of"):
            picture(shot(layers="1x4"), SIZE, farm, Numbers("u1"))


def _facts(netart: str = __version__, kernels: str = "a") -> Facts:
    return Facts(Kind(netart, "cpu", kernels), 1e-7, 2, "numpy")


def test_workers_that_do_not_fit_get_no_work(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = client.scheduler_info(n_workers=-1)["workers"]

    def found(*facts: Any) -> None:
        told = dict(zip((first, second), facts, strict=True))
        monkeypatch.setattr(farming, "look_at_workers", lambda *_: told)

    found(_facts(), _facts("0.0.1"))
    assert Farm(client, "cpu", None, False).places() == [first]
    found(ModuleNotFoundError("No module named 'netart'"), _facts("0.0.1"))
    with pytest.raises(NetartError, match=r"does not start netart: .* \(and 1 more: "):
        Farm(client, "cpu", None, False)
    found(_facts(), _facts(kernels="b"))
    with pytest.raises(NetartError, match=r"farm_mixed$") as caught:
        Farm(client, "cpu", None, False)
    assert caught.value.hint == "farm_mixed"
    assert Farm(client, "cpu", None, True).kernels == "a or b"
    assert describe_misfits({first: _facts(), second: _facts()}) == []


@pytest.mark.parametrize("wrong", ["local:2", 7])
def test_what_is_no_client_is_refused(wrong: Any) -> None:
    with (
        pytest.raises(NetartError, match=r"farm must be a dask\.distributed\.Client"),
        open_farm(wrong, "cpu", None),
    ):
        pass


def test_a_worker_of_another_kind_refuses_and_is_asked_no_more(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farm, "_kinds", frozenset([Kind(__version__, "cpu", "elsewhere")]))
    monkeypatch.setattr(farming, "WORKERS_S", 0.1)
    with pytest.raises(NetartError, match="no worker"):
        picture(shot(layers="1x4"), SIZE, farm)
    assert not farm.places()
