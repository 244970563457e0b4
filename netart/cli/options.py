"""Reusable groups of command-line options; each passes one value to the command."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import click

from netart.cli.report import Report
from netart.errors import MACHINE, NetartError
from netart.evaluate.backend import AUTO, EVALUATORS, check_backend
from netart.evaluate.request import Evaluator
from netart.farm.cluster import Cluster
from netart.farm.evaluator import open_here_or
from netart.files.atomic import free_name, is_stdout
from netart.files.byte_counts import read_byte_count
from netart.files.stills.plan import ImageEncoding
from netart.pixels import Size, check_size, read_named_size
from netart.shot.syntax import number, whole_number

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]


def option_group(
    name: str,
    make: Callable[..., Any],
    *options: Decorator,
    parameters: Iterable[str] | None = None,
    beside: Iterable[str] = (),
) -> Decorator:
    """A decorator that gives a command these options, and passes it one value made of theirs.

    name: of the command's parameter. make: takes the options' values by their names, and makes the
    one that is passed. options: in the order of the help; each may be a group itself. parameters:
    the names of the options' values, where the signature of `make` does not list them. beside:
    names of further options of the command, behind this group, whose values `make` reads too; None
    where it has no such option.
    """
    names = list(parameters or signature(make).parameters)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def wrapper(**values: Any) -> Any:
            own = {parameter: values.pop(parameter) for parameter in names}
            own |= {parameter: values.get(parameter) for parameter in beside}
            return command(**{name: make(**own)}, **values)

        decorated: Command = wrapper
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


class NumberType(click.ParamType[float]):
    """A number, as fields read it."""

    def __init__(self, name: str, read: Callable[[str], float]) -> None:
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except NetartError as error:
            raise error.at(f"{param.opts[0] if param else self.name} {value!r}") from None


NUMBER = NumberType("number", number)
WHOLE = NumberType("whole number", whole_number)


class SizeType(click.ParamType[Size]):
    """A size in pixels, or the name of one; that of paper leaves its dpi for `encoding_options`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Size:
        if isinstance(value, tuple):
            return value
        given = ctx.params.get("dpi") if ctx else None  # may be click's mark of what is not given
        try:
            size, dpi = read_named_size(value, given if isinstance(given, int) else None)
            check_size(size)
        except NetartError as error:
            if error.field != "size" or not param:
                raise
            option = param.opts[0]
            raise NetartError(option + str(error).removeprefix(error.field)) from None
        if ctx and dpi:
            ctx.meta[DPI] = dpi
        return size


DPI = "netart.dpi"  # where a click context keeps what the name of a size says


class ByteCountType(click.ParamType[int]):
    """A number of bytes, as in 5MB."""

    name = "max_bytes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return read_byte_count(value)


# Passes `max_bytes: int | None`.
max_bytes_option = click.option(
    "--max-bytes", type=ByteCountType(), metavar="5MB", help="Make it fit, by its quality and size."
)


def read_quality(text: str | None) -> Any:
    """The quality that a text says, as a number if it is one: the encoding checks it."""
    return int(text) if text and re.fullmatch(r"\d{1,9}", text, re.ASCII) else text


def size_option(help: str, *names: str, default: Size | None = None) -> Decorator:
    """A size in pixels; passes `size: Size | None`. names: click's, where it is not --size."""
    names = names or ("--size",)
    return click.option(*names, type=SizeType(), default=default, metavar="WxH|NAME", help=help)


@dataclass(frozen=True)
class Target:
    """Where -o says that a picture or film goes: to a file, or with `-` to stdout."""

    # A path, which may be another name of stdout, or `-`. None: a file that gets a free name.
    typed: str | None

    @property
    def is_unnamed(self) -> bool:
        """Whether the name is our own choice, so that no file that has it may be replaced."""
        return self.typed is None

    def path(self, name: str, suffix: str, as_json: bool = False) -> Path | None:
        """The file's path; None for stdout. Raises NetartError where stdout cannot take it.

        name, suffix: of a file that is given no name. as_json: whether stdout carries JSON.
        """
        if self.typed == "-" or (self.typed and is_stdout(Path(self.typed))):
            option = f"-o {self.typed}"
            if as_json:
                raise NetartError(f"--json with {option}: stdout carries the picture")
            if sys.stdout is None:
                raise NetartError(f"{option}: stdout is closed", MACHINE)
            if sys.stdout.isatty():
                raise NetartError(
                    f"{option}: a picture would spoil the terminal: redirect it to a file"
                )
            return None
        if self.typed is not None:
            return Path(self.typed)
        return choose_name(name, suffix)


def choose_name(stem: str, suffix: str) -> Path:
    """A name that no file has, kept for the command until it ends: see `free_name`."""
    return click.get_current_context().with_resource(free_name(stem, suffix))


def target_option(help: str) -> Decorator:
    """-o; passes `target: Target`."""
    return option_group("target", Target, click.option("-o", "typed", metavar="FILE", help=help))


device_option = click.option("--device", type=WHOLE, metavar="N", help="Which GPU, from 0.")

format_option = click.option(
    "--format", "form", metavar="NAME", help="Where no suffix says it: netart help formats."
)

bits_option = click.option(
    "--bits", type=WHOLE, metavar="N", help="8, 16 or 32 a channel: netart help formats."
)

quality_option = click.option(
    "--quality", metavar="1..100|lossless", help="Higher is better: netart help formats."
)

no_metadata_option = click.option(
    "--no-metadata", "bare", is_flag=True, help="Leave the shot or timeline out of the file."
)

save_option = click.option(
    "--save", metavar="FILE.toml", help="Write the shot as text to edit; draw nothing."
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")

# Passes `report: Report`.
report_options = option_group(
    "report",
    Report,
    json_option,
    click.option("--quiet", is_flag=True, help="No progress, no warnings."),
    parameters=("as_json", "quiet"),
)


@dataclass(frozen=True)
class BackendChoice:
    """Which evaluator draws, on which device, and where. Raises NetartError where it cannot be."""

    name: str  # in BACKENDS
    device: int | None  # None: the first
    cluster: Cluster | None = None  # whose workers draw; None: here
    mixed: bool = False  # whether workers may differ in what computes

    def __post_init__(self) -> None:
        check_backend(self.name, self.device)

    @contextmanager
    def open(self) -> Iterator[Evaluator]:
        """The evaluator, which is closed at the end of the block. Raises NetartError."""
        with (
            self.cluster.connect() if self.cluster else nullcontext() as client,
            open_here_or(client, self.name, self.device, self.mixed) as evaluator,
        ):
            yield evaluator


def _describe_backends() -> str:
    *names, last = EVALUATORS
    return (
        f"{AUTO} (a real GPU, else cpu), gpu (its fastest shaders), {', '.join(names)}, or {last}."
    )


_BACKEND_OPTIONS = (
    click.option(
        "--backend", "name", default=AUTO, metavar="NAME", show_default=True,
        help=_describe_backends(),
    ),
    device_option,
)  # fmt: skip

# Passes `backend: BackendChoice`, of this machine.
backend_options = option_group(
    "backend", BackendChoice, *_BACKEND_OPTIONS, parameters=("name", "device")
)

farm_option = click.option(
    "--farm", metavar="ADDRESS", help="Draw on a Dask cluster: local, local:4, tls://HOST:8786."
)

insecure_option = click.option(
    "--insecure", is_flag=True,
    help="Reach a cluster without TLS: whoever is on the way reads and changes all.",
)  # fmt: skip


def read_cluster(farm: str | None, **given: bool) -> Cluster | None:
    """The cluster of an address, None where none is said. given: flags that need one. Raises
    NetartError.
    """
    if farm is not None:
        return Cluster(farm, given["insecure"])
    for name in (name for name, is_set in given.items() if is_set):
        raise NetartError(f"{name}: of which cluster? Add farm", field=name, hint="farm")
    return None


def _choose(
    name: str, device: int | None, farm: str | None, farm_mixed: bool, insecure: bool
) -> BackendChoice:
    cluster = read_cluster(farm, farm_mixed=farm_mixed, insecure=insecure)
    return BackendChoice(name, device, cluster, farm_mixed)


class Resuming(NamedTuple):
    """What becomes of what an interrupted drawing has left."""

    fresh: bool  # whether it starts over
    allow_mixed: bool  # whether it goes on with what another machine or version has drawn


# Passes `resuming: Resuming`.
resuming_options = option_group(
    "resuming",
    Resuming,
    click.option("--fresh", is_flag=True, help="Start over instead of going on."),
    click.option(
        "--allow-mixed",
        is_flag=True,
        help="Go on with what another netart or machine has drawn, too.",
    ),
)

# Passes `backend: BackendChoice`, here or on a cluster.
drawing_options = option_group(
    "backend",
    _choose,
    *_BACKEND_OPTIONS,
    farm_option,
    click.option(
        "--farm-mixed",
        is_flag=True,
        help="Draw also on workers that differ in what computes: last bits may differ.",
    ),
    insecure_option,
)


def _image_encoding(
    form: str | None,
    bits: int | None,
    quality: str | None,
    dpi: int | None,
    max_bytes: int | None,
    bare: bool,
) -> ImageEncoding:
    dpi = dpi or click.get_current_context().meta.get(DPI)
    return ImageEncoding(form, bits, read_quality(quality), not bare, dpi, max_bytes)


# Passes `encoding: ImageEncoding`.
encoding_options = option_group(
    "encoding",
    _image_encoding,
    format_option,
    bits_option,
    quality_option,
    click.option(
        "--dpi", type=WHOLE, metavar="N", is_eager=True,  # the names of sizes ask for it
        help="Pixels an inch, told in the file.",
    ),
    max_bytes_option,
    no_metadata_option,
)  # fmt: skip
