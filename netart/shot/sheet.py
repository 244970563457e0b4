"""Sheets: a shot varied over one field or two, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from math import ceil, sqrt
from typing import Any

import msgspec

from netart.errors import NetartError
from netart.pixels import check_size
from netart.shot.choices import accepted_choices
from netart.shot.fields import apply, field, parse
from netart.shot.plain_data import as_option_text, check_names, convert, list_or_empty
from netart.shot.ranges import values
from netart.shot.shot import Shot

MAX_PANELS = 10_000
MAX_GUTTER = 4096  # pixels


class Over(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sheet varies."""

    # The field's name.
    field: str
    # Its values, each written as the field's option writes it.
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "field", self.field.replace("-", "_"))
        field(self.field)
        for text in self.values:
            parse(self.field, text)

    @classmethod
    def read(cls, text: str, shot: Shot | None = None) -> Over:
        """`FIELD=VALUES`, the values in the grammar of ranges, or `all` names that a field may be.

        shot: what varies; of all names, those that it takes. Raises NetartError.
        """
        name, equals, listing = text.partition("=")
        if not equals:
            raise NetartError(f"{text!r}: write FIELD=VALUES, as in depth=1..18")
        if listing == "all" and field(name).choices:
            return cls(name, accepted_choices(shot or Shot(), name))
        field(name)
        return cls(name, values(listing, MAX_PANELS))


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
    # Whether each panel has its values written under it.
    labels: bool = False

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
        if self.overs[0].field == self.overs[-1].field and len(self.overs) == 2:
            raise NetartError(f"sheet.over: {self.overs[0].field} is varied twice")
        if len(self) > MAX_PANELS:
            raise NetartError(f"sheet: {len(self):,} panels, at most {MAX_PANELS:,}")
        if self.layout.columns is not None and len(self.overs) == 2:
            raise NetartError("sheet.columns: has no meaning where two fields give the grid")

    def __len__(self) -> int:
        first, *rest = (len(over.values) for over in self.overs)
        return first * (rest[0] if rest else 1)

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
        first = self.overs[0]
        row, column = divmod(number - 1, len(first.values))
        found = {first.field: first.values[column]}
        if len(self.overs) == 2:
            found[self.overs[1].field] = self.overs[1].values[row]
        return found

    def panel(self, number: int) -> Shot:
        """The shot of a panel, counted from 1. Raises NetartError that names the panel."""
        texts = self.texts(number)
        try:
            return apply(self.shot, {name: parse(name, text) for name, text in texts.items()})
        except NetartError as error:
            raise error.at(f"panel {number}") from None

    def panels(self) -> Iterator[Shot]:
        """The shots of all panels, in their order."""
        return map(self.panel, range(1, len(self) + 1))

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
        check_names(over, Over.__struct_encode_fields__, place)
        listing = over.get("values")
        if isinstance(listing, list) and len(listing) > MAX_PANELS:
            raise NetartError(f"{place}.values: more than {MAX_PANELS:,}")
        if not isinstance(listing, list) and isinstance(text := as_option_text(listing), str):
            over = over | {"values": values(text, MAX_PANELS)}
        elif isinstance(listing, list):
            over = over | {"values": [as_option_text(x) for x in listing]}
        overs.append(convert(over, Over, place))
    rest = {name: value for name, value in data.items() if name != "over"}
    return Sheet(shot=shot, overs=tuple(overs), layout=convert(rest, Layout, "sheet"))
