"""What the tests of weights share."""

from __future__ import annotations

from typing import IO

import pytest

from netart.files.weights.contents import Contents
from netart.files.weights.formats import WEIGHTS_FORMATS


@pytest.fixture(scope="session", autouse=True)
def libraries() -> None:
    """h5py, when it is first loaded, starts a process that names the processor."""
    import h5py

    assert h5py


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that are quick read in their own process what may crash it: their files do not."""

    def read(file: IO[bytes], suffix: str) -> Contents:
        found = WEIGHTS_FORMATS[suffix].read
        assert found
        return found(file)

    if not {mark.name for mark in request.node.iter_markers()} & {"slow", "long"}:
        monkeypatch.setattr("netart.files.weights.formats.read_apart", read)
