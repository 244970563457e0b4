"""What pages lead to, and which of it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path


class Links(HTMLParser):
    """What a page leads to and shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.titles: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "srcset")]

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.titles.append(data)
            self._in_title = False


def read(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


def broken(folder: Path) -> Iterator[str]:
    """The links of a folder's pages that lead nowhere, or out of it."""
    for page in folder.glob("*.html"):
        for link in read(page).found:
            file, _, anchor = link.partition("#")
            is_state = "=" in anchor  # which the page's script reads
            if file.startswith("data:") or (
                not file and (is_state or f'id="{anchor}"' in page.read_text())
            ):
                continue
            if ":" in file or file.startswith("/") or not (folder / file).is_file():
                yield f"{page.name}: {link}"
