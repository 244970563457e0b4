"""The controls of a page: the fields that change without a new shader, and how far they go."""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

from netart.evaluate.constants import MAX_TRAVELLING
from netart.lens import measured
from netart.net.build import scales
from netart.net.recipe import Recipe
from netart.net.sampling import MAX_SEED
from netart.shot.fields import field
from netart.shot.lens.lines import MAX_WIDTH, MIN_WIDTH
from netart.shot.lens.regions import MAX_BOUNDARY
from netart.shot.light import SETTINGS
from netart.shot.parts import Parts, coordinates
from netart.shot.shot import Shot
from netart.shot.view import exact_angle
from netart.web.read_outs import layer_of

MAX_SPREAD = 5.0  # of a scale: a slider goes from so many times less to so many times more
MAX_ZOOM = 100.0
LATENT_REACH = 2.0  # of a slider, to either side of the shot's own value


class Slider(NamedTuple):
    """How far a slider goes: farther values may be written in a link."""

    low: float
    high: float
    step: float = 0.0  # 0: as fine as the slider is
    # Whether equal ratios are equally far.
    is_log: bool = False


# The sliders of numbers that a shader reads as they are, the uniforms, and what may be written.
UNIFORMS: dict[str, tuple[str, Slider, dict[str, float]]] = {
    "level": ("u_level", Slider(-3, 3), {}),
    "boundary": ("u_boundary", Slider(0, 10, 0.1), {"least": 0, "most": MAX_BOUNDARY}),
    "line_width": (
        "u_line_width", Slider(MIN_WIDTH, 10, 0.1), {"least": MIN_WIDTH, "most": MAX_WIDTH}
    ),
}  # fmt: skip
# Of the settings of lights.
LIGHTS = {
    "height": Slider(0, 1.5),
    "azimuth": Slider(-180, 180, 1),
    "elevation": Slider(-90, 90, 1),
    "gloss": Slider(0, 2),
    "exponent": Slider(1, 300, is_log=True),
    "metal": Slider(0, 1),
    "levels": Slider(1, 120, 1),
    "width": Slider(0.1, 10, is_log=True),
}


def controls(shot: Shot, picture: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that a page of the shot changes, as plain data, with the shot's own values.

    picture: what picture_data makes of it. `low` and `high` are the slider's ends, `least` and
    `most` those of what may be written; `place` is where files have the value; `inPixels` are
    widths of lines.
    """
    parts, network, uniforms = Parts.of(shot), shot.network, picture["uniforms"]
    found = []

    def add(name: str, value: Any, slider: Slider | None = None, **more: Any) -> None:
        row = field(name)
        if not row.refuses(parts):
            label = name.replace("latent.", "latent ").replace("_", " ")
            group = "light" if name.startswith("light_") else row.place.partition(".")[0]
            found.append(
                {"name": name, "label": label.removeprefix("light "), "group": group}
                | {"help": row.help, "value": value, "place": row.place}
                | ({} if slider is None else _range(slider))
                | ({"inPixels": True} if row.metavar == "PIXELS" else {})
                | more
            )

    if isinstance(network, Recipe):
        mix = [(str(seed), share) for seed, share in network.mix]
        add("mix", mix, kind="mix", most=str(MAX_SEED))
    weight, bias = scales(network)
    if weight > 0:
        add(
            "weight_scale",
            network.weight_scale,
            _around(weight),
            words=_words("weight_scale", shot),
        )
    if bias >= 0:
        slider = Slider(0, max(2.0, 4 * bias))
        add("bias_scale", network.bias_scale, slider, words=_words("bias_scale", shot))
    if len(network.latents) <= MAX_TRAVELLING:
        for name, number in coordinates(shot).items():
            if name not in shot.view.axes and name in network.latents:
                here = float(number)
                add(f"latent.{name}", here, Slider(here - LATENT_REACH, here + LATENT_REACH))
    centre = coordinates(shot)
    add("center", [float(centre[name]) for name in shot.view.axes], kind="center")
    radius = shot.view.radius
    slider = Slider(radius / MAX_ZOOM, radius * MAX_ZOOM / 5, is_log=True)
    add("radius", radius, slider, least=1e-300, most=1e300)
    if len(shot.view.axes) > 1 and (angle := exact_angle(shot.view.basis)) is not None:
        add("rotate", angle, Slider(-180, 180, 1), least=-1e9, most=1e9)
    if picture.get("throughLayers"):
        add(
            "layer", layer_of(shot), Slider(1, network.depth), least=1, most=network.depth
        )  # fmt: skip
    for name, (uniform, slider, ends) in UNIFORMS.items():
        if uniform in uniforms:
            add(name, field(name).value(shot), slider, uniform=uniform, **ends)
    if picture["measure"] and isinstance(limits := measured(shot).look.contrast, tuple):
        count = picture["measure"]["channels"]
        spans = limits * (count if len(limits) == 1 else 1)
        add("contrast", shot.look.contrast or "auto", kind="contrast", spans=spans)
    if "u_power" in uniforms:
        add("gamma", shot.look.gamma, Slider(0.2, 5, is_log=True), least=0.01, most=100)
    for name, own in shot.look.light_settings.items():
        if name in LIGHTS:
            setting = SETTINGS[name]
            ends = {"least": setting.low, "most": setting.high} if isfinite(setting.high) else {}
            add(f"light_{name}", own, LIGHTS[name], **ends)
    return found


def _around(value: float) -> Slider:
    return Slider(value / MAX_SPREAD, value * MAX_SPREAD, is_log=True)


def _range(slider: Slider) -> dict[str, Any]:
    return {"kind": "number", "low": slider.low, "high": slider.high} | {
        name: value for name, value in (("step", slider.step), ("log", slider.is_log)) if value
    }


def _words(name: str, shot: Shot) -> list[str]:
    """The words that may stand in place of a number."""
    if not isinstance(shot.network, Recipe):
        return []
    return {"weight_scale": ["auto"], "bias_scale": ["auto", "same"]}[name]
