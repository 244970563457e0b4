"""Groups of options in help: a command lists their names, `netart help GROUP` explains them."""

from __future__ import annotations

from textwrap import wrap
from typing import NamedTuple

import click

from netart.cli.messages import option_name
from netart.shot.fields import FIELDS

MAX_EXPLAINED = 12  # options of a command that explains all of them

# Part of a shot → the group of its fields.
PARTS = {
    "network": "network",
    "view": "view",
    "lens": "lens",
    "beside": "lens",
    "look": "look",
    "marks": "look",
}


class Group(NamedTuple):
    """Options that most commands have in common."""

    # What they say, in a line.
    about: str
    # Those that are no fields of a shot.
    others: tuple[str, ...] = ()


GROUPS = {
    "network": Group("Which network is drawn: its layers, weights and inputs.", ("--network",)),
    "view": Group("Where in the network's input space the picture lies."),
    "lens": Group("What of the network is looked at, and how."),
    "look": Group("Colours, light and edges, and points over the picture.", ("--show-data",)),
    "file": Group(
        "What is written, and how.",
        (
            *("--save", "--format", "--codec", "--quality", "--bits", "--pixels", "--dpi"),
            *("--crf", "--colors", "--max-bytes", "--repeat", "--no-metadata"),
        ),
    ),
    "engine": Group(
        "What draws, here or on a cluster, and what is printed.",
        (
            *("--backend", "--device", "--farm", "--farm-mixed", "--insecure"),
            *("--allow-mixed", "--allow-noise", "--json", "--quiet"),
        ),
    ),
}

_GROUP_OF = {
    option_name(row.name): PARTS[row.place.partition(".")[0]] for row in FIELDS.values()
} | {name: title for title, group in GROUPS.items() for name in group.others}

# Of the groups, what a picture is most often changed by: explained in every command's help.
COMMON = "--seed", "--layers", "--lens", "--palette", "--center", "--radius"


def group_of(option: str) -> str:
    """The name of the group of an option, `--seed`, say; empty where it is its command's own."""
    return _GROUP_OF.get(option, "")


def long_name(option: click.Option) -> str:
    """The option's longest name, `--no-…` aside: `--seed`, `-o`."""
    return max(option.opts, key=len)


class GroupedCommand(click.Command):
    """A command whose help explains its own options, and of those of groups lists the names."""

    @property
    def options(self) -> list[click.Option]:
        """All of its options but --help."""
        return [one for one in self.params if isinstance(one, click.Option)]

    @property
    def explained(self) -> list[click.Option]:
        """The options that its help explains: its own, then the commonest of the groups; all where
        they are few.
        """
        if len(self.options) <= MAX_EXPLAINED:
            return self.options
        own = [one for one in self.options if not group_of(long_name(one))]
        return [*own, *(one for one in self.options if long_name(one) in COMMON)]

    @property
    def listed(self) -> dict[str, list[str]]:
        """Group → the names of its options that the help does not explain."""
        explained, found = self.explained, {title: list[str]() for title in GROUPS}
        for one in self.options:
            if one not in explained:
                found[group_of(long_name(one))].append(long_name(one))
        return {title: names for title, names in found.items() if names}

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: they stand before the options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        arguments = [one for one in self.params if isinstance(one, click.Argument)]
        records = [one.get_help_record(ctx) for one in (*arguments, *self.explained)]
        if records:
            with formatter.section("Options"):
                formatter.write_dl(filter(None, records))
        if not self.listed:
            return
        formatter.write("\n")
        for title, names in self.listed.items():
            formatter.write(f"{title.capitalize()} (netart help {title}):\n")
            for line in wrap(" ".join(names), formatter.width - 2, break_on_hyphens=False):
                formatter.write(f"  {line}\n")
        formatter.write("Names: netart help palettes, lenses, lights, activations, features, …\n")
