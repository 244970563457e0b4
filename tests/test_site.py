"""The site: pages whose links lead to what is there, from docs and presets alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.site import build as site
from docs.site.lessons import Lesson, lessons, to_html
from netart.files.source import preset_groups, preset_names
from tests.links import broken, read


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two presets and a lesson, whose pictures are small."""
    folder = tmp_path_factory.mktemp("site")
    text = Lesson("Lines", ("A [unit](../presets/teaching/regions-1.toml) & a `step`.", "Try."))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "HERO", (64, 36))
        patch.setattr(site, "INDEX_HERO", site.Hero("regions-1"))
        patch.setattr(site, "HEROES", {"Lines": site.Hero("regions-1")})
        site.build(folder, {"teaching": ["regions-1"], "films": ["threads"]}, [text])
    return folder


@pytest.mark.slow
def test_links_lead_to_what_is_there(small_site: Path) -> None:
    assert not list(broken(small_site))
    assert {path.name for path in small_site.glob("*.html")} == {
        "index.html", "lesson-lines.html", "regions-1.html", "threads.html"
    }  # fmt: skip


@pytest.mark.slow
def test_pages_have_titles_and_a_next_page(small_site: Path) -> None:
    for path in small_site.glob("*.html"):
        links = read(path)
        (title,) = links.titles[:1]
        assert title
        assert any(link.endswith(".html") and link != path.name for link in links.found), path
    text = (small_site / "threads.html").read_text()
    assert '<a rel="next" href="regions-1.html" aria-label="Next: regions-1"' in text


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
