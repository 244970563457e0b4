"""The controls of a page: the fields that change without a new shader, and how far they go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, NamedTuple

from netart.evaluate.constants import MAX_TRAVELLING
from netart.lens import measured
from netart.net.build import scales
from netart.net.recipe import MAX_DETAIL, MIN_DETAIL, Recipe
from netart.net.sampling import MAX_SEED
from netart.shot.fields import field
from netart.shot.lens.lines import MAX_WIDTH, MIN_WIDTH
from netart.shot.lens.regions import MAX_BOUNDARY
from netart.shot.light import SETTINGS
from netart.shot.parts import Parts, coordinates
from netart.shot.shot import Shot
from netart.shot.view import exact_angle
from netart.web.network import is_sampled
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
# What may be written of the scales of a network.
SCALES: dict[str, dict[str, Any]] = {
    "weight_scale": {}, "bias_scale": {}, "detail": {"least": MIN_DETAIL, "most": MAX_DETAIL}
}  # fmt: skip


def controls(shot: Shot, picture: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that a page of the shot changes, as plain data, with the shot's own values.

    picture: what picture_data makes of it. `low` and `high` are the slider's ends, `least` and
    `most` those of what may be written; `place` is where files have the value; `inPixels` are
    widths of lines.
    """
    network = _network_rows(shot) if is_sampled(shot) else []
    rows = [*network, *_view_rows(shot), *_lens_rows(shot, picture), *_look_rows(shot, picture)]
    parts = Parts.of(shot)
    return [row for row in rows if not field(row["name"]).refuses(parts)]


def value_rows(shot: Shot, moved: Iterable[str]) -> list[dict[str, Any]]:
    """The same of scales of the network that have no slider here, among the fields that a film
    moves: what it shows when it is stopped has them.
    """
    network = shot.network
    return [
        _row(name, getattr(network, name), kind="value", words=_words(name, shot), **ends)
        for name, ends in SCALES.items()
        if name in moved
    ]


def _row(name: str, value: Any, slider: Slider | None = None, **more: Any) -> dict[str, Any]:
    row, label = field(name), name.replace("latent.", "latent ").replace("_", " ")
    return {
        "name": name,
        "label": label.removeprefix("light "),
        "group": "light" if name.startswith("light_") else row.place.partition(".")[0],
        "help": row.help,
        "value": value,
        "place": row.place,
        **({} if slider is None else _range(slider)),
        **({"inPixels": True} if row.metavar == "PIXELS" else {}),
        **more,
    }


def _network_rows(shot: Shot) -> Iterator[dict[str, Any]]:
    network = shot.network
    if isinstance(network, Recipe):
        mix = [(str(seed), share) for seed, share in network.mix]
        yield _row("mix", mix, kind="mix", most=str(MAX_SEED))
    weight, bias = scales(network)
    if weight > 0:
        slider = Slider(weight / MAX_SPREAD, weight * MAX_SPREAD, is_log=True)
        words = _words("weight_scale", shot)
        yield _row("weight_scale", network.weight_scale, slider, words=words)
    if bias >= 0:
        slider, words = Slider(0, max(2.0, 4 * bias)), _words("bias_scale", shot)
        yield _row("bias_scale", network.bias_scale, slider, words=words)


def _view_rows(shot: Shot) -> Iterator[dict[str, Any]]:
    view, latents, centre = shot.view, shot.network.latents, coordinates(shot)
    for name, number in centre.items() if len(latents) <= MAX_TRAVELLING else ():
        if name in latents and name not in view.axes:
            here = float(number)
            yield _row(f"latent.{name}", here, Slider(here - LATENT_REACH, here + LATENT_REACH))
    yield _row("center", [float(centre[name]) for name in view.axes], kind="center")
    slider = Slider(view.radius / MAX_ZOOM, view.radius * MAX_ZOOM / 5, is_log=True)
    yield _row("radius", view.radius, slider, least=1e-300, most=1e300)
    if len(view.axes) > 1 and (angle := exact_angle(view.basis)) is not None:
        yield _row("rotate", angle, Slider(-180, 180, 1), least=-1e9, most=1e9)


def _lens_rows(shot: Shot, picture: dict[str, Any]) -> Iterator[dict[str, Any]]:
    depth = shot.network.depth
    if picture.get("throughLayers"):
        yield _row("layer", layer_of(shot), Slider(1, depth), least=1, most=depth)
    for name, (uniform, slider, ends) in UNIFORMS.items():
        if uniform in picture["uniforms"]:
            yield _row(name, field(name).value(shot), slider, uniform=uniform, **ends)


def _look_rows(shot: Shot, picture: dict[str, Any]) -> Iterator[dict[str, Any]]:
    look = shot.look
    if picture["measure"] and isinstance(limits := measured(shot).look.contrast, tuple):
        count = picture["measure"]["channels"]
        spans = limits * (count if len(limits) == 1 else 1)
        # `eased` is of films: a shot is measured as by `auto`.
        contrast = look.contrast if isinstance(look.contrast, tuple) else "auto"
        yield _row("contrast", contrast, kind="contrast", spans=spans)
    if "u_power" in picture["uniforms"]:
        yield _row("gamma", look.gamma, Slider(0.2, 5, is_log=True), least=0.01, most=100)
    for name, own in look.light_settings.items():
        if name in LIGHTS:
            setting = SETTINGS[name]
            ends = {"least": setting.low, "most": setting.high} if isfinite(setting.high) else {}
            yield _row(f"light_{name}", own, LIGHTS[name], **ends)


def _range(slider: Slider) -> dict[str, Any]:
    return {"kind": "number", "low": slider.low, "high": slider.high} | {
        name: value for name, value in (("step", slider.step), ("log", slider.is_log)) if value
    }


def _words(name: str, shot: Shot) -> list[str]:
    """The words that may stand in place of a number."""
    if not isinstance(shot.network, Recipe):
        return []
    return {"weight_scale": ["auto"], "bias_scale": ["auto", "same"], "detail": []}[name]
