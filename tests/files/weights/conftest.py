"""What the tests of weights share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def libraries() -> None:
    """h5py, when it is first loaded, starts a process that names the processor."""
    import h5py

    assert h5py
