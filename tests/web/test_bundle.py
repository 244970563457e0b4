"""One script of several modules."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from netart.web.bundle import BROWSER, joined, shorten

# A top-level name of a script: of a function, a class, or the first of a declaration.
NAME = re.compile(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("entry", sorted(path.name for path in BROWSER.glob("*.js")))
def test_modules_of_a_script_have_different_names(entry: str) -> None:
    """A second function of one name would silently take the first one's place."""
    counts = Counter(NAME.findall(joined(entry)))
    assert [name for name, count in counts.items() if count > 1] == []


def test_texts_that_look_like_comments_stay() -> None:
    code = """// one
    f("a; // b"); // two
    const url = "http://c"; // it's three
"""
    assert (
        shorten(code)
        == """f("a; // b");
const url = "http://c"; // it's three
"""
    )
