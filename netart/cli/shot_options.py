"""SOURCE and an option for every field of a shot: what a command starts from."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import click

from netart.api.start import Asked, start
from netart.cli.command_line import option_words
from netart.cli.messages import option_name, say
from netart.cli.options import Decorator, option_group
from netart.errors import NetartError
from netart.files.piped import descriptor_of_source
from netart.files.source import Base, Source, preset_names
from netart.net.ops import FEATURES
from netart.pixels import Size
from netart.shot.choices import random_palette
from netart.shot.document import Document, check_kind
from netart.shot.fields import FIELDS, SWITCH, Field, apply
from netart.shot.palette import SHORT_NAMES
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

# What a document is that the command does not take, and which command does; {0} is its SOURCE.
INSTEAD = {
    Sheet: "is a sheet: `netart sheet {0}` draws it, `netart render '{0}#1'` its first panel",
    Timeline: "is a film: `netart animate {0}` draws it, with --strip N single frames",
}

# Field → names that completion offers beside its choices.
FURTHER_NAMES = {"features": tuple(FEATURES), "palette": ("random", *SHORT_NAMES)}


class Start(NamedTuple):
    """What a command starts from: SOURCE, and the options of a shot that change it."""

    # As it was read, with the options' values in place of its own.
    source: Source
    # SOURCE as it was typed, with the options that complete it, and its shot before all others;
    # None without SOURCE, and where it was piped in: nothing can be typed that reads it again.
    base: Base | None
    # Whether neither SOURCE nor an option of a shot was given.
    is_default: bool
    # Whether the palette was drawn at random, by the shot's seed.
    draws_palette: bool = False
    # The line on what SOURCE shows; none where options made another shot of it.
    about: str = ""

    @property
    def shot(self) -> Shot:
        """The shot that is the document, or that it starts from."""
        return self.source.shot

    def with_seed(self, seed: int) -> Shot:
        """The shot, had --seed been this one. Raises NetartError."""
        shot = apply(self.shot, {"seed": seed})
        return apply(shot, {"palette": random_palette(shot)}) if self.draws_palette else shot


def shot_options(*kinds: type[Document], through: str = "", **fresh: str) -> Decorator:
    """SOURCE and an option for every field; passes `start: Start`.

    kinds: what SOURCE may be. fresh: fields with their texts in documents that the command makes
    new: old ones leave them out, and go on meaning what they mean. through: the lens that a shot of
    another gets, where the command draws one alone.
    """
    return option_group(
        "start",
        partial(_read_start, kinds, fresh, through),
        source_argument,
        click.option(
            "--network", "network_file", metavar="FILE",
            help="Draw the network of this file; view, lens and look stay.",
        ),
        *map(field_option, FIELDS.values()),
        click.option(
            "--show-data", is_flag=True,
            help="Show what the run learned: points, or with lens lines a picture.",
        ),
        parameters=("source", "network_file", *FIELDS, "show_data"),
        beside=("size",),  # places in percent are of a picture of it, where SOURCE has none
    )  # fmt: skip


def field_option(field: Field) -> Decorator:
    """The option of a field; passes its value as text."""
    option = option_name(field.name)
    if field.metavar == SWITCH:
        off = option_name(f"no_{field.name}")
        return click.option(f"{option}/{off}", field.name, default=None, help=field.help)
    return click.option(
        option,
        field.name,
        metavar=field.metavar,
        help=field.help,
        multiple=field.name == "latent",
        shell_complete=lambda ctx, param, start: [
            name
            for name in (*field.choices, *FURTHER_NAMES.get(field.name, ()))
            if name.startswith(start)
        ],
    )


def complete_source(ctx: click.Context, param: click.Parameter, start: str) -> list[Any]:
    """Presets, then files."""
    from click.shell_completion import CompletionItem

    names = [CompletionItem(name) for name in preset_names() if name.startswith(start)]
    return [*names, CompletionItem(start, type="file")]


source_argument = click.argument(
    "source",
    required=False,
    shell_complete=complete_source,
    help="A preset, picture, run, …: netart help source.",
)


def _read_start(
    documents: tuple[type[Document], ...],
    fresh: dict[str, str],
    through: str,
    source: str | None,
    network_file: str | None,
    show_data: bool,
    size: Size | None,
    **options: Any,
) -> Start:
    """Reads SOURCE, and puts the options' values in place of its own. Raises NetartError."""
    texts = _texts(options)
    if "." in texts.get("output", ""):
        raise NetartError(
            f"output {texts['output']}: is the number of an output: -o names the file",
            field="output",
        )
    is_default = source is None and network_file is None and not (texts or show_data)
    # Of a shot `sheet` makes a document that is new; what takes all kinds takes them as they are.
    is_new = Sheet in documents and Timeline not in documents
    asked = Asked(texts, network_file, show_data, through, fresh, is_new=is_new, size=size)
    begun = start(source, asked)
    for field, text in begun.chosen.items():
        say(f"{field} {text}")
    changed = begun.source.document
    # A hyphen before a number would be taken for an option.
    check_kind(changed, documents, "/dev/stdin" if source == "-" else str(source), INSTEAD)
    words = option_words({field: texts[field] for field in sorted(begun.read.completed)})
    base = None
    if source is not None and descriptor_of_source(source) is None:
        base = (source, *words), begun.read.shot
    return Start(begun.source, base, is_default, "palette" in begun.chosen, begun.about)


def _texts(options: dict[str, Any]) -> dict[str, str]:
    """Field → its value as text, of the options that were given."""
    options = options | {"latent": ",".join(options["latent"]) if options["latent"] else None}
    return {
        field: value if isinstance(value, str) else str(value).lower()
        for field, value in options.items()
        if value is not None
    }
