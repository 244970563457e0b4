"""The whole site: it is built, links lead to what is there, pages show something at once."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from docs.site.build import build
from docs.site.lessons import lessons
from netart.files.source import preset_names
from tests.links import broken

pytestmark = pytest.mark.long

MAX_FIRST_S = 2.0  # until a page shows something, of a processor that draws in place of a GPU
LIE_ACROSS = "[...document.querySelectorAll('.grid img')].every(each => each.height < each.width)"
PAINTED_MS = """() => new Promise(done => {
    const read = list => list.getEntriesByName("first-contentful-paint").forEach(
        paint => done(paint.startTime));
    new PerformanceObserver(read).observe({ type: "paint", buffered: true });
})"""


def test_every_page_shows_something_at_once(browser: Browser, tmp_path: Path) -> None:
    begin = time.perf_counter()
    build(tmp_path)
    print(f"built in {time.perf_counter() - begin:.0f} s")
    assert not list(broken(tmp_path))
    written = {"index", *(text.slug for text in lessons()), *preset_names()}
    assert {path.stem for path in tmp_path.glob("*.html")} == written
    first = {}
    for path in sorted(tmp_path.glob("*.html")):
        with closing(browser.new_page()) as opened:
            opened.goto(path.as_uri(), wait_until="commit")
            first[path.stem] = opened.evaluate(PAINTED_MS) / 1000
            assert opened.evaluate(LIE_ACROSS), path
    slowest = sorted(first, key=lambda name: -first[name])[:5]
    print({name: round(first[name], 2) for name in slowest})
    assert first[slowest[0]] < MAX_FIRST_S
