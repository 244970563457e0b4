"""The forms in which a document can be taken out of netart, by the ends of file names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from netart.files.atomic import unknown_suffix
from netart.net.learning.trained import Trained
from netart.shot.document import Document, shot_of
from netart.shot.sheet import Sheet
from netart.shot.timeline import Timeline
from netart.web.film import why_film_stands
from netart.web.fragment import fragment
from netart.web.gallery import gallery_page
from netart.web.origin import Origin
from netart.web.run_page import run_page, why_other_lens
from netart.web.shader_picture import missing
from netart.web.shadertoy import shadertoy
from netart.web.shot_page import shot_page, why_still


class Form(NamedTuple):
    """A form: what it is, as help shows it, and what makes its text."""

    about: str
    # The text of a document that comes from there.
    text: Callable[[Document, Origin], str]
    # What of a document it cannot do, in words; empty where it does all.
    limit: Callable[[Document], str] = lambda document: ""


def _html(document: Document, origin: Origin) -> str:
    if isinstance(shot_of(document).network, Trained):
        return run_page(document, origin)
    if isinstance(document, Sheet):
        return gallery_page(document, origin)
    return shot_page(document, origin)


def _html_limit(document: Document) -> str:
    if isinstance(shot_of(document).network, Trained):
        return why_other_lens(shot_of(document))
    if isinstance(document, Timeline) and (why := why_film_stands(document)):
        return why
    shots = document.panels() if isinstance(document, Sheet) else [shot_of(document)]
    why = next(filter(None, map(why_still, shots)), "")
    shown = "its first frame" if isinstance(document, Timeline) else "a picture"
    return why and f"browsers do not draw {why}: the page shows {shown}"


# By the end of a file's name, which may have two dots.
FORMS = {
    ".html": Form(
        "a page that draws it in any browser, and needs no other file", _html, _html_limit
    ),
    ".shadertoy.glsl": Form("text to paste into shadertoy.com", shadertoy, missing),
    ".frag": Form("a fragment shader for viewers, as glslViewer", fragment, missing),
}


def form_of(path: Path) -> Form:
    """The form that a path's name asks for. Raises NetartError."""
    ends = ("".join(path.suffixes[-count:]).lower() for count in (2, 1))
    found = next((FORMS[end] for end in ends if end in FORMS), None)
    if found is None:
        raise unknown_suffix(path, FORMS)
    return found
