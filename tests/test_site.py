"""The site: pages whose links lead to what is there, from docs and presets alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from docs.site import build as site
from docs.site.lessons import Lesson, lessons, to_html
from netart.files.source import preset_groups, preset_names
from tests.links import broken, read


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two presets and two lessons, whose pictures are small."""
    folder = tmp_path_factory.mktemp("site")
    paragraphs = "A [unit](../presets/teaching/regions-1.toml) & a `step`.", "Try."
    texts = [Lesson("Lines", paragraphs), Lesson("Warp", paragraphs)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "HERO", (64, 36))
        patch.setattr(site, "INDEX_HERO", site.Hero("regions-1"))
        patch.setattr(site, "HEROES", dict.fromkeys(("Lines", "Warp"), site.Hero("regions-1")))
        site.build(folder, {"teaching": ["regions-1"], "films": ["threads"]}, texts)
    return folder


@pytest.mark.slow
def test_links_lead_to_what_is_there(small_site: Path) -> None:
    assert not list(broken(small_site))
    assert {path.name for path in small_site.glob("*.html")} == {
        "index.html", "lesson-lines.html", "lesson-warp.html", "regions-1.html", "threads.html"
    }  # fmt: skip


@pytest.mark.slow
def test_all_pages_are_reached_from_the_first_and_from_each_other(small_site: Path) -> None:
    pages = {path.name for path in small_site.glob("*.html")}
    assert {link for link in read(small_site / "index.html").found if link in pages} == (
        pages - {"index.html"}
    )
    next_page = re.compile(r'<a rel="next" href="([^"]+)"')
    for one, other in (("regions-1", "threads"), ("lesson-lines", "lesson-warp")):
        for path, after in ((one, other), (other, one)):
            text = (small_site / f"{path}.html").read_text()
            assert set(next_page.findall(text)) == {f"{after}.html"}
            assert '<a rel="index" href="index.html"' in text


@pytest.mark.slow
def test_every_page_has_a_title_and_something_to_show_first(small_site: Path) -> None:
    for path in small_site.glob("*.html"):
        assert read(path).titles[0]
        text, is_written = path.read_text(), path.stem.startswith(("index", "lesson"))
        if is_written:  # a picture, before any other
            assert re.search("<img[^>]+>", text)[0].startswith('<img src="pictures/' + path.stem)
        else:
            assert 'property="og:image" content="data:image/webp;base64,' in text


@pytest.mark.slow
def test_what_opens_a_page_moves_if_it_is_a_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "MOVING", 32)
    monkeypatch.setattr(site, "SECONDS", 0.25)
    (tmp_path / "pictures").mkdir()
    site._write_hero(tmp_path, "lesson", site.Hero("threads"), (32, 18))
    with Image.open(tmp_path / "pictures" / "lesson-moving.webp") as moving:
        assert moving.n_frames == 2
    assert "pictures/lesson-moving.webp" in site._hero("lesson", site.Hero("threads"))


@pytest.mark.slow
def test_a_link_that_leads_nowhere_is_found(small_site: Path, tmp_path: Path) -> None:
    for link in ("absent.html", "https://example.org", "/index.html"):
        (tmp_path / "page.html").write_text(f'<a href="{link}">x</a>')
        assert len(list(broken(tmp_path))) == 1


def test_lessons_name_presets_that_are_there() -> None:
    found = lessons()
    assert [text.title for text in found] == list(site.HEROES)
    names = {name for text in found for name in text.presets}
    assert names <= set(preset_names())
    assert {hero.preset for hero in site.HEROES.values()} <= set(preset_names())
    assert all(text.paragraphs[-1].startswith("Try: ") for text in found)
    assert set(site.TITLES) == set(preset_groups())


def test_a_paragraph_becomes_html() -> None:
    text = "A <b> & [`n` > 1](../presets/tour/tour-9.toml): press `n`."
    assert to_html(text) == (
        '<p>A &lt;b&gt; &amp; <a href="tour-9.html"><code>n</code> &gt; 1</a>: press '
        "<code>n</code>.</p>"
    )
