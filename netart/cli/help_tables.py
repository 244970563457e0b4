"""The lists of names in help: what the names in the options mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netart.files.films.codecs import CODECS, FILM_FORMATS, QUALITIES, Codec, FilmFormat
from netart.files.stills.formats import IMAGE_FORMATS, ImageFormat
from netart.files.stills.vectors import VECTOR_FORMATS
from netart.files.weights.formats import READABLE
from netart.live.keys import MOUSE, TABLE
from netart.net.datasets import DATA_SETS
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.net.sampling import DISTRIBUTIONS
from netart.pixels import MAX_SIDE, PAPERS, PRINT_DPI, SCREENS
from netart.shot.colours import CORNERS, RAMPS
from netart.shot.lens import LENSES, LensStruct
from netart.shot.light import LIGHTS, NONE
from netart.shot.palette import KINDS

FLOATS = {"f2": " (half)", "f4": " (float)"}  # numpy's name → what help adds to the bits

Rows = tuple[tuple[str, str], ...]


class Section(NamedTuple):
    """Rows of a list: a name, and what it means."""

    title: str
    rows: Rows


class NameList(NamedTuple):
    """A list of names, which `netart help` prints."""

    # What they are, in a line.
    about: str
    # That take them.
    options: tuple[str, ...]
    sections: tuple[Section, ...]
    # Beneath them.
    note: str = ""


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


def _describe_film_format(form: FilmFormat) -> str:
    """A film format's suffixes, and the codecs that it takes."""
    suffixes = " ".join(form.suffixes) or "####.png …"
    return f"{suffixes:<12}{', '.join(form.codecs)}"


def _describe_codec(codec: Codec) -> str:
    """A codec's pixel formats, its quality, and its own number for that."""
    about = ", ".join(codec.pixel_formats)
    if codec.quality:
        about += f"; quality {codec.quality}"
    if scale := codec.scale:
        about += f", or {scale.name} {scale.least} to {scale.most}"
    return about


def _describe_scale(codec: Codec) -> str:
    """A codec's own number at the qualities of the table's head."""
    assert codec.scale
    return f"{codec.scale.name:<8}" + "".join(f"{value:5}" for value in codec.scale.values)


def _describe_lens(name: str, struct: type[LensStruct]) -> tuple[str, str]:
    """The first line that the struct of a lens has about it, and the names of its variants."""
    about = str(struct.__doc__).splitlines()[0]
    if struct.VARIANTS:
        about += " Also " + ", ".join(f"{name}:{variant}" for variant in struct.VARIANTS) + "."
    return name, about


def _list(
    about: str, options: tuple[str, ...], rows: Iterable[tuple[str, str]], note: str = ""
) -> NameList:
    return NameList(about, options, (Section("", tuple(rows)),), note)


LISTS = {
    "source": _list(
        "What commands start from, and options change.",
        (),
        (
            ("NAME", "a preset, as in silk: netart presets lists them"),
            ("FILE.toml", "a text, as --save and the window write them"),
            ("FILE.png, .jpg, …", "a picture by netart: it carries its shot"),
            ("FILE.mp4, .gif, …", "a film by netart: it carries its timeline"),
            ("PAGE.png#7", "the seventh panel of a sheet, counted row by row"),
            ("FILE.run", "a run, as netart train writes it: its last step"),
            ("FILE.run@1000", "the step of a run that is kept nearest to 1000"),
            ("FILE.npz, …", f"weights, by other programs too: {', '.join(READABLE)}"),
            ("-", "any of these from a pipe: netart info silk | netart render -"),
        ),
        "Without SOURCE commands start from the default picture.",
    ),
    "palettes": NameList(
        "How outputs become colours.",
        ("--palette",),
        (
            Section(
                "Palettes of netart, by these names alone, as in klimt",
                (("corners", " ".join(CORNERS)), ("ramp", " ".join(RAMPS))),
            ),
            Section(
                "Kinds of palettes, and what they read",
                tuple((kind.name + kind.suffix, kind.help) for kind in KINDS.values()),
            ),
            Section(
                "Others",
                (
                    ("NAME", "a scientific map of cmap, as in batlow"),
                    ("random", "one of netart's, by the seed"),
                    ("FILE", "a list of colours as a ramp: .gpl, .map, or .json"),
                    ("from:FILE", "the main colours of a picture as a ramp"),
                    ("corners:from:FILE", "four colours of a picture"),
                ),
            ),
        ),
    ),
    "activations": _list(
        "What a unit makes of its pre-activation z.",
        ("--activation", "--output-activation"),
        ((row.name, row.formula) for row in ACTIVATIONS.values()),
    ),
    "features": _list(
        "What of the point (x, y) enters the network.",
        ("--features",),
        ((row.signature, f"{row.columns}  {row.formula}") for row in FEATURES.values()),
        "The number says how many inputs a feature adds.",
    ),
    "distributions": _list(
        "How weights and biases are drawn, before the scales.",
        ("--distribution",),
        ((row.name, row.formula) for row in DISTRIBUTIONS.values()),
        "A factor multiplies the weights alone.",
    ),
    "lenses": _list(
        "What of the network is looked at, and how.",
        ("--lens", "--beside"),
        (_describe_lens(*lens) for lens in LENSES.items()),
    ),
    "lights": _list(
        "The finish of a picture's surface.",
        ("--light",),
        [(NONE, "the colours as they are"), *((row.name, row.help) for row in LIGHTS.values())],
    ),
    "formats": NameList(
        "Formats of files, by their suffixes; defaults first.",
        (
            *("-o", "--format", "--bits", "--quality", "--dpi", "--max-bytes"),
            *("--codec", "--crf", "--colors", "--pixels", "--repeat"),
        ),
        (
            Section(
                "Pictures",
                (
                    *((form.name, _describe_format(form)) for form in IMAGE_FORMATS.values()),
                    *(
                        (form.name, f"{form.suffix:<12}lines and text, of lenses that plot")
                        for form in VECTOR_FORMATS.values()
                    ),
                ),
            ),
            Section(
                "Films, and their codecs by --codec",
                tuple((form.name, _describe_film_format(form)) for form in FILM_FORMATS.values()),
            ),
            Section(
                "Codecs, their pixel formats by --pixels, and their quality",
                tuple((codec.name, _describe_codec(codec)) for codec in CODECS.values()),
            ),
            Section(
                "What --quality is as a codec's own number: between these, on a line",
                (
                    ("quality", " " * 8 + "".join(f"{quality:5}" for quality in QUALITIES)),
                    *(
                        (codec.name, _describe_scale(codec))
                        for codec in CODECS.values()
                        if codec.scale
                    ),
                ),
            ),
        ),
        "Values are display sRGB but for exr's. png, tiff and npy take little memory at any size; "
        "webp that is not lossless halves the colours' resolution. svg and pdf hold lines and text "
        "as such, of all lenses but colour and landscapes from the side. All but npy hold the shot "
        "or the timeline, unless --no-metadata leaves it out: netart draws such files again.",
    ),
    "sizes": _list(
        "Sizes in pixels, also by name.",
        ("--size", "--still"),
        (
            ("1920x1080", "width and height; 800 alone is a square"),
            *((name, "{}x{}".format(*size)) for name, size in SCREENS.items()),
            (" ".join(list(PAPERS)[:4]), f"paper, {PRINT_DPI} pixels an inch"),
            (" ".join(list(PAPERS)[4:]), "the same; a4@600dpi has more"),
            ("30x20cm@150dpi", "paper of any size: mm, cm or in"),
            ("4k-portrait", "the longer side upright, of any name; or -landscape"),
        ),
    ),
    "datasets": _list(
        "Points of two classes, which networks learn.",
        ("--points", "--data"),
        ((row.name, row.help) for row in DATA_SETS.values()),
    ),
    "training": NameList(
        "How netart train learns where options do not say.",
        (),
        (
            Section(
                "",
                (
                    (
                        "points",
                        "layers of 8, 8 and 2 tanh; 4000 steps of all points, rate 0.02, "
                        "weight decay 0.001",
                    ),
                    (
                        "black and white",
                        "of a picture, as two classes: 3 layers of 16 relu; "
                        "320,000 steps of 128 pixels",
                    ),
                    (
                        "grey or colour",
                        "of a picture, as values: 4 layers of 32 sin, drawn as "
                        "siren says; 100,000 steps of 128 pixels",
                    ),
                ),
            ),
        ),
        "Networks of other activations begin with weights as He (2015) draws them for those of the "
        "kind of relu, else as Glorot (2010) does, and with biases of 0. The bytes of a run depend "
        "on the seed, and on the kind of machine: another processor may round matrix products "
        "otherwise.",
    ),
    "easings": _list(
        "How fast a film goes from key to key.",
        ("--easing",),
        (
            ("linear", "evenly"),
            ("hold", "stays, then jumps"),
            ("smooth", "slow at both ends"),
            ("in", "slow at first"),
            ("out", "slow at last"),
            ("sine", "slow at both ends, as a pendulum"),
            ("sine-in, sine-out", "a half of sine"),
            ("bezier:x1,y1,x2,y2", "a cubic Bézier curve, as in CSS"),
        ),
    ),
    "values": _list(
        "Lists of values, for sheets and films.",
        ("--over", "--seeds", "--family", "--frame-range", "--keep"),
        (
            ("1,5,9", "these values"),
            ("1..18", "all from 1 to 18"),
            ("0.4..0.8*9", "nine in equal steps, ends included"),
            ("40..0.5*9:log", "nine in equal ratios"),
            ("sun;ramp:red,white", "; between values that hold commas"),
            ("all", "of a field with a list of names (palette, light, …): each"),
            ("10", "of --seeds alone: ten seeds, 0..9; the one seed 7 is written 7,"),
            ("a.run,b.run", "of --over run: files, the first of which is SOURCE by default"),
        ),
    ),
    "keys": _list(
        "Keys and mouse in the window of netart live.",
        (),
        [*((row.label, row.help) for row in TABLE), *MOUSE],
    ),
}
