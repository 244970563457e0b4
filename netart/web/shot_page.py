"""The page of a shot, which draws it in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import msgspec
from msgspec.structs import replace

from netart.draw.measurement import measured_film
from netart.evaluate.constants import fold_constants
from netart.evaluate.request import Request
from netart.files.metadata import make_metadata
from netart.lens.kinds import POINTWISE
from netart.live.keys import MOUSE, TABLE
from netart.net.build import to_network
from netart.shot.document import shot_of
from netart.shot.finishes import SUN
from netart.shot.lens import Landscape
from netart.shot.light import SETTINGS
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.web import landscape
from netart.web.bundle import script, style
from netart.web.controls import controls, value_rows
from netart.web.describe import describe, with_description
from netart.web.film import film_data, why_film_stands, without_idle
from netart.web.html import Text, page
from netart.web.marks import marks_data, why_other_marks
from netart.web.network import heads_data, is_sampled, network_data
from netart.web.origin import Origin, origin_of
from netart.web.packed import packed_page
from netart.web.picture import picture_data
from netart.web.preview import SMALL, preview, still

Rows = Sequence[tuple[str, str]]

SIZE = 1280, 800  # that a picture's metadata says before it is saved

# What these keys do where there is a film.
FILM_KEYS = {"space": "play, stop", "home end": "first, last frame"}

# What keys do, in the words of buttons.
BUTTON_KEYS = {"s": "save picture", "x": "copy command"}

# What the mouse does here alone.
DOUBLE_CLICK = "double-click", "zoom in"

# What fingers do, for the help, and what they find behind the button of the controls.
TOUCH = (
    ("drag", "pan"),
    ("pinch", "zoom and rotate"),
    ("double-tap", "zoom in"),
)
CONTROLS = "Controls", "all sliders, save, link, undo"

BODY = """<main>
<h1>{name}</h1>
<noscript><p class="reason">Without scripts this page shows nothing.</p></noscript>
</main>"""
STILL = """<main class="still">
<h1>{name}</h1>
<img alt="{about}" src="{image}">
<p class="reason">{reason}</p>
</main>"""


def why_still(shot: Shot) -> str:
    """Why a page does not draw the shot itself, in words; empty where it does."""
    if isinstance(shot.lens, Landscape):
        return landscape.why_still(shot)
    if len(shot.panels) > 1:
        return "lenses side by side"
    if shot.lens.kind not in POINTWISE:
        return f"the lens {shot.lens.kind}"
    return why_other_marks(shot)


def shot_page(document: Shot | Timeline, origin: Origin) -> str:
    """The HTML of a page that draws a shot, or plays a film."""
    film = measured_film(document) if isinstance(document, Timeline) else None
    shot = film.at(0) if film else shot_of(document)
    plays = film is not None and not why_film_stands(film)
    why, about = why_still(shot), describe(document if plays else shot)
    said = with_description(origin.about, about)
    if why:
        text = Text(origin.name, said, still(shot, SMALL))
        shown = "the first frame of a film" if film else "a picture"
        reason = with_description(origin.about, f"Browsers do not draw {why}: this is {shown}.")
        names = {"name": escape(origin.name), "about": escape(about), "reason": escape(reason)}
        body = STILL.format(**names, image=still(shot))
        return page(text, style("page.css"), body, "", {})
    if film:  # whose single frames no SOURCE says
        origin = origin_of(origin.name, shot, about=origin.about)
    data = {**shot_data(shot, origin), "about": about, "caption": origin.about}
    if film and not plays:
        data["remark"] = why_film_stands(film)
    elif film:
        film = without_idle(film)
        data["film"] = film_data(film)
        moved = {track.field for track in film.tracks}
        data["controls"] += value_rows(shot, moved - {row["name"] for row in data["controls"]})
        data["help"]["keys"] = [
            (label, keys, FILM_KEYS.get(label, does)) for label, keys, does in data["help"]["keys"]
        ]
    text = Text(origin.name, said, preview(shot))
    body = BODY.format(name=escape(origin.name))
    if isinstance(shot.lens, Landscape):
        css = style("page.css", "help.css", "player.css", "landscape.css")
        return packed_page(text, css, body, script("landscape_start.js"), data)
    if "film" in data:
        css = style("page.css", "help.css", "player.css")
        return packed_page(text, css, body, script("film_page.js"), data)
    return packed_page(text, style("page.css", "help.css"), body, script("shot_page.js"), data)


def shot_data(shot: Shot, origin: Origin) -> dict[str, Any]:
    """A shot that browsers draw as plain data: what browser/page.js reads."""
    if isinstance(shot.lens, Landscape):
        return _landscape_data(landscape.seen(shot), origin)
    picture = picture_data(shot)
    request = POINTWISE[shot.lens.kind].request(shot)
    if is_sampled(shot):  # browsers make the weights
        del picture["textures"]["u_weights"]
    rows = controls(shot, picture)
    data = {
        **_common_data(shot, origin, request),
        "picture": picture,
        "network": network_data(shot.network) if is_sampled(shot) else None,
        "heads": heads_data(shot, request.heads),
        "controls": rows,
        "help": _help(_mouse(rows), TOUCH, {}),
    }
    if over := marks_data(shot):
        data["marks"] = over
    if shot.look.finish:
        data["light"] = _light_data(shot)
    return data


def _landscape_data(shot: Shot, origin: Origin) -> dict[str, Any]:
    """The same of a landscape, for browser/landscape_page.js."""
    picture, heights = landscape.landscape_data(shot), landscape.heights(shot)
    own = is_sampled(shot)
    if own:
        del picture["heights"]["textures"]["u_weights"]
    return {
        **_common_data(shot, origin, heights),
        "picture": picture,
        "network": network_data(shot.network) if own else None,
        "heads": heads_data(landscape.height_shot(shot), heights.heads) if own else [],
        "controls": landscape.landscape_controls(shot),
        "help": _help(landscape.MOUSE, landscape.TOUCH, landscape.KEYS),
    }


def _common_data(shot: Shot, origin: Origin, request: Request) -> dict[str, Any]:
    """What pages of all lenses read."""
    whole = to_network(shot.network)
    network, view, _ = fold_constants(whole, shot.view, request)
    return {
        "name": origin.name,
        "about": describe(shot),
        "origin": {"words": origin.words, "texts": origin.texts},
        "view": {
            "inputs": network.inputs,
            # Where files have them.
            "places": [whole.inputs.index(name) for name in network.inputs],
            "axes": [network.inputs.index(axis) for axis in view.axes],
            "basis": view.basis,
            "centre": [float(number) for number in view.centre],
        },
        "metadata": msgspec.to_builtins(make_metadata(shot, SIZE)),
    }


def _help(mouse: Rows, touch: Rows, others: dict[str, str]) -> dict[str, Any]:
    """What keys, mouse and fingers do. others: what some keys do here, by their labels."""
    others = BUTTON_KEYS | others
    return {
        "keys": [(row.label, list(row.keys), others.get(row.label, row.help)) for row in TABLE],
        "mouse": mouse,
        "touch": [*touch, CONTROLS],
    }


def _mouse(rows: list[dict[str, Any]]) -> Rows:
    """What the mouse does on a page with these controls."""
    has_light = any(row["name"] in ("light_azimuth", "light_elevation") for row in rows)
    labels = ("wheel", "drag", "ctrl-drag") if has_light else ("wheel", "drag")
    return [*(row for row in MOUSE if row[0] in labels), DOUBLE_CLICK]


def _light_data(shot: Shot) -> dict[str, Any]:
    """What browser/light.js computes with: the settings that are numbers, and the colours of a
    highlight on what is no metal, and on metal.
    """
    read = shot.look.light_settings
    data: dict[str, Any] = {"settings": [x for x in read if not SETTINGS[x].is_colour]}
    if "metal" in read:
        metal = replace(shot, look=replace(shot.look, light_metal=1.0))
        uniforms = POINTWISE[shot.lens.kind].request(metal).pixel.uniforms
        data |= {"sun": SUN, "lightest": uniforms["u_shine"]}
    return data
