"""The grammar of ranges."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.shot.ranges import MAX_VALUES, seed_values, values

GOOD = {
    "a,b,c": "a b c",
    "7": "7",
    "1..18": " ".join(map(str, range(1, 19))),
    "-2..1": "-2 -1 0 1",
    "1..3,5,7": "1 2 3 5 7",
    "0.5..2.5": "0.5 1.5 2.5",
    "0.4..0.8*9": "0.4 0.45 0.5 0.55 0.6 0.65 0.7 0.75 0.8",
    "9..1*3": "9 5 1",
    "0..1*4": "0 0.33333333333333333 0.66666666666666667 1",
    "100..300*3": "100 200 300",
    "40..0.15625*9:log": "40 20 10 5 2.5 1.25 0.625 0.3125 0.15625",
    "-1..-100*3:log": "-1 -10 -100",
    "1e-30..1e-10*3:log": "1E-30 1E-20 1E-10",
    f"{2**64 - 3}..{2**64 - 1}": f"{2**64 - 3} {2**64 - 2} {2**64 - 1}",
    "999999999999..1000000000000": "999999999999 1000000000000",
    "1e10..4e10*4": "10000000000 20000000000 30000000000 40000000000",
    "0,0;1,1": "0,0 1,1",
    "tanh,relu;sin": "tanh,relu sin",
    "1..2;5": "1 2 5",
    " a , b ": "a b",
}


@pytest.mark.parametrize("text", GOOD)
def test_values(text: str) -> None:
    assert list(values(text)) == GOOD[text].split(" ")


BAD = {
    "": "a value is missing",
    "1,,2": "a value is missing",
    "1;": "a value is missing",
    "18..1": "runs backwards",
    "1..2.5": "does not reach its end",
    "1..2*1": "steps go from 2",
    "1..2*999999999": "steps go from 2",
    "0..1*5:log": "one sign",
    "-1..1*5:log": "one sign",
    "0..1e12": f"more than {MAX_VALUES:,} values",
    "1..1e999": f"more than {MAX_VALUES:,} values",
    "1-10": "'1-10': write 1..10$",
    "1…10": r"write 1\.\.10$",
    "1...10": r"write 1\.\.10$",
    "1 - 10": r"write 1\.\.10$",
    "-3--1": r"write -3\.\.-1$",
    "0.4-0.8": r"write 0\.4\.\.0\.8\*9$",
    "9-1": r"write 9\.\.1\*9$",
    "0-1e999": r"write 0\.\.1e999\*9$",
    "1..60000,1..60000": f"more than {MAX_VALUES:,} values",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_ranges_are_refused(text: str) -> None:
    with pytest.raises(NetartError, match=BAD[text]):
        values(text)


def test_what_looks_like_a_range_and_is_none_is_left_alone() -> None:
    """Colons stand in mixes and limits, signs and exponents in numbers, hyphens in names."""
    for text in ("1:2", "-1:1", "1e-10", "-5", "run-1", "moons-3-4", "1-2-3"):
        assert values(text) == (text,)


SEEDS = {
    "3": "0 1 2",
    "1": "0",
    "7,": "7",
    "7..7": "7",
    "1,2,": "1 2",
    "4..6": "4 5 6",
    "8;9": "8 9",
    " 2 ": "0 1",
}


@pytest.mark.parametrize("text", SEEDS)
def test_a_number_alone_counts_seeds(text: str) -> None:
    assert list(seed_values(text)) == SEEDS[text].split()


BAD_SEEDS = {
    "0": "0 seeds: must be from 1 to 100; seed 0 alone: 0,$",
    "101": "101 seeds: must be from 1 to 100; seed 101 alone: 101,$",
    "99999999999999999999": "99999999999999999999 seeds",
    "1:10": r"'1:10': write 1\.\.10$",
    "1-10": r"'1-10': write 1\.\.10$",
    "": "a value is missing",
    ",": "a value is missing",
    "1,,": "a value is missing",
}


@pytest.mark.parametrize("text", BAD_SEEDS)
def test_bad_seeds_are_refused(text: str) -> None:
    with pytest.raises(NetartError, match=BAD_SEEDS[text]):
        seed_values(text, 100)
