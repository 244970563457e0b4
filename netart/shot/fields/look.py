"""The fields of the look."""

from __future__ import annotations

from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.light import LIGHTS, NONE, SETTINGS, readers
from netart.shot.palette import NAMES
from netart.shot.parts import write_light

FIELDS = (
    Field(
        "palette", "look.palette", str, "NAME|random|FILE",
        "Colours of outputs (sun; of one output: ember).",
        choices=NAMES,
    ),
    Field(
        "chroma", "look.chroma", syntax.number, "P",
        "Corners: how much chroma comes back between opposite hues (0: none, 0.6: much).",
        interpolations=("linear",),
    ),
    Field(
        "contrast", "look.contrast", syntax.contrast, "auto|eased|off|LO:HI,…",
        "Which pre-activations span the palette (off for rgb, hsv and gray, else auto); eased "
        "follows them along a film.",
        interpolations=("linear",), separator=":", is_pair=True,
    ),
    Field(
        "gamma", "look.gamma", syntax.number, "G",
        "Lifts the middle of the palette where above 1, lowers it where below (1).",
        interpolations=("geometric", "linear"),
    ),
    Field(
        "invert", "look.invert", syntax.switch, SWITCH,
        "Runs through the palette backwards.",
    ),
    Field(
        "posterize", "look.posterize", syntax.whole_number, "N",
        "N flat steps of the palette instead of all (0: none).",
    ),
    Field(
        "samples", "look.samples", syntax.samples, "N|auto",
        "N×N samples a pixel, averaged in linear light: smooth edges (1; new pictures auto, "
        "new sheets 2). auto takes more only where a pixel differs from a neighbour.",
    ),
    Field(
        "dither", "look.dither", syntax.switch, SWITCH,
        "Hides the steps of 8-bit gradients.",
    ),
    Field(
        "light", "look.light", str, "NAME",
        "Finish of the surface, as in relief (none).",
        write=write_light, choices=(NONE, *LIGHTS),
    ),
    *(
        Field(
            f"light_{name}", f"look.light_{name}",
            str if setting.is_colour else syntax.angle if setting.is_angle else syntax.number,
            setting.metavar,
            f"{setting.help} For {', '.join(readers(name))}"
            f"{setting.range and f' ({setting.range})'}.",
            interpolations=setting.interpolations,
        )
        for name, setting in SETTINGS.items()
    ),
)  # fmt: skip
