"""The table of fields: all that a user can set of a shot, by name.

Options, files, films, keys and error messages read it. Functions apply values to a shot, and find
the fewest values that make a given shot.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from netart.errors import NetartError, unknown
from netart.shot import syntax
from netart.shot.fields import (
    curves,
    diagram,
    glass,
    landscape,
    lens,
    lines,
    look,
    marks,
    network,
    regions,
    view,
    warp,
)
from netart.shot.fields.field import SWITCH, Field
from netart.shot.fields.python_values import option_text
from netart.shot.parts import (
    Parts,
    coordinates,
    further_latents,
    write_centre_along,
    write_latents,
)
from netart.shot.shot import Shot
from netart.shot.view import View, decimal

__all__ = [
    "EXCLUSIVE",
    "FIELDS",
    "SWITCH",
    "Field",
    "apply",
    "fewest_texts",
    "field",
    "parse",
    "put",
    "text_of",
    "texts_of_values",
]

# Pairs of fields that say the same thing, the shorter one first.
EXCLUSIVE = (("seed", "mix"), ("layers", "widths"))


FIELDS: dict[str, Field] = {
    row.name: row
    for rows in (
        network,
        view,
        lens,
        landscape,
        regions,
        lines,
        glass,
        curves,
        warp,
        diagram,
        look,
        marks,
    )
    for row in rows.FIELDS
}


def field(name: str) -> Field:
    """The row called `name`, hyphens and underscores equal; `latent.NAME` is one latent alone, and
    `center.NAME` the centre along one input that the picture spans.

    Raises NetartError with the nearest name.
    """
    name, dot, latent = name.replace("-", "_").partition(".")
    if name not in FIELDS or (dot and name not in ("latent", "center")):
        raise unknown("field", name + dot + latent, FIELDS)
    row = FIELDS[name]
    if not dot:
        return row
    if name == "center":
        return row._replace(
            name=f"center.{latent}",
            parse=decimal,
            write=lambda parts, value: write_centre_along(parts, latent, value),
            read=lambda shot: coordinates(shot)[latent] if latent in shot.view.axes else None,
            interpolations=("linear",),
            is_pair=False,
        )
    return row._replace(
        name=f"latent.{latent}",
        parse=decimal,
        write=lambda parts, value: write_latents(parts, ((latent, value),)),
        read=lambda shot: None if latent in shot.view.axes else coordinates(shot).get(latent),
    )


def parse(name: str, text: str) -> Any:
    """The value of the field `name` that is written as `text`. Raises NetartError."""
    row = field(name)
    try:
        return row.parse(text)
    except NetartError as error:
        raise NetartError(f"{row.name} {text!r}: {error}", field=row.name) from None


def texts_of_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Field → the text that says its value, of Python values and texts by fields' names.

    Raises NetartError, for an unknown name with the nearest one.
    """
    return {(row := field(name)).name: option_text(row, value) for name, value in values.items()}


def apply(
    shot: Shot | None,
    values: Mapping[str, Any],
    other: Shot | None = None,
    fresh: Mapping[str, str] = MappingProxyType({}),
    allow_idle: bool = False,
) -> Shot:
    """The shot with other values of the named fields. Raises NetartError.

    The lenses are chosen first; then fields are put in part by part (lens, look, network, view),
    within each in the table's order, whatever their order in `values`.

    shot: None for the default shot with an unset radius, which follows the network. other: a shot
    whose network, with its latents' values, first replaces the shot's. fresh: texts of fields that
    are put in as well, where they are not named and have an effect. allow_idle: whether values
    without an effect are put in too, where they have a place, instead of being refused.
    """
    view = shot.view if shot else View()
    parts = Parts.of(shot or Shot())._replace(view=view)
    if other:
        centre = (*view.centre[:2], *other.view.centre[2:])
        parts = parts._replace(network=other.network, view=replace(parts.view, centre=centre))
    parts = put(parts, values, allow_idle)
    for name, text in fresh.items():
        if name not in values and not FIELDS[name].refuses(parts):
            parts = FIELDS[name].put(parts, parse(name, text))
    try:
        return parts.shot()
    except NetartError as wrong:
        typed = (_as_typed(field(name), wrong) for name in values)
        raise next((error for error in typed if error is not wrong), wrong) from None


def put(parts: Parts, values: Mapping[str, Any], allow_idle: bool = False) -> Parts:
    """The parts with other values of the named fields. Raises NetartError.

    They are put in as `apply` says.
    """
    for one, twin in EXCLUSIVE:
        if one in values and twin in values:
            raise NetartError(f"{one}: says the same thing as {twin}", field=one, hint=twin)
    if "center" in values and (along := [x for x in values if x.startswith("center.")]):
        message = f"{along[0]}: says the same thing as center"
        raise NetartError(message, field=along[0], hint="center")
    # Single latents all at once, since each would make the network and the view anew.
    single = {name: value for name, value in values.items() if name.startswith("latent.")}
    if len(single) > 1:
        latents = tuple((name.partition(".")[2], value) for name, value in single.items())
        given = tuple(values.get("latent", ()))
        values = {name: value for name, value in values.items() if name not in single}
        values["latent"] = (*given, *latents)
    named = [(field(name), value) for name, value in values.items()]
    for row, value in sorted(named, key=lambda pair: _order(pair[0])):
        # In other panels or frames another lens or light may have what has no place in this one.
        if row.is_absent(parts) and (error := row.refuses(parts)):
            if allow_idle and row.place.startswith("lens."):
                continue
            raise error
        try:
            parts = row.put(parts, value)
        except NetartError as wrong:
            error = row.refuses(parts)
            if not (allow_idle and error):
                raise error or _as_typed(row, wrong) from None
    if not allow_idle:
        # All of them decide together which ones have an effect.
        for row, _ in named:
            if error := row.refuses(parts):
                raise error
    return parts


def _as_typed(row: Field, wrong: NetartError) -> NetartError:
    """The error with the field's name in place of where it stands: `radius 0.0: must be …`."""
    place, equals, why = str(wrong).partition(" = ")
    if not equals or place != row.place:
        return wrong
    return NetartError(f"{row.name} {why}", wrong.status, field=row.name, hint=wrong.hint)


def _order(row: Field) -> tuple[bool, int, int]:
    """Sorts fields as they are applied: by part, then as in the table. The lenses come first, since
    other fields are theirs.
    """
    part, dot, _ = row.place.partition(".")
    name, _, _ = row.name.partition(".")
    return bool(dot), Parts._fields.index(part), list(FIELDS).index(name)


def text_of(shot: Shot, name: str) -> str | None:
    """The shot's value of the field `name`, as the text that `parse` reads; None where it has none.

    Raises NetartError for an unknown name.
    """
    row = field(name)
    if row.is_absent(Parts.of(shot)):
        return None
    value = row.value(shot)
    return None if value in (None, "", ()) else syntax.spell(value, row.separator)


def fewest_texts(
    shot: Shot, base: Shot | None = None, fresh: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str] | None:
    """The fewest fields, with their texts, that turn the base into exactly this shot.

    None where no fields do. base, fresh: as in `apply`.
    """
    parts = Parts.of(shot)
    texts = {name: text_of(shot, name) for name, row in FIELDS.items() if not row.refuses(parts)}
    latents = further_latents(shot, base or Shot())
    texts["latent"] = syntax.spell(latents, FIELDS["latent"].separator)
    for short, long in EXCLUSIVE:
        if texts.get(short) is not None:
            texts[long] = None
    given = {name: text for name in FIELDS if (text := texts.get(name))}
    if _try_texts(base, given, fresh) != shot:
        return None
    own = base or Shot()
    others = {name: text for name, text in given.items() if text != text_of(own, name)}
    if _try_texts(base, others, fresh) == shot:  # most often, and there is less to leave out
        given = others
    for name in reversed(given):
        fewer = {other: text for other, text in given.items() if other != name}
        if _try_texts(base, fewer, fresh) == shot:
            given = fewer
    return given


def _try_texts(
    base: Shot | None, texts: Mapping[str, str], fresh: Mapping[str, str]
) -> Shot | None:
    """The base with these fields; None where they are refused."""
    try:
        values = {name: parse(name, text) for name, text in texts.items()}
        return apply(base, values, fresh=fresh)
    except NetartError:
        return None
