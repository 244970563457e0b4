"""A browser for pages, and pages opened in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from netart.web.bundle import script
from netart.web.html import Text, page
from tests.browser import ARGUMENTS, UNPACKED, Modules, Open


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, whose WebGL is SwiftShader's."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML as a file, in a window of a size; it has unpacked itself by then. `before` is a
    script that runs before the page's. A script that throws, and what a policy refuses, fails the
    test.
    """
    wrong: list[str] = []
    contexts = []

    def open_(
        html: str, size: tuple[int, int] = (320, 240), before: str = "", **options: Any
    ) -> Page:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_init_script(before)
        opened = context.new_page()
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        opened.goto(path.as_uri())
        opened.evaluate(UNPACKED)
        return opened

    yield open_
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def open_modules(open_page: Open) -> Modules:
    """Opens an empty page with modules of browser/, of which all names are in reach of
    `evaluate`.
    """

    def open_(*names: str, data: Any = None) -> Page:
        text = script(*names).removeprefix('"use strict";\n')
        # So that it can be waited for: that needs `eval`, which the page's policy refuses.
        return open_page(page(Text("test"), "", "", text, data or {}), bypass_csp=True)

    return open_
