"""Sheets: a shot varied over one field or two, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from math import ceil, sqrt
from typing import Any, Literal

import msgspec

from netart.errors import NetartError
from netart.pixels import check_size
from netart.shot.choices import accepted_choices
from netart.shot.fields import apply, field, parse
from netart.shot.parts import Parts
from netart.shot.plain_data import as_option_text, check_names, convert, list_or_empty
from netart.shot.ranges import MAX_VALUES, seed_values, values
from netart.shot.shot import Shot

MAX_PANELS = 10_000
MAX_ALSO = 4  # fields that change with another
MAX_GUTTER = 4096  # pixels


class Over(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a sheet varies."""

    # The field's name.
    field: str
    # Its values, each written as the field's option writes it.
    values: tuple[str, ...]
    # Further fields that change with it, with as many values: the radius beside the centre, say.
    also: tuple[Over, ...] = ()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "field", self.field.replace("-", "_"))
        field(self.field)
        for text in self.values:
            parse(self.field, text)
        for other in self.also:
            if other.also:
                raise NetartError(f"{other.field}: changes with {self.field}, and nothing with it")
            if len(other.values) != len(self.values):
                raise NetartError(
                    f"{other.field}: {len(other.values)} values, must be as many as the "
                    f"{len(self.values)} of {self.field}"
                )

    @classmethod
    def of(cls, name: str, listing: str | Iterable[Any], shot: Shot | None = None) -> Over:
        """The field of this name with these values: a text in the grammar of ranges, or `all` names
        that the field may be; or values, each a text as its option writes it, a number, a switch,
        or a list of numbers.

        shot: what varies; of all names, those that it takes. Raises NetartError.
        """
        if listing == "all" and field(name).choices:
            return cls(name, accepted_choices(shot or Shot(), name))
        field(name)
        return cls(name, list_values(listing, f"over {name}"))

    @classmethod
    def of_seeds(cls, listing: str | int | Iterable[int]) -> Over:
        """Seeds: so many from 0, a text as `ranges.seed_values` reads it, or numbers. They may be
        more than panels, for a sheet of the best. Raises NetartError.
        """
        if isinstance(listing, (str, int)):
            return cls("seed", seed_values(str(listing)))
        return cls("seed", list_values(listing, "seeds", MAX_VALUES))

    @property
    def together(self) -> tuple[Over, ...]:
        """Itself, and the fields that change with it."""
        return (self, *self.also)


def list_values(
    listing: str | Iterable[Any], place: str, at_most: int = MAX_PANELS
) -> tuple[str, ...]:
    """The values as options write them: of a text in the grammar of ranges, else of each value.

    place: in messages. Raises NetartError, where they are more than `at_most` too.
    """
    if isinstance(listing, str):
        return values(listing, at_most)
    texts = tuple(map(as_option_text, islice(listing, at_most + 1)))
    if len(texts) > at_most:
        raise NetartError(f"{place}: more than {at_most:,} values")
    for text in texts:
        if not isinstance(text, str):
            raise NetartError(f"{place}: {text!r}: must be text, a number or a list of numbers")
    return texts


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the panels of a sheet are laid out on its page."""

    # Width and height of a panel, in pixels.
    panel: tuple[int, int] = (256, 256)
    # Panels in a row, unset for what fills the page best.
    columns: int | None = None
    # Space between the panels and around them, in pixels; unset for a share of the panel.
    gutter: int | None = None
    # A colour by name or #rrggbb.
    background: str = "#17171b"
    # Whether each panel has its values written under it, and before them its number, #1 and on.
    labels: bool | Literal["numbered"] = False

    def __post_init__(self) -> None:
        from PIL import ImageColor

        try:
            check_size(self.panel)
        except NetartError as error:
            raise error.at("sheet.panel") from None
        if self.columns is not None and not 1 <= self.columns <= MAX_PANELS:
            raise NetartError(f"sheet.columns = {self.columns}: must be from 1 to {MAX_PANELS:,}")
        if self.gutter is not None and not 0 <= self.gutter <= MAX_GUTTER:
            raise NetartError(f"sheet.gutter = {self.gutter}: must be from 0 to {MAX_GUTTER}")
        try:
            is_colour = max(ImageColor.getrgb(self.background)) <= 255
        except ValueError:
            is_colour = False
        if not is_colour:
            raise NetartError(
                f"sheet.background = {self.background!r}: must be a colour, as in #17171b or white"
            )


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table of shots: one shot, varied over one field or two."""

    # What all panels have in common.
    shot: Shot
    # One, whose panels fill row after row; or two, of which the first gives the columns and the
    # second the rows.
    overs: tuple[Over, ...]
    layout: Layout = Layout()

    def __post_init__(self) -> None:
        if len(self.overs) not in (1, 2):
            raise NetartError(f"sheet.over: {len(self.overs)} fields, must be one or two")
        if not all(over.values for over in self.overs):
            raise NetartError("sheet.over: a field without values")
        for name, count in Counter(one.field for one in self.varied).items():
            if count > 1:
                raise NetartError(f"sheet.over: {name} is varied twice")
        if len(self) > MAX_PANELS:
            raise NetartError(f"sheet: {len(self):,} panels, at most {MAX_PANELS:,}")
        if self.layout.columns is not None and len(self.overs) == 2:
            raise NetartError("sheet.columns: has no meaning where two fields give the grid")

    def __len__(self) -> int:
        first, *rest = (len(over.values) for over in self.overs)
        return first * (rest[0] if rest else 1)

    @property
    def varied(self) -> tuple[Over, ...]:
        """All fields that vary, those that change together too."""
        return tuple(one for over in self.overs for one in over.together)

    @property
    def grid(self) -> tuple[int, int]:
        """The number of columns and of rows."""
        if len(self.overs) == 2:
            return len(self.overs[0].values), len(self.overs[1].values)
        columns = min(self.layout.columns or best_columns(len(self)), len(self))
        return columns, ceil(len(self) / columns)

    def texts(self, number: int) -> dict[str, str]:
        """Field → its value in a panel; panels count from 1, row by row. Raises NetartError."""
        if not 1 <= number <= len(self):
            raise NetartError(f"panel {number}: the sheet has panels 1 to {len(self)}")
        row, column = divmod(number - 1, len(self.overs[0].values))
        places = zip(self.overs, (column, row), strict=False)
        return {one.field: one.values[k] for over, k in places for one in over.together}

    def panel(self, number: int) -> Shot:
        """The shot of a panel, counted from 1. Raises NetartError that names the panel."""
        texts = self.texts(number)
        try:
            values = {name: parse(name, text) for name, text in texts.items()}
            return apply(self.shot, values, allow_idle=True)
        except NetartError as error:
            raise error.at(f"panel {number}") from None

    def panels(self) -> Iterator[Shot]:
        """The shots of all panels, in their order."""
        return map(self.panel, range(1, len(self) + 1))

    def check_effects(self) -> None:
        """Raises NetartError for a field that has an effect in no panel."""
        for over in self.overs:
            row, refusal = field(over.field), None
            for panel in self.panels():
                if not (refusal := row.refuses(Parts.of(panel))):
                    break
            if refusal:
                raise refusal

    @property
    def sha256(self) -> str:
        """The stable hash of the base shot and the table [sheet]."""
        text = json.dumps([*self.shot.digests, to_data(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def best_columns(count: int) -> int:
    """About as many columns as rows, with as few holes in the last row as possible."""
    square = ceil(sqrt(count))
    return min(range(square, 3 * square // 2 + 1), key=lambda columns: -count % columns)


def to_data(sheet: Sheet) -> dict[str, Any]:
    """The table [sheet] of a file: all of the sheet but its shot, as plain data."""
    data = {"over": msgspec.to_builtins(sheet.overs), **msgspec.to_builtins(sheet.layout)}
    return {name: value for name, value in data.items() if value is not None}


def from_data(data: Any, shot: Shot) -> Sheet:
    """The sheet of this shot that the table [sheet] describes. Raises NetartError.

    The values may also be one text, in the grammar of ranges.
    """
    check_names(data, ("over", *Layout.__struct_encode_fields__), "sheet")
    overs = []
    for k, over in enumerate(list_or_empty(data.get("over")), 1):
        place = f"sheet.over[{k}]"
        overs.append(convert(_listed(over, place), Over, place))
    rest = {name: value for name, value in data.items() if name != "over"}
    return Sheet(shot=shot, overs=tuple(overs), layout=convert(rest, Layout, "sheet"))


def _listed(
    data: Any, place: str, names: tuple[str, ...] = Over.__struct_encode_fields__
) -> dict[str, Any]:
    """A table of [[sheet.over]] or [[sheet.over.also]] with its values as texts in a list. Raises
    NetartError, also where it has other names than these.
    """
    check_names(data, names, place)
    listing, also = data.get("values"), list_or_empty(data.get("also"))
    if isinstance(listing, list) and len(listing) > MAX_PANELS:
        raise NetartError(f"{place}.values: more than {MAX_PANELS:,}")
    if len(also) > MAX_ALSO:
        raise NetartError(f"{place}.also: more than {MAX_ALSO} fields")
    found = dict(data)
    if isinstance(listing, list):
        found["values"] = [as_option_text(x) for x in listing]
    elif isinstance(text := as_option_text(listing), str):
        found["values"] = values(text, MAX_PANELS)
    if also:
        found["also"] = [
            _listed(one, f"{place}.also[{k}]", ("field", "values")) for k, one in enumerate(also, 1)
        ]
    return found
