"""The lessons of docs/teaching.md as HTML."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import NamedTuple

TEXT = Path(__file__).parent.parent / "teaching.md"

_LINK = re.compile(r"\[([^]]+)\]\(\.\./presets/\w+/([\w-]+)\.toml\)")
_CODE = re.compile(r"`([^`]+)`")


class Lesson(NamedTuple):
    """A lesson: a heading and what stands under it."""

    title: str
    paragraphs: tuple[str, ...]  # as Markdown

    @property
    def slug(self) -> str:
        """What the lesson's page is called."""
        return f"lesson-{self.title.lower()}"

    @property
    def presets(self) -> list[str]:
        """The presets that it names, in their order."""
        return list(dict.fromkeys(name for _, name in _LINK.findall(" ".join(self.paragraphs))))


def lessons() -> list[Lesson]:
    """All lessons, in their order."""
    _, *parts = TEXT.read_text(encoding="utf-8").split("\n## ")
    found = []
    for part in parts:
        title, text = part.split("\n", 1)
        found.append(Lesson(title, tuple(" ".join(p.split()) for p in text.strip().split("\n\n"))))
    return found


def to_html(paragraph: str) -> str:
    """A paragraph of Markdown, whose presets become their pages."""
    text = _LINK.sub(r'<a href="\2.html">\1</a>', escape(paragraph))
    text = _CODE.sub(r"<code>\1</code>", text)
    return f"<p>{text}</p>"
