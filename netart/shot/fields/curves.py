"""The fields of the curves lens."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.lens import Curves
from netart.shot.lens.curves import MAX_FAMILY
from netart.shot.ranges import values
from netart.shot.shot import Shot


def _family(text: str) -> tuple[int, ...]:
    """Seeds, as in `0..48` or `7,42,99`."""
    return tuple(syntax.whole_number(seed) for seed in values(text, MAX_FAMILY))


def _spell_family(shot: Shot) -> str | None:
    """The seeds as text, those that follow each other as a range; None where there are none."""
    lens = _curves(shot)
    seeds = lens.family if lens else ()
    if len(seeds) > 2 and seeds == tuple(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]}..{seeds[-1]}"
    return ",".join(map(str, seeds)) or None


def _spell_range(shot: Shot) -> str | None:
    """The range as text, None where it is unset."""
    lens = _curves(shot)
    return "{!r}:{!r}".format(*lens.y_range) if lens and lens.y_range else None


def _curves(shot: Shot) -> Curves | None:
    """The shot's lens of curves, or the one beside its lens."""
    return next((lens for lens in (shot.lens, shot.beside) if isinstance(lens, Curves)), None)


FIELDS = (
    Field(
        "family", "lens.family", _family, "SEEDS",
        "Draw the curves of these seeds together, as in 0..48.",
        read=_spell_family,
    ),
    Field(
        "stages", "lens.stages", syntax.switch, SWITCH,
        "Show the units of each hidden layer, their weighted sum, and its activation.",
    ),
    Field(
        "bands", "lens.bands", syntax.switch, SWITCH,
        "Show the categories: where one output is above 0, or which of several is largest.",
    ),
    Field(
        "switches", "lens.switches", syntax.switch, SWITCH,
        "Circle where a pre-activation is 0.",
    ),
    Field(
        "y_range", "lens.y_range", syntax.limits, "LOW:HIGH",
        "Values that curves are drawn between (those of the activation, or of the curves).",
        read=_spell_range, interpolations=("linear",), separator=":", is_pair=True,
    ),
)  # fmt: skip
