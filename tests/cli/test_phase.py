"""`netart phase`: what it writes, says and carries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.program import Run, pixels

SMALL = ("--layers", "4x8", "--size", "380x280", "--backend", "cpu")


def test_a_page_says_the_critical_scales(netart: Run) -> None:
    ran = netart("phase", *SMALL, "--json", "-o", "a.png")
    assert ran.status == 0, ran.err
    facts = ran.json
    assert (facts["path"], facts["size"], facts["networks"]) == ("a.png", [380, 280], 256)
    critical = [facts["critical"][bias] for bias in ("0.5", "1", "2")]
    assert critical == sorted(critical)
    # Theory's, of wide networks: σ = 1.389, 1.614, 1.976.
    assert np.array(critical) * (8 / 3) ** 0.5 == pytest.approx([1.389, 1.614, 1.976], rel=0.1)
    assert pixels(Path("a.png")).shape == (280, 380, 3)


def test_a_page_draws_itself_again(netart: Run) -> None:
    assert netart("phase", *SMALL, "--against", "depth", "-o", "a.png").status == 0
    again = netart("phase", "a.png", "--against", "depth", *SMALL[2:], "-o", "b.png")
    assert again.status == 0, again.err
    assert np.array_equal(pixels(Path("a.png")), pixels(Path("b.png")))
    assert netart("phase", "a.png", *SMALL[2:], "-o", "c.png").status == 0
    assert not np.array_equal(pixels(Path("a.png")), pixels(Path("c.png")))


def test_a_page_without_a_name_takes_that_of_its_source(netart: Run) -> None:
    ran = netart("phase", *SMALL, "--seed", "5")
    assert ran.path == Path("seed-5-phase.png")
