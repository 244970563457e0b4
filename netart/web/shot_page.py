"""The page of a shot, which draws it in the browser."""

from __future__ import annotations

from html import escape
from typing import Any

import msgspec
from msgspec.structs import replace

from netart.evaluate import glsl
from netart.evaluate.constants import fold_constants, folded
from netart.evaluate.dialects import WEB
from netart.files.metadata import make_metadata
from netart.lens import POINTWISE
from netart.live.keys import MOUSE, TABLE
from netart.net.build import to_network
from netart.shot.finishes import SUN
from netart.shot.light import SETTINGS
from netart.shot.shot import Shot
from netart.web.bundle import script, shorten, style
from netart.web.controls import controls
from netart.web.describe import describe
from netart.web.html import Text, page
from netart.web.network import heads_data, network_data
from netart.web.origin import Origin
from netart.web.picture import picture_data
from netart.web.preview import SMALL, preview, still

SIZE = 1280, 800  # that a picture's metadata says before it is saved

# What fingers do, for the help.
TOUCH = (
    ("drag", "pan"),
    ("pinch", "zoom and rotate"),
    ("double-tap", "zoom in"),
)


# Until the first pixels are there, the preview in the head stands for them.
BODY = """<main>
<h1>{name}</h1>
<canvas id="picture" tabindex="0" role="img" aria-label="{about}"></canvas>
<img id="still" alt="{about}">
<noscript><p class="reason">Without scripts this page shows a still picture.</p></noscript>
</main>
<div id="bar" role="toolbar" aria-label="Page"></div>
<section id="panel" aria-label="Controls" hidden></section>
<p id="notice" role="status"></p>
<dialog id="help"></dialog>"""
STILL = """<main class="still">
<h1>{name}</h1>
<img alt="{about}" src="{image}">
<p class="reason">Browsers do not draw {why}: this is a picture.</p>
</main>"""


def why_still(shot: Shot) -> str:
    """Why a page does not draw the shot itself, in words; empty where it does."""
    if len(shot.panels) > 1:
        return "lenses side by side"
    if shot.lens.kind not in POINTWISE:
        return f"the lens {shot.lens.kind}"
    if shot.marks.points:
        return "points over a picture"
    if shot.lens.has_target:
        return "lines over a picture that was learned"
    if getattr(shot.lens, "annotate", False):
        return "letters over a picture"
    if not glsl.fits_one_pass(*folded(shot, POINTWISE[shot.lens.kind].request(shot)), WEB):
        return "networks as large as this one"
    return ""


def shot_page(shot: Shot, origin: Origin) -> str:
    """The page's HTML."""
    why, about = why_still(shot), describe(shot)
    names = {"name": escape(origin.name), "about": escape(about)}
    if why:
        text = Text(origin.name, about, still(shot, SMALL))
        body = STILL.format(**names, image=still(shot), why=why)
        return page(text, style("page.css"), body, "", {})
    text = Text(origin.name, about, preview(shot))
    body = BODY.format(**names)
    return page(text, style("page.css"), body, script("shot_page.js"), shot_data(shot, origin))


def shot_data(shot: Shot, origin: Origin) -> dict[str, Any]:
    """A shot that browsers draw as plain data: what browser/shot_page.js reads."""
    picture = picture_data(shot)
    picture["fragment"] = shorten(picture["fragment"])
    uniforms = picture["uniforms"]
    request = POINTWISE[shot.lens.kind].request(shot)
    network, view, _ = fold_constants(to_network(shot.network), shot.view, request)
    if network is to_network(shot.network):  # browsers make the weights
        del picture["textures"]["u_weights"]
    data = {
        "name": origin.name,
        "about": describe(shot),
        "origin": {"words": origin.words, "texts": origin.texts},
        "picture": picture,
        "network": network_data(shot.network) if "u_weights" not in picture["textures"] else None,
        "heads": heads_data(shot, request.heads),
        "view": {
            "inputs": network.inputs,
            "axes": [network.inputs.index(axis) for axis in view.axes],
            "basis": view.basis,
            "centre": [float(number) for number in view.centre],
        },
        "controls": controls(shot, uniforms),
        "metadata": msgspec.to_builtins(make_metadata(shot, SIZE)),
        "help": {
            "keys": [(row.label, list(row.keys), row.help) for row in TABLE],
            "mouse": [row for row in MOUSE if row[0] in ("wheel", "drag", "ctrl-drag")],
            "touch": TOUCH,
        },
    }
    if shot.look.finish:
        data["light"] = _light_data(shot)
    return data


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
