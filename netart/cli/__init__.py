"""The command line. A command's module is loaded when it is asked for, so that help is quick."""

from __future__ import annotations

import logging
import os
import re
import sys
from importlib import import_module

import click

import netart
from netart.cli.messages import LOG_LINES, say, spell_options
from netart.errors import INTERRUPTED, MACHINE, NetartError, nearest, unknown

# What systems and libraries say where memory is used up.
NO_MEMORY = re.compile(
    "[Cc]annot allocate memory|[Oo]ut of memory|can't start new thread|failed to map segment"
)

# Name → where its function stands in this package, as `module.attr`, and what it does.
COMMANDS = {
    "render": ("render.render", "Draw a shot as a picture."),
    "live": ("live.live", "Open a window and fly through a network."),
    "sheet": ("sheet.sheet", "Draw a shot varied over a field or two, as a page."),
    "phase": ("phase.phase", "Draw where order ends and chaos begins, as a page."),
    "train": ("train.train", "Train a network, and keep it at many steps."),
    "zoom": ("films.zoom", "Film a zoom."),
    "scale": ("films.scale", "Film a growing weight scale."),
    "slice": ("films.slice", "Film a cross-section through further inputs."),
    "morph": ("films.morph", "Film one network turning into another."),
    "spin": ("films.spin", "Film one turn of the view."),
    "deepen": ("films.deepen", "Film a walk through the layers."),
    "learn": ("learn.learn", "Film a network while it learns."),
    "animate": ("films.animate", "Draw a film from its timeline."),
    "export": ("export.export", "Write a page that draws it in any browser."),
    "lines": ("lines.lines", "Write the exact lines on which units switch, as data or as paths."),
    "info": ("info.info", "Print the shot that a file or a preset holds."),
    "network": ("network.network", "Write the effective weights of a shot's network."),
    "presets": ("presets.presets", "List the presets, a line each."),
    "check": ("check.check", "Compare the evaluators with the reference."),
    "doctor": ("doctor.doctor", "Say what draws here, and why."),
    "help": ("help.help", "Explain options, lists of names, and commands."),
}


class LazyGroup(click.Group):
    """A group of the commands in COMMANDS, which loads a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        place, about = COMMANDS[cmd_name]
        module, _, attribute = place.partition(".")
        command = getattr(import_module(f"netart.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        command.short_help = about  # completion shows it
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise _unknown_command(args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


def _unknown_command(name: str) -> NetartError:
    """The error for a first word that is no command, which may be a SOURCE."""
    if near := nearest(name, COMMANDS):
        return unknown("command", name, near)
    from netart.files.source import SUFFIXES, preset_names, read_source
    from netart.shot.sheet import Sheet
    from netart.shot.timeline import Timeline

    if name not in preset_names() and not name.lower().endswith(SUFFIXES):
        return NetartError(f"unknown command {name!r}: netart --help lists them")
    kind = type(read_source(name).document)
    command = {Sheet: "sheet", Timeline: "animate"}.get(kind, "render")
    return NetartError(f"unknown command {name!r}: did you mean netart {command} {name}?")


def _message_of(error: click.ClickException) -> str:
    """What click says of a mistake, in one line of our own style."""
    if isinstance(error, click.NoSuchOption) and error.ctx:
        name, context = error.option_name, error.ctx
        names = [opt for one in context.command.params for opt in (*one.opts, *one.secondary_opts)]
        if near := nearest(name, names):
            return str(unknown("option", name, near))
        return f"unknown option {name!r}: {context.command_path} --help lists them"
    message = error.format_message()
    return message[:1].lower() + message[1:].removesuffix(".")


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: netart render. Worked examples: netart render --help. Options and names of "
    "palettes, lenses, …: netart help",
)
@click.version_option(netart.__version__, prog_name="netart")
def cli() -> None:
    """Draw the functions that neural networks are."""
    logging.getLogger("netart").addHandler(LOG_LINES)


def main() -> None:
    """The command line: every failure that a user can mend costs one line on stderr."""
    try:
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        status = cli.main(prog_name="netart", standalone_mode=False, color=False if plain else None)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        status = error.exit_code
    except click.Abort as abort:
        if not isinstance(abort.__cause__, KeyboardInterrupt):
            raise  # click takes any end of a file for an interrupt
        say("interrupted")
        status = INTERRUPTED
    except click.ClickException as error:
        say(_message_of(error))
        status = error.exit_code
    except NetartError as error:
        say(spell_options(error))
        status = error.status
    except BrokenPipeError:
        # The reader of our output went away; so must Python's own last flush.
        sys.stdout = None
        status = MACHINE
    except (MemoryError, OSError, RuntimeError, ImportError) as error:
        if not isinstance(error, MemoryError) and not NO_MEMORY.search(str(error)):
            raise
        say(f"there is not enough memory: {error}".removesuffix(": "))
        status = MACHINE
    sys.exit(status or 0)
