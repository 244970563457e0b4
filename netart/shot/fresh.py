"""New shots: what they begin with, so that defaults, which old files rely on, never change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netart.shot.fields import FIELDS, parse, parts_to_change, put
from netart.shot.parts import Parts
from netart.shot.shot import Shot

# Fields with their texts in a new shot of which nothing else is said.
FRESH = {"samples": "auto"}


def new_shot(
    values: Mapping[str, Any], fresh: Mapping[str, str] = FRESH, other: Shot | None = None
) -> Shot:
    """A new shot with these values of fields; the others are those of `fresh` where they have an
    effect. Raises NetartError.

    other: a shot whose network it takes.
    """
    parts = put(parts_to_change(None, other), values)
    return with_fresh(parts, {name: fresh[name] for name in fresh if name not in values}).shot()


def with_fresh(parts: Parts, fresh: Mapping[str, str]) -> Parts:
    """The parts with these texts for fields, where they have an effect."""
    for name, text in fresh.items():
        if not FIELDS[name].refuses(parts):
            parts = FIELDS[name].put(parts, parse(name, text))
    return parts
