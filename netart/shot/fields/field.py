"""A row of the table of fields."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

from netart.errors import NetartError
from netart.net.learning.trained import NOT_TRAINED, Trained
from netart.shot.lens import LENSES
from netart.shot.parts import Parts, Write, write_at
from netart.shot.shot import Shot

SWITCH = "true|false"  # the metavar of what is on or off


class Field(NamedTuple):
    """A value of a shot that a user can set: under one name in options, files, films, messages."""

    name: str
    # Where the value stands in the shot, as `part.name`.
    place: str
    # From the text of an option to the value.
    parse: Callable[[str], Any]
    # How the text looks, as help shows it.
    metavar: str
    # What the value does, as help shows it.
    help: str
    # Puts the value into the parts of a shot; unset where it stands at its place as it is.
    write: Write | None = None
    # The value of a shot, or None; unset where it stands at its place as it is.
    read: Callable[[Shot], Any] | None = None
    # All names that the value may be, where they can be listed.
    choices: tuple[str, ...] = ()
    # The interpolations that a film may use, its default first; with none the value jumps.
    interpolations: tuple[str, ...] = ()
    # What stands in text between the two of a pair.
    separator: str = ""
    # Whether two numbers of Python are one pair, as in contrast=(-1, 1).
    is_pair: bool = False
    # Whether files may have this text at the value's place.
    in_files: bool = True

    def value(self, shot: Shot) -> Any:
        """The shot's value, or None."""
        if self.read:
            return self.read(shot)
        part, _, name = self.place.partition(".")
        if part == "lens" and name not in shot.lens.__struct_fields__:
            return getattr(shot.beside, name)
        return attrgetter(self.place)(shot)

    def put(self, parts: Parts, value: Any) -> Parts:
        """The parts with the value in its place. Raises NetartError."""
        return (self.write or write_at(self.place))(parts, value)

    def is_absent(self, parts: Parts) -> bool:
        """Whether the parts have no such value: explicit weights have no seed, say."""
        part, _, name = self.place.partition(".")
        places = parts.lenses if part == "lens" else (getattr(parts, part),)
        return bool(name) and all(name not in place.__struct_fields__ for place in places)

    def refuses(self, parts: Parts) -> NetartError | None:
        """Why the field cannot be set in these parts, as an error, or None."""
        if not self.is_absent(parts):
            whole, _, single = self.name.partition(".")  # `center` and `x` of `center.x`
            if single in ("x", "y") and not parts.reads(single):
                return NetartError(f"{self.name}: the network does not read it", field=self.name)
            refused = [lens.refuses(whole, parts.network, parts.look) for lens in parts.lenses]
            own = parts.network.refuses(whole) or parts.marks.refuses(whole)
            return own or (refused[0] if all(refused) else None)
        part, _, name = self.place.partition(".")
        if part == "network" and name in Trained.__struct_fields__:
            why, hint = NOT_TRAINED, ""
        elif part == "network" and isinstance(parts.network, Trained):
            why = "the network is trained already: netart train makes another from its run"
            hint = ""
        elif part == "network":
            why, hint = "the network's weights are explicit", ""
        else:
            kind = next(kind for kind, struct in LENSES.items() if name in struct.__struct_fields__)
            hint = f"lens {kind}"
            why = f"a {parts.lens.kind} lens has none: add {hint}"
        return NetartError(f"{self.name}: {why}", field=self.name, hint=hint)
