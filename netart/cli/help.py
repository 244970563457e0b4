"""The command `netart help`, which explains groups of options, lists of names, and commands."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from textwrap import fill

import click

from netart.cli import COMMANDS, cli
from netart.cli.groups import GROUPS, GroupedCommand, group_of, long_name
from netart.cli.help_tables import LISTS, NameList, Section
from netart.cli.messages import option_name
from netart.errors import NetartError, nearest, unknown
from netart.shot.fields import FIELDS
from netart.shot.lens import LENSES
from netart.shot.light import LIGHTS, SETTINGS
from netart.shot.palette import SHORT_NAMES

Row = tuple[str, str]  # what help writes on the left, and on the right

# Beneath what a group's options say.
NOTES = {
    "network": "More layers keep the earlier ones, and wider layers contain the narrower, up to a "
    "distribution's factor (orthogonal ones do not): a seed is one world, in which depth and width "
    "are places.",
    "view": "The picture covers center ± radius, more along its longer side; x points right, y up. "
    "All are in input units. Numbers of the centre, one an axis, may have any number of digits; "
    "those with %, as in 62%,40%, go from the top left of the picture that SOURCE is, before "
    "--radius and --rotate. Films and sheets also vary center.x and center.y alone.",
}

TOPICS = sorted({*GROUPS, *LISTS, *COMMANDS, *LENSES, *LIGHTS})


# An option may be a topic, with its hyphens.
@click.command(cls=GroupedCommand, context_settings={"ignore_unknown_options": True})
@click.argument(
    "topic",
    required=False,
    help="What is explained.",
    shell_complete=lambda ctx, param, start: [name for name in TOPICS if name.startswith(start)],
)
@click.pass_context
def help(ctx: click.Context, topic: str | None) -> None:
    """Explain options, lists of names, and commands.

    TOPIC is a group of options (network, view, lens, look, file, engine), a list of names
    (palettes, activations, …), a lens, a light, an option, or a command. Without TOPIC all of them
    are listed.

    \b
    Examples:
      netart help
      netart help network
      netart help palettes
      netart help landscape
      netart help contrast
      netart help zoom
    """
    out = ctx.make_formatter()
    name = topic.lstrip("-").replace("_", "-") if topic else ""
    if not name:
        _write_topics(out)
    elif name in GROUPS:
        _write_group(out, name)
    elif name in LISTS:
        _write_list(out, LISTS[name])
    elif name in COMMANDS:
        command = _command(name)
        out.write(f"{command.get_help(click.Context(command, ctx.parent, name))}\n")
        if name in LENSES:
            out.write("The lens of this name: netart help lens\n")
    elif name in LENSES:
        _write_lens(out, name)
    elif name in LIGHTS:
        _write_light(out, name)
    elif found := _options().get(option := option_name(name) if name[1:] else f"-{name}"):
        _write_option(out, option, found)
    else:
        raise _unknown_topic(str(topic))
    click.echo(out.getvalue(), nl=False)


def _unknown_topic(name: str) -> NetartError:
    """The error for what is no topic; a name that is explained in a list is found there."""
    for title, names in LISTS.items():
        words = " ".join(row[0] for section in names.sections for row in section.rows).split()
        known = {*words, *(word.partition(":")[0] for word in words)}
        if name in known or (title == "palettes" and name in SHORT_NAMES):
            return NetartError(f"unknown topic {name!r}: netart help {title} explains it")
    if near := nearest(name, (*TOPICS, *(each.lstrip("-") for each in _options()))):
        return unknown("topic", name, near)
    return NetartError(f"unknown topic {name!r}: netart help lists them")


def _command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command
    return command


@cache
def _options() -> dict[str, list[Row]]:
    """The options of all commands, by name, with what help says of them; where that differs from
    command to command, a row of each with the commands' names.
    """
    found: dict[str, dict[Row, list[str]]] = {}
    for name in COMMANDS:
        context = click.Context(_command(name))
        for one in context.command.params:
            if isinstance(one, click.Option) and (record := one.get_help_record(context)):
                found.setdefault(long_name(one), {}).setdefault(record, []).append(name)
    return {
        name: [
            (left, f"{right} [{', '.join(commands)}]" if len(rows) > 1 else right)
            for (left, right), commands in rows.items()
        ]
        for name, rows in found.items()
    }


def _rows(names: Iterable[str]) -> tuple[Row, ...]:
    """What help says of these options."""
    options = _options()
    return tuple(row for name in names for row in options[name])


def _write_sections(out: click.HelpFormatter, sections: Iterable[Section]) -> None:
    for title, rows in sections:
        if not rows:
            continue
        with out.section(title) if title else out.indentation():
            if not title:
                out.write_paragraph()
            out.write_dl(rows)


def _write_note(out: click.HelpFormatter, note: str) -> None:
    if note:
        out.write_paragraph()
        out.write_text(note)


def _write_topics(out: click.HelpFormatter) -> None:
    out.write_text("netart help TOPIC explains one of these. An option is a topic too: --contrast.")
    _write_sections(
        out,
        (
            Section("Groups of options", tuple((name, GROUPS[name].about) for name in GROUPS)),
            Section("Lists of names", tuple((name, LISTS[name].about) for name in LISTS)),
            Section("Lenses, with their options", ((" ".join(LENSES), ""),)),
            Section("Lights, with their options", ((" ".join(LIGHTS), ""),)),
            Section("Commands", tuple((name, about) for name, (_, about) in COMMANDS.items())),
        ),
    )


def _write_list(out: click.HelpFormatter, names: NameList) -> None:
    out.write_text(names.about)
    _write_sections(out, names.sections)
    _write_note(out, names.note)
    if names.options:
        options = f"Options: {' '.join(names.options)}"
        out.write("\n" + fill(options, out.width, break_on_hyphens=False) + "\n")


def _write_group(out: click.HelpFormatter, title: str) -> None:
    out.write_text(GROUPS[title].about)
    names = [name for name in _options() if group_of(name) == title]
    sections = [Section("", _rows(names))] if title != "lens" else _lens_sections(names)
    _write_sections(out, sections)
    _write_note(out, NOTES.get(title, ""))
    _write_pointers(out, names, also=f"netart {title} --help" if title in COMMANDS else "")


def _lens_sections(names: list[str]) -> list[Section]:
    """The options of the group `lens`: those of many lenses, then others lens by lens."""
    titles = {name: _lenses_of(name) for name in names}
    return [
        Section(title, _rows(name for name in names if titles[name] == title))
        for title in dict.fromkeys(titles.values())
    ]


def _lenses_of(option: str) -> str:
    """The one lens or the two that alone have the option, in words; empty where there are more."""
    kinds = [kind for kind in LENSES if option in _names_of(kind)]
    if not 0 < len(kinds) < 3:
        return ""
    return f"{'Lenses' if kinds[1:] else 'Lens'} {' and '.join(kinds)}"


def _names_of(lens: str) -> list[str]:
    """The options of a lens."""
    fields = {f"lens.{name}" for name in LENSES[lens].__struct_fields__}
    return [option_name(row.name) for row in FIELDS.values() if row.place in fields]


def _write_option(out: click.HelpFormatter, name: str, rows: Iterable[Row]) -> None:
    _write_sections(out, [Section(_lenses_of(name), tuple(rows))])
    _write_pointers(out, [name], also=f"netart help {group}" if (group := group_of(name)) else "")


def _write_pointers(out: click.HelpFormatter, options: Iterable[str], also: str) -> None:
    """Where names that these options take are explained, and another thing to see."""
    lists = [title for title, names in LISTS.items() if {*options} & {*names.options}]
    lines = [f"Names: netart help {', '.join(lists)}"] if lists else []
    for line in [*lines, f"See also: {also}"] if also else lines:
        out.write_paragraph()
        out.write_text(line)


def _write_lens(out: click.HelpFormatter, name: str) -> None:
    out.write_text(f"--lens {name}: {dict(LISTS['lenses'].sections[0].rows)[name]}")
    _write_sections(out, [Section("", _rows(_names_of(name)))])


def _write_light(out: click.HelpFormatter, name: str) -> None:
    out.write_text(f"--light {name}: {LIGHTS[name].help}.")
    settings = [setting for setting in SETTINGS if setting in LIGHTS[name].settings]
    _write_sections(out, [Section("", _rows(option_name(f"light_{one}") for one in settings))])
