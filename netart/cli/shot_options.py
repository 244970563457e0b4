"""SOURCE and an option for every field of a shot: what a command starts from."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any, NamedTuple

import click
from msgspec.structs import replace

from netart.cli.command_line import option_words
from netart.cli.messages import option_name, say
from netart.cli.options import Decorator, option_group
from netart.errors import NetartError
from netart.files.palettes import read_palette
from netart.files.pictures import read_target_text
from netart.files.points import read_points_text
from netart.files.source import Base, Source, given_by, name_of, preset_names, read_source
from netart.files.weights.contents import Given
from netart.net.learning.data import PointData
from netart.net.learning.trained import as_trained
from netart.net.ops import FEATURES
from netart.shot.choices import random_palette
from netart.shot.document import Document
from netart.shot.fields import FIELDS, SWITCH, Field, apply, parse
from netart.shot.fresh import new_shot, with_fresh
from netart.shot.lens import LENSES
from netart.shot.marks import spell_points
from netart.shot.palette import SHORT_NAMES
from netart.shot.parts import Parts, read_beside
from netart.shot.run_shot import rows_of_points, target_of
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.target import spell_target
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
    # None without SOURCE.
    base: Base | None
    # Whether neither SOURCE nor an option of a shot was given.
    is_default: bool

    @property
    def shot(self) -> Shot:
        """The shot that is the document, or that it starts from."""
        return self.source.shot


def shot_options(*kinds: type[Document], through: str = "", **fresh: str) -> Decorator:
    """SOURCE and an option for every field; passes `start: Start`.

    kinds: what SOURCE may be. fresh: fields with their texts in documents that the command makes
    new: old ones leave them out, and go on meaning what they mean. through: the lens that a shot of
    another gets, where the command draws one alone.
    """
    return option_group(
        "start",
        partial(_read_start, kinds, fresh, through),
        click.argument("source", required=False, shell_complete=complete_source),
        click.option(
            "--network", "network_file", metavar="FILE",
            help="Draw the network of this file; view, lens and look stay.",
        ),
        *map(field_option, FIELDS.values()),
        click.option(
            "--show-data", is_flag=True,
            help="Show what the run learned: its points, or with lens lines its picture.",
        ),
        parameters=("source", "network_file", *FIELDS, "show_data"),
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


def _read_start(
    documents: tuple[type[Document], ...],
    fresh: dict[str, str],
    through: str,
    source: str | None,
    network_file: str | None,
    show_data: bool,
    **options: Any,
) -> Start:
    """Reads SOURCE, and puts the options' values in place of its own. Raises NetartError."""
    texts = _texts(options)
    is_default = source is None and network_file is None and not (texts or show_data)
    given = given_by(texts)
    read = read_source(source, given) if source is not None else Source("", Shot())
    other = _read_other(network_file, given) if network_file is not None else None
    words = tuple(option_words({field: texts[field] for field in sorted(read.completed)}))
    used = read.completed | (other.completed if other else set())
    texts = {field: text for field, text in texts.items() if field not in used}
    if through and read.shot.lens.kind != through:
        texts.setdefault("lens", through)
    draw_seed(texts)
    for field, text in texts.items():
        if text == "all" and FIELDS[field].choices:
            raise NetartError(f"{field} all: `netart sheet` draws all of them", field=field)
    if "palette" in texts:
        texts["palette"] = read_palette(texts["palette"])
    if "points" in texts:
        texts["points"] = read_points_text(texts["points"])
    if "target" in texts:
        texts["target"] = read_target_text(texts["target"])
    elif texts.get("backdrop") == "target" and (learned := target_of(read.shot.network)):
        texts["target"] = learned
    if show_data:
        names = {"lens": read.shot.lens.kind, "beside": read_beside(read.shot) or ""} | texts
        kinds = {names[field].partition(":")[0] for field in ("lens", "beside")}
        texts |= _data_texts(other.shot if other else read.shot, kinds, texts)
    values = {field: parse(field, text) for field, text in texts.items()}
    if is_random := texts.get("palette") == "random":
        values["palette"] = None  # until the seed is there
    network = other.shot if other else None
    shot = apply(read.shot, values, network) if source else new_shot(values, fresh, network)
    if source and Sheet in documents and isinstance(read.document, Shot):  # a new sheet of it
        at_default = {x for x in fresh if FIELDS[x].value(shot) == FIELDS[x].value(Shot())}
        fresh = {field: fresh[field] for field in at_default - texts.keys()}
        shot = with_fresh(Parts.of(shot), fresh).shot()
    if is_random:
        shot = apply(shot, {"palette": random_palette(shot)})
        say(f"palette {shot.look.palette}")
    document = read.document
    changed = shot if isinstance(document, Shot) else replace(document, shot=shot)
    if not isinstance(changed, documents):
        raise NetartError(f"{source} {INSTEAD[type(changed)].format(source)}")
    warnings = filter(None, (read.warning, other.warning if other else ""))
    return Start(
        read._replace(
            name=read.name or name_of(shot), document=changed, warning="; ".join(warnings)
        ),
        ((source, *words), read.shot) if source is not None else None,
        is_default,
    )


def draw_seed(texts: dict[str, str]) -> None:
    """Puts a seed in place of `random`, and says which."""
    if texts.get("seed") == "random":
        texts["seed"] = str(secrets.randbits(32))
        say(f"seed {texts['seed']}")


def _read_other(network_file: str, given: Given) -> Source:
    """The file of --network. Raises NetartError."""
    try:
        return read_source(network_file, given)
    except NetartError as error:
        raise NetartError(f"--network: {error}", error.status, hint=error.hint) from None


def _data_texts(of: Shot, kinds: set[str], texts: dict[str, str]) -> dict[str, str]:
    """Fields that show what a run learned, with their texts. Raises NetartError.

    of: a step of the run. kinds: of the lenses that are drawn. texts: of the options.
    """
    try:
        network = as_trained(of.network)
    except NetartError as error:
        raise error.at("--show-data") from None
    named = texts.get("run", network.run)
    run = next((run for run in network.runs if run.name == named), network.drawn)
    if run.data is None:
        raise NetartError(
            f"--show-data: what {run.name} learned is in the run's own file, not in pictures and "
            "films"
        )
    if isinstance(run.data, PointData):
        shown = {"points": spell_points(rows_of_points(run))}
        if all("points" in LENSES[kind].WITHOUT for kind in kinds if kind in LENSES):
            raise NetartError(f"--show-data: points have no place in a {min(kinds - {''})} lens")
    else:
        shown = {"backdrop": "target", "target": spell_target(run.data)}
        if "lines" not in kinds:
            raise NetartError(
                f"--show-data: {run.name} learned a picture, which lens lines shows: add "
                "--lens lines"
            )
    if given := [name for name in shown if name in texts]:
        raise NetartError(f"--show-data: has no meaning beside {option_name(given[0])}")
    return shown


def _texts(options: dict[str, Any]) -> dict[str, str]:
    """Field → its value as text, of the options that were given."""
    options = options | {"latent": ",".join(options["latent"]) if options["latent"] else None}
    return {
        field: value if isinstance(value, str) else str(value).lower()
        for field, value in options.items()
        if value is not None
    }
