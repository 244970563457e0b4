"""The page of a shot, which draws it in the browser."""

from __future__ import annotations

from netart.shot.shot import Shot
from netart.web.bundle import script, style
from netart.web.html import Text, page
from netart.web.picture import picture_data

BODY = '<main><canvas id="picture" tabindex="0" role="img"></canvas></main>'


def shot_page(shot: Shot, name: str) -> str:
    """The page's HTML. name: of the shot, as the user knows it."""
    data = {"picture": picture_data(shot)}
    return page(Text(name), style("page.css"), BODY, script("shot_page.js"), data)
