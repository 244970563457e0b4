"""The page of a shot, which draws it in the browser."""

from __future__ import annotations

from netart.evaluate import glsl
from netart.evaluate.constants import folded
from netart.evaluate.dialects import WEB
from netart.lens import POINTWISE
from netart.shot.shot import Shot
from netart.web.bundle import script, style
from netart.web.html import Text, page
from netart.web.origin import Origin
from netart.web.picture import picture_data

BODY = '<main><canvas id="picture" tabindex="0" role="img"></canvas></main>'


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
    data = {"picture": None if why_still(shot) else picture_data(shot)}
    return page(Text(origin.name), style("page.css"), BODY, script("shot_page.js"), data)
