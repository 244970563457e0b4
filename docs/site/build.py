"""Builds the site: a page for every preset and every lesson, and one that leads to all of them.

Nothing of it needs a server or another host: links are relative, and it works from a folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from html import escape
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

import netart
from docs.site.lessons import Lesson, lessons, to_html
from netart.files.source import preset_groups, read_source
from netart.pixels import Size
from netart.shot.document import Document, shot_of
from netart.shot.sheet import Sheet
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline
from netart.web.formats import FORMS
from netart.web.html import Link, Text, add_links, document
from netart.web.origin import origin_of

STYLE = Path(__file__).parent / "site.css"

TITLES = {
    "pictures": ("Pictures", "Random networks, and what their light and palettes make of them."),
    "films": ("Films", "Networks that move: loops, endless zooms, and one that learns."),
    "tour": ("A tour", "What depth, width and scale do, figure by figure."),
    "teaching": ("Teaching", "Units, lines, curves and classes, and networks while they learn."),
}

# A small picture's width in pixels, and the aspects that its height follows.
THUMBNAIL, NARROWEST, WIDEST = 384, 4 / 3, 2.0
HERO = 1280, 640  # of a picture that opens a page
# Of a film that does so: its longer side, seconds, and frames a second.
MOVING, SECONDS, RATE = 400, 3.0, 8
QUALITY = 72
FILM = 640  # side of films that no page plays


class Hero(NamedTuple):
    """What opens a page: a preset, which moves if it is a film, or by a motion."""

    preset: str
    motion: str | None = None


INDEX_HERO = Hero("glaze")
HEROES = {
    "Depth": Hero("tour-10", "deepen"),
    "Width": Hero("surface-tanh-wide"),
    "Activation": Hero("monolith"),
    "Scale": Hero("tour-20"),
    "Warp": Hero("disc-in-ring-learns"),
    "Lines": Hero("threads"),
    "Learning": Hero("ginn-learns"),
}


def build(
    folder: Path,
    groups: Mapping[str, list[str]] | None = None,
    texts: Iterable[Lesson] | None = None,
) -> None:
    """Writes the site into a folder, which may exist.

    groups: the presets by groups, all of them where it is None. texts: the lessons, likewise.
    """
    groups = preset_groups() if groups is None else groups
    texts = lessons() if texts is None else list(texts)
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    names = list(chain(*groups.values()))
    # New processes: a copy of one that has threads may wait for ever.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        jobs = [pool.submit(_write_hero, folder, "index", INDEX_HERO, HERO)]
        jobs += [pool.submit(_write_hero, folder, x.slug, HEROES[x.title], HERO) for x in texts]
        jobs += [pool.submit(_write_preset, folder, names, name) for name in names]
        for k, text in enumerate(texts):
            _write(folder, text.slug, _lesson_page(text, texts, k, set(names)))
        _write(folder, "index", _index_page(groups, texts))
        for job in jobs:
            job.result()


def _write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.html").write_text(text, encoding="utf-8")


# The pages of presets.


def _write_preset(folder: Path, names: list[str], name: str) -> None:
    """A preset's page, its small picture, and its film where no page plays it."""
    source = read_source(name)
    document = source.document
    before, after = (_beside(names, name, step) for step in (-1, 1))
    links = [
        Link("prev", f"{before}.html", "‹", f"Previous: {before}"),
        Link("index", "index.html", "all", "All pictures"),
        Link("next", f"{after}.html", "›", f"Next: {after}"),
    ]
    if _needs_file(document):
        links.insert(2, Link("alternate", f"{name}.mp4", "film", "The film, as a file"))
        netart.film(name, size=FILM).save(folder / f"{name}.mp4", fresh=True)
    origin = origin_of(name, document, (name,), shot_of(document), source.about)
    page = FORMS[".html"].text(document, origin)
    _write(folder, name, add_links(page, links))
    shot = _single(document)
    height = round(THUMBNAIL / min(max(shot.aspect, NARROWEST), WIDEST))
    _save(folder, name, shot, (THUMBNAIL, height))


def _needs_file(document: Document) -> bool:
    """Whether the document is a film that its page does not play."""
    return isinstance(document, Timeline) and bool(FORMS[".html"].limit(document))


def _single(document: Document) -> Shot:
    """A shot that stands for the document."""
    if isinstance(document, Sheet):
        return document.panel(1)
    return document.at(0.5) if isinstance(document, Timeline) else document


def _beside(names: list[str], name: str, step: int) -> str:
    """The name that many places on, around."""
    return names[(names.index(name) + step) % len(names)]


def _save(folder: Path, name: str, shot: Shot, size: tuple[int, int]) -> None:
    path = folder / "pictures" / f"{name}.webp"
    netart.render(shot, size).save(path, quality=QUALITY, metadata=False)


def _write_hero(folder: Path, name: str, hero: Hero, size: Size) -> None:
    """The picture that opens a page, which stands still for those who want that, and one that
    moves.
    """
    document = _first_lens(read_source(hero.preset).document)
    shot = _single(document)
    _save(folder, f"{name}-still", shot, size)
    if not hero.motion and not isinstance(document, Timeline):
        return
    width, height = size
    small = MOVING, round(MOVING * height / width)
    moving = netart.film(
        shot if hero.motion else document, hero.motion, small, duration=SECONDS, fps=RATE
    )
    path = folder / "pictures" / f"{name}-moving.webp"
    moving.save(path, quality=QUALITY, metadata=False, fresh=True)


def _first_lens(document: Document) -> Document:
    """The document without a lens beside the first one: its letters would be too small."""
    if isinstance(document, Timeline):
        return replace(document, shot=replace(document.shot, beside=None))
    return replace(document, beside=None) if isinstance(document, Shot) else document


# The pages of text.


def _index_page(groups: Mapping[str, list[str]], texts: list[Lesson]) -> str:
    anchors = ['<a href="#lessons">Lessons</a>']
    anchors += [f'<a href="#{group}">{TITLES[group][0]}</a>' for group in groups]
    cards = (_card(text.slug, f"{text.slug}-still", text.title, "") for text in texts)
    body = [
        _hero("index", INDEX_HERO),
        "<h1>What networks draw</h1>",
        "<p>A neural network is a function. Give it the coordinates of a point and it answers with "
        "a few numbers; let three of them be a colour, and the function is a picture. Each picture "
        "here is drawn by its network in your browser: open one, and move what it is made of.</p>",
        '<h2 id="lessons">Lessons</h2>',
        '<p class="quiet">One thing about networks at a time, with pictures to change.</p>',
        f'<ul class="grid">{"".join(cards)}</ul>',
    ]
    for group, names in groups.items():
        title, about = TITLES[group]
        body += [
            f'<h2 id="{group}">{title}</h2>',
            f'<p class="quiet">{about}</p>',
            f'<ul class="grid">{"".join(map(_preset_card, names))}</ul>',
        ]
    return _page("What networks draw", "Pictures of neural networks, live.", anchors, body)


def _lesson_page(text: Lesson, texts: list[Lesson], k: int, names: set[str]) -> str:
    before, after = (texts[(k + step) % len(texts)] for step in (-1, 1))
    cards = "".join(_preset_card(name) for name in text.presets if name in names)
    anchors = [
        f'<a rel="prev" href="{before.slug}.html">‹ {before.title}</a>',
        '<a rel="index" href="index.html">All pictures</a>',
        f'<a rel="next" href="{after.slug}.html">{after.title} ›</a>',
    ]
    body = [
        _hero(text.slug, HEROES[text.title]),
        f"<h1>{text.title}</h1>",
        *map(to_html, text.paragraphs),
        f'<ul class="grid">{cards}</ul>',
        f'<p><a rel="next" href="{after.slug}.html">Next: {after.title}</a></p>',
    ]
    about = f"What {text.title.lower()} does to a network's picture."
    return _page(text.title, about, anchors, body)


def _hero(name: str, hero: Hero) -> str:
    """The picture that opens a page, which leads to its own."""
    about = escape(read_source(hero.preset).about)
    width, height = HERO
    file = f"pictures/{name}-still.webp"
    image = f'<img src="{file}" width="{width}" height="{height}" alt="{about}">'
    if hero.motion or isinstance(read_source(hero.preset).document, Timeline):
        moving = image.replace("-still", "-moving")
        still = f'<source srcset="{file}" media="(prefers-reduced-motion: reduce)">'
        image = f"<picture>{still}{moving}</picture>"
    return f'<a class="hero" href="{hero.preset}.html">{image}</a>'


def _preset_card(name: str) -> str:
    return _card(name, name, name, read_source(name).about)


def _card(name: str, picture: str, title: str, about: str) -> str:
    image = f'<img src="pictures/{picture}.webp" alt="" width="384" height="288" loading="lazy">'
    words = f"<span>{escape(about)}</span>" if about else ""
    return f'<li><a href="{name}.html">{image}<b>{escape(title)}</b>{words}</a></li>\n'


def _page(title: str, about: str, anchors: list[str], body: list[str]) -> str:
    """A page without scripts, which loads pictures beside it alone."""
    css = STYLE.read_text(encoding="utf-8")
    main = "\n".join(["<main>", *body, "</main>"])
    markup = f"<nav>{' '.join(anchors)}</nav>\n{main}"
    return document(Text(title, about), css, markup, ["img-src 'self' file:"])
