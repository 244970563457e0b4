"""Option groups. Each delivers one value to the command that wears it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from netart.cli.messages import say
from netart.errors import NetartError
from netart.evaluate.backend import check_backend
from netart.files.source import Source, name_of, preset_names, read_source
from netart.files.stills.formats import IMAGE_FORMATS, ImageFormat
from netart.files.stills.plan import ImageEncoding
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.sampling import DISTRIBUTIONS
from netart.pixels import MAX_SIDE, Size
from netart.shot.document import Document
from netart.shot.fields import FIELDS, SWITCH, Field, apply, parse
from netart.shot.palette import CORNERS, KINDS, NAMES, RAMPS
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

Command = TypeVar("Command", bound=Callable[..., Any])

# What a source is, and which command wants it.
INSTEAD = {
    Shot: "is a single picture: `netart render {0}` draws it",
    Sheet: "is a sheet: `netart sheet {0}` draws it, `netart render '{0}#1'` its first panel",
    Timeline: "is a film: `netart animate {0}` draws it",
}

CHOICES = {
    "activation": tuple(ACTIVATIONS),
    "output_activation": tuple(ACTIVATIONS),
    "distribution": tuple(DISTRIBUTIONS),
    "features": tuple(FEATURES),
    "palette": NAMES,
}


def table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A block of the help that click leaves as it is."""
    rows = list(rows)
    wide = max(len(name) for name, _ in rows) + 2
    lines = [f"  {name:<{wide}}{text}" for name, text in rows]
    return "\n".join(["\b", title, *lines])


# What the names in the options mean, for the end of the help.
TABLES = "\n\n".join(
    [
        table(
            "Activations of a pre-activation z:",
            ((row.name, row.formula) for row in ACTIVATIONS.values()),
        ),
        table(
            "Features of the point (x, y); K is a number:",
            (
                (f"{row.name}:K" if row.parametric else row.name, row.formula)
                for row in FEATURES.values()
            ),
        ),
        table(
            "Distributions, before the scales; a factor multiplies weights, never biases:",
            ((row.name, row.formula) for row in DISTRIBUTIONS.values()),
        ),
        table(
            "Palettes:",
            [
                *((kind.name + kind.suffix, kind.help) for kind in KINDS.values()),
                ("corners:", " ".join(CORNERS)),
                ("ramp:", " ".join(RAMPS)),
            ],
        ),
        "More layers keep the earlier ones, and wider layers contain the narrower, up to a "
        "distribution's factor (orthogonal ones do not): a seed is one world, in which depth and "
        "width are places.",
    ]
)


def _about(form: ImageFormat) -> str:
    """What the format holds, a line of the help."""
    words = {"f2": " (half)", "f4": " (float)"}
    bits = [f"{bits}{words.get(dtype, '')}" for bits, dtype in form.dtypes.items()]
    said = [f"{' or '.join(bits)} bits a channel"]
    if form.quality:
        said.append(f"quality {form.quality}" + (" or lossless" if form.lossless else ""))
    if form.max_side < MAX_SIDE:
        said.append(f"sides to {form.max_side:,}")
    said += ["linear light"] * form.linear + ["no shot"] * (form.find_text is None)
    return f"{' '.join(form.suffixes):<12}{', '.join(said)}"


FORMAT_TABLE = table(
    "Formats by their suffixes, defaults first:",
    ((form.name, _about(form)) for form in IMAGE_FORMATS.values()),
)


class SizeType(click.ParamType[Size]):
    """WIDTHxHEIGHT in pixels."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Size:
        if isinstance(value, tuple):
            return value
        if not re.fullmatch(r"\d{1,12}x\d{1,12}", value, re.ASCII):
            raise NetartError(f"--size {value!r}: write WIDTHxHEIGHT in pixels, as in 1920x1080")
        width, height = value.split("x")
        return int(width), int(height)


def shot_options(command: Command, kinds: tuple[type[Document], ...] = (Shot,)) -> Command:
    """SOURCE and an option for every field; delivers `source: Source`, the options applied.

    kinds: what SOURCE may be. Where it may be a sheet, `--contrast shared` is delivered as
    `shared: bool`.
    """

    @wraps(command)
    def wearing(source: str | None, network_file: str | None, **options: Any) -> Any:
        texts = {name: options.pop(name) for name in FIELDS}
        texts["latent"] = ",".join(texts["latent"]) if texts["latent"] else None
        given = {name: _text(value) for name, value in texts.items() if value is not None}
        if Sheet in kinds:
            options["shared"] = given.get("contrast") == "shared"
            given |= {"contrast": "auto"} if options["shared"] else {}
        if source is None and Shot not in kinds:
            raise NetartError("of which SOURCE?")
        asked = _asked_for(source, network_file, given)
        if not isinstance(asked.document, kinds):
            raise NetartError(f"{source} {INSTEAD[type(asked.document)].format(source)}")
        return command(source=asked, **options)

    for field in reversed(FIELDS.values()):
        wearing = _option(field)(wearing)
    wearing = click.option(
        "--network", "network_file", metavar="FILE",
        help="Draw the network of this file; view, lens and look stay.",
    )(wearing)  # fmt: skip
    wearing = click.argument("source", required=False, shell_complete=_sources)(wearing)
    return wearing  # type: ignore[return-value]


def backend_options(command: Command) -> Command:
    """--backend and --device; delivers both, checked."""

    @wraps(command)
    def wearing(backend: str, device: int | None, **options: Any) -> Any:
        check_backend(backend, device)
        return command(backend=backend, device=device, **options)

    for option in (
        click.option(
            "--device", type=int, metavar="N", help="Which GPU, from 0 (by default the first)."
        ),
        click.option(
            "--backend", default="auto", metavar="NAME", show_default=True,
            help="auto (a real GPU, else cpu), gpu, cpu, or reference.",
        ),
    ):  # fmt: skip
        wearing = option(wearing)
    return wearing  # type: ignore[return-value]


def encoding_options(command: Command) -> Command:
    """--format, --bits, --quality and --no-metadata; delivers `encoding: ImageEncoding`."""

    @wraps(command)
    def wearing(
        form: str | None, bits: int | None, quality: str | None, bare: bool, **options: Any
    ) -> Any:
        encoding = ImageEncoding(form, bits, _number(quality), metadata=not bare)
        return command(encoding=encoding, **options)

    for option in (
        click.option(
            "--no-metadata", "bare", is_flag=True, help="Leave the shot out of the picture."
        ),
        click.option(
            "--quality", metavar="1..100|lossless",
            help="Of jpeg, webp and avif; see the formats below.",
        ),
        click.option(
            "--bits", type=int, metavar="N",
            help="8, 16 or 32 a channel; see the formats below.",
        ),
        click.option(
            "--format", "form", metavar="NAME",
            help=f"{', '.join(IMAGE_FORMATS)}: where no suffix says it (png).",
        ),
    ):  # fmt: skip
        wearing = option(wearing)
    return wearing  # type: ignore[return-value]


def _option(field: Field) -> Callable[[Any], Any]:
    name = field.name.replace("_", "-")
    if field.metavar == SWITCH:
        return click.option(f"--{name}/--no-{name}", field.name, default=None, help=field.help)
    return click.option(
        f"--{name}",
        field.name,
        metavar=field.metavar,
        help=field.help,
        multiple=field.name == "latent",
        shell_complete=lambda ctx, param, start: [
            name for name in CHOICES.get(field.name, ()) if name.startswith(start)
        ],
    )


def _number(text: str | None) -> Any:
    """The text as a whole number, where it is one."""
    return int(text) if text and re.fullmatch(r"\d{1,9}", text, re.ASCII) else text


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _sources(ctx: click.Context, param: click.Parameter, start: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    names = [CompletionItem(name) for name in preset_names() if name.startswith(start)]
    return [*names, CompletionItem(start, type="file")]


def _asked_for(name: str | None, network_file: str | None, given: dict[str, str]) -> Source:
    """The source with the options' fields in place of its own. Raises NetartError."""
    source = read_source(name) if name is not None else Source("", Shot())
    if given.get("seed") == "random":
        given["seed"] = str(secrets.randbits(32))
        say(f"seed {given['seed']}")
    values = {field: parse(field, text) for field, text in given.items()}
    other = None
    if network_file is not None:
        try:
            other = read_source(network_file).shot
        except NetartError as error:
            raise error.at("--network") from None
    shot = apply(source.shot if name is not None else None, values, other)
    document = source.document
    changed = shot if isinstance(document, Shot) else replace(document, shot=shot)
    return source._replace(name=source.name or name_of(shot), document=changed)
