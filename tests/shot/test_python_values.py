"""Python values of fields are spelled as options spell them, and read by the same parsers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netart.errors import NetartError
from netart.shot.fields import FIELDS, field, parse, text_of, texts_of_values
from tests.shots import shot


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("seed", 7, "7"),
        ("seed", np.int64(7), "7"),
        ("depth", 8.0, "8"),
        ("palette", "corners:frost", "corners:frost"),
        ("palette", Path("a.gpl"), "a.gpl"),
        ("center", (0.4, -0.2), "0.4,-0.2"),
        ("center", (Decimal("0.4000000000000000000001"), 0), "0.4000000000000000000001,0"),
        ("center", np.array([0.5, 1.0]), "0.5,1"),
        ("layers", "3x16", "3x16"),
        ("layers", (3, 16), "3x16"),
        ("layers", 3, "3"),
        ("widths", [5, 50, 3], "5,50,3"),
        ("mix", {7: 0.6, 42: 0.8}, "7:0.6,42:0.8"),
        ("mix", [(7, 0.6), (42, 0.8)], "7:0.6,42:0.8"),
        ("mix", [7, 42], "7,42"),
        ("latent", {"a": 0.3, "b": -1}, "a=0.3,b=-1"),
        ("latent.a", 0.3, "0.3"),
        ("contrast", (-1, 1), "-1:1"),
        ("contrast", ((-1, 1), (0, 2)), "-1:1,0:2"),
        ("y_range", (-1.2, 1.2), "-1.2:1.2"),
        ("units", (3, 10), "3.10"),
        ("units", [(3, 1), (3, 10), (3, 2)], "3.1,3.10,3.2"),
        ("units", "3.10", "3.10"),
        ("features", ["x", "y", "sin_x:6"], "x,y,sin_x:6"),
        ("family", range(3), "0,1,2"),
        ("invert", True, "true"),
        ("samples", "auto", "auto"),
        ("radius", 1e-20, "1e-20"),
        ("weight_scale", 1e20, "1e+20"),
        ("points", [(0.5, -1, 1), (2, 3, 2)], "0.5,-1,1;2,3,2"),
        ("points", np.array([[0.5, -1, 1], [2, 3, 2]]), "0.5,-1,1;2,3,2"),
    ],
)
def test_values_become_texts(name: str, value: Any, text: str) -> None:
    assert texts_of_values({name: value}) == {name: text}
    if not isinstance(value, Path):
        parse(name, text)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sed", 7, "unknown field 'sed': did you mean seed?"),
        ("seed", None, "seed None: leave it out to keep what there is"),
        ("seed", b"7", "seed b'7': must be a text, a number, or a list or mapping of such"),
        ("palette", {"sun"}, r"palette \{'sun'\}: must be a text"),
        ("mix", {7: None}, "mix .* must be a text"),
        ("units", 3.1, r"units 3\.1: write a text, as in '3\.10', or a pair, as in \(3, 10\)"),
    ],
)
def test_other_values_are_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(NetartError, match=f"^{message}"):
        texts_of_values({name: value})


@pytest.mark.parametrize("name", [row.name for row in FIELDS.values() if row.separator])
def test_what_a_shot_has_can_be_given_to_another(name: str) -> None:
    """The values that are pairs, as they stand in a shot."""
    given = {
        "mix": "7:0.6,42:0.8", "latent": "a=0.3", "contrast": "-1:1,0:2,-3:3", "units": "3.1",
        "layers": "5x7", "y_range": "-2:1",
    }  # fmt: skip
    lens = {"lens": "curves", "axes": "x"} if name == "y_range" else {}
    one = shot(**{name: given[name]}, **lens)
    value = field(name).value(one)
    again = parse(name, texts_of_values({name: value})[name])
    assert again == parse(name, str(text_of(one, name)))
