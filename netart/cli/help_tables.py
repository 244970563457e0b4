"""The tables at the end of the help: what the names in the options mean."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from netart.files.stills.formats import IMAGE_FORMATS, ImageFormat
from netart.files.stills.vectors import VECTOR_FORMATS
from netart.net.datasets import DATA_SETS
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.sampling import DISTRIBUTIONS
from netart.pixels import MAX_SIDE, PAPERS, PRINT_DPI, SCREENS
from netart.shot.colours import CORNERS, RAMPS
from netart.shot.lens import LENSES, LensStruct
from netart.shot.light import LIGHTS, NONE
from netart.shot.palette import KINDS

MAX_NAMES_WIDTH = 74  # characters of a row of names

FLOATS = {"f2": " (half)", "f4": " (float)"}  # numpy's name → what help adds to the bits


def table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A block of the help that click leaves as it is: names, and what they mean."""
    rows = list(rows)
    wide = max(len(name) for name, _ in rows) + 2
    lines = [f"  {name:<{wide}}{text}" for name, text in rows]
    return "\n".join(["\b", title, *lines])


def _describe_format(form: ImageFormat) -> str:
    """A format's suffixes, and what its files hold."""
    bits = [f"{bits}{FLOATS.get(dtype, '')}" for bits, dtype in form.dtypes.items()]
    holds = [f"{' or '.join(bits)} bits a channel"]
    if form.quality:
        holds.append(f"quality {form.quality}" + (" or lossless" if form.lossless else ""))
    if form.max_side < MAX_SIDE:
        holds.append(f"sides to {form.max_side:,}")
    if form.linear:
        holds.append("linear light")
    if form.find_text is None:
        holds.append("no shot")
    return f"{' '.join(form.suffixes):<12}{', '.join(holds)}"


def _list_names(title: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Rows with the title in front of the first, that hold the names."""
    first, *others = wrap(" ".join(names), MAX_NAMES_WIDTH)
    return [(title, first), *(("", line) for line in others)]


FORMAT_TABLE = table(
    "Formats by their suffixes, defaults first:",
    [
        *((form.name, _describe_format(form)) for form in IMAGE_FORMATS.values()),
        *(
            (form.name, f"{form.suffix:<12}lines and text, of lenses that plot")
            for form in VECTOR_FORMATS.values()
        ),
    ],
)


SIZE_TABLE = table(
    "Sizes in pixels, also by name:",
    [
        ("1920x1080", "width and height; 800 alone is a square"),
        *((name, "{}x{}".format(*size)) for name, size in SCREENS.items()),
        (" ".join(list(PAPERS)[:4]), f"paper, {PRINT_DPI} pixels an inch"),
        (" ".join(list(PAPERS)[4:]), "the same; a4@600dpi has more"),
        ("30x20cm@150dpi", "paper of any size: mm, cm or in"),
        ("4k-portrait", "the longer side upright, of any name; or -landscape"),
    ],
)


def _describe_lens(name: str, struct: type[LensStruct]) -> list[tuple[str, str]]:
    """The first line that the struct of a lens has about it, and the names of its variants."""
    rows = [(name, str(struct.__doc__).splitlines()[0])]
    if struct.VARIANTS:
        rows.append(("", "also " + ", ".join(f"{name}:{variant}" for variant in struct.VARIANTS)))
    return rows


SHOT_TABLES = "\n\n".join(
    [
        table("Lenses:", [row for lens in LENSES.items() for row in _describe_lens(*lens)]),
        table(
            "Activations of a pre-activation z:",
            ((row.name, row.formula) for row in ACTIVATIONS.values()),
        ),
        table(
            "Features of the point (x, y): the inputs that each adds, their number first:",
            ((row.signature, f"{row.columns}  {row.formula}") for row in FEATURES.values()),
        ),
        table(
            "Distributions, before the scales; a factor multiplies the weights alone:",
            ((row.name, row.formula) for row in DISTRIBUTIONS.values()),
        ),
        table(
            "Palettes:",
            [
                *((kind.name + kind.suffix, kind.help) for kind in KINDS.values()),
                *_list_names("corners:", CORNERS),
                *_list_names("ramp:", RAMPS),
                ("NAME", "one of these names alone, as in klimt, or a map's, as in batlow"),
                ("random", "one of them, by the seed"),
                ("from:FILE", "the main colours of a picture as a ramp; corners:from:FILE four"),
                ("FILE", "a list of colours as a ramp: .gpl, .map, or .json"),
            ],
        ),
        table("Data sets for --points:", ((row.name, row.help) for row in DATA_SETS.values())),
        table(
            "Lights:",
            [(NONE, "the colours as they are"), *((row.name, row.help) for row in LIGHTS.values())],
        ),
        "More layers keep the earlier ones, and wider layers contain the narrower, up to a "
        "distribution's factor (orthogonal ones do not): a seed is one world, in which depth and "
        "width are places.",
    ]
)
