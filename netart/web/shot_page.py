"""The page of a shot, which draws it in the browser."""

from __future__ import annotations

from html import escape
from typing import Any

import msgspec
from msgspec.structs import replace

from netart.draw.measurement import measured_film
from netart.evaluate.constants import fold_constants
from netart.evaluate.request import Request
from netart.files.metadata import make_metadata
from netart.lens import POINTWISE
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
from netart.web.network import heads_data, is_sampled, network_data
from netart.web.origin import Origin, origin_of
from netart.web.packed import packed_page
from netart.web.picture import picture_data
from netart.web.preview import SMALL, preview, still

SIZE = 1280, 800  # that a picture's metadata says before it is saved

# What these keys do where there is a film.
FRAME_KEYS = "home end", ["home", "end"], "first, last frame"

# What fingers do, for the help.
TOUCH = (
    ("drag", "pan"),
    ("pinch", "zoom and rotate"),
    ("double-tap", "zoom in"),
)


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
    if shot.marks.points:
        return "points over a picture"
    if getattr(shot.lens, "annotate", False):
        return "letters over a picture"
    return ""


def shot_page(document: Shot | Timeline, origin: Origin) -> str:
    """The HTML of a page that draws a shot, or plays a film."""
    film = measured_film(document) if isinstance(document, Timeline) else None
    shot = film.at(0) if film else shot_of(document)
    plays = film is not None and not why_film_stands(film)
    why, about = why_still(shot), describe(document if plays else shot)
    said = with_description(origin.about, about)
    if why:
        text = Text(origin.name, said, still(shot, SMALL))
        reason = with_description(origin.about, f"Browsers do not draw {why}: this is a picture.")
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
        rows = data["help"]["keys"]
        data["help"]["keys"] = [FRAME_KEYS if row[0] == FRAME_KEYS[0] else row for row in rows]
    text = Text(origin.name, said, preview(shot))
    body = BODY.format(name=escape(origin.name))
    if isinstance(shot.lens, Landscape):
        css = style("page.css", "player.css", "landscape.css")
        return packed_page(text, css, body, script("landscape_start.js"), data)
    if "film" in data:
        css = style("page.css", "player.css")
        return packed_page(text, css, body, script("film_page.js"), data)
    return packed_page(text, style("page.css"), body, script("shot_page.js"), data)


def shot_data(shot: Shot, origin: Origin) -> dict[str, Any]:
    """A shot that browsers draw as plain data: what browser/page.js reads."""
    if isinstance(shot.lens, Landscape):
        return _landscape_data(landscape.seen(shot), origin)
    picture = picture_data(shot)
    request = POINTWISE[shot.lens.kind].request(shot)
    if is_sampled(shot):  # browsers make the weights
        del picture["textures"]["u_weights"]
    data = {
        **_common_data(shot, origin, request),
        "picture": picture,
        "network": network_data(shot.network) if is_sampled(shot) else None,
        "heads": heads_data(shot, request.heads),
        "controls": controls(shot, picture),
    }
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
    }


def _common_data(shot: Shot, origin: Origin, request: Request) -> dict[str, Any]:
    """What pages of all lenses read."""
    network, view, _ = fold_constants(to_network(shot.network), shot.view, request)
    return {
        "name": origin.name,
        "about": describe(shot),
        "origin": {"words": origin.words, "texts": origin.texts},
        "view": {
            "inputs": network.inputs,
            "axes": [network.inputs.index(axis) for axis in view.axes],
            "basis": view.basis,
            "centre": [float(number) for number in view.centre],
        },
        "metadata": msgspec.to_builtins(make_metadata(shot, SIZE)),
        "help": _help(isinstance(shot.lens, Landscape)),
    }


def _help(is_landscape: bool) -> dict[str, Any]:
    """What keys, mouse and fingers do."""
    keys = landscape.KEYS if is_landscape else {}
    mouse = [row for row in MOUSE if row[0] in ("wheel", "drag", "ctrl-drag")]
    return {
        "keys": [(row.label, list(row.keys), keys.get(row.label, row.help)) for row in TABLE],
        "mouse": landscape.MOUSE if is_landscape else mouse,
        "touch": landscape.TOUCH if is_landscape else TOUCH,
    }


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
