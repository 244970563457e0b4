"""The grammar of ranges."""

from __future__ import annotations

import pytest

from netart.errors import NetartError
from netart.shot.ranges import MAX_VALUES, values

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
    "1..60000,1..60000": f"more than {MAX_VALUES:,} values",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_ranges_are_refused(text: str) -> None:
    with pytest.raises(NetartError, match=BAD[text]):
        values(text)
