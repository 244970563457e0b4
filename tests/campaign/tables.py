"""Tables in markdown, in which campaigns print their figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def markdown(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with these titles; numbers stand on the right, with commas between thousands."""
    rows = list(rows)
    is_number = [all(isinstance(row[k], (int, float)) for row in rows) for k in range(len(titles))]
    lines = [titles, ["---:" if right else "---" for right in is_number]]
    lines += [[f"{x:,}" if isinstance(x, (int, float)) else str(x) for x in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summed(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The table of rows that are a name and numbers, with their sums in a last row, `all`."""
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    return markdown(titles, [*rows, ("all", *sums)])
