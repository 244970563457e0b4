"""Pages as HTML: one file, whose text is data."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from netart.web.html import Text, page
from tests.browser import Open

pytestmark = pytest.mark.slow  # a browser is started

HOSTILE = '</script><script>document.title = "run"</script><!-- " \' & \u202e\u2028.'


def test_texts_of_users_stay_text(open_page: Open) -> None:
    html = page(Text(HOSTILE, HOSTILE), "", "", "", {"name": HOSTILE})
    opened = open_page(html)
    assert opened.title() == HOSTILE
    read = "JSON.parse(document.getElementById('data').textContent).name"
    assert opened.evaluate(read) == HOSTILE
    assert opened.get_attribute("meta[name=description]", "content") == HOSTILE


def test_nothing_but_the_pages_own_script_runs(browser: Browser, tmp_path: Path) -> None:
    body = '<img src="x" onerror="window.other = true"><script>window.other = true</script>'
    path = tmp_path / "page.html"
    path.write_text(page(Text("t"), "", body, "window.own = true;", {}), encoding="utf-8")
    with closing(browser.new_page()) as opened:
        opened.goto(path.as_uri())
        assert opened.evaluate("[window.own, window.other]") == [True, None]
