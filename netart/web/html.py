"""One HTML file that holds all that it needs: its text is escaped, and it loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from netart.web import bundle

# What would end a script, or what follows it, as JSON writes it too.
_PLAIN = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


class Text(NamedTuple):
    """What a page says of itself before any script has run."""

    title: str
    description: str = ""
    # The preview: a data URL of a picture.
    image: str = ""


def page(
    about: Text, style: str, body: str, script: str, data: Mapping[str, Any], inner: str = ""
) -> str:
    """The page. body: its markup. data: plain data, which the script finds as JSON in the element
    `data`. inner: a script that the other one may add to the page.

    Nothing but these scripts and this style is run or used, by its hash: the page loads nothing,
    from nowhere, and sends nothing.
    """
    hashes = [f"'sha256-{_digest(text)}'" for text in (script, inner) if text]
    policy = [f"script-src {' '.join(hashes)}", "img-src data: blob:"]
    body += f"""
<script type="application/json" id="data">{to_json(data)}</script>
<script>{script}</script>"""
    return document(about, style, body, policy)


def document(about: Text, style: str, body: str, policy: Sequence[str]) -> str:
    """A page of this markup and style. policy: what else may be used, as directives of a
    Content-Security-Policy that forbids all.
    """
    title, description = escape(about.title), escape(about.description)
    own = f"style-src 'sha256-{_digest(style)}'"
    rules = "; ".join(["default-src 'none'", *policy, own, "base-uri 'none'", "form-action 'none'"])
    image = f'<meta property="og:image" content="{about.image}">\n' if about.image else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{rules}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="netart">
<meta name="description" content="{description}">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
{image}<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


class Link(NamedTuple):
    """A link in the corner of a page, to another one."""

    # What it leads to: `prev`, `index`, `next` or `alternate`.
    relation: str
    # Relative: pages that stand together are moved together.
    address: str
    text: str
    # What it is called, in full.
    name: str


def add_links(html: str, links: Sequence[Link]) -> str:
    """A page with links to others in its corner."""
    anchors = "\n".join(
        f'<a rel="{link.relation}" href="{escape(link.address)}" aria-label="{escape(link.name)}"'
        f' title="{escape(link.name)}">{escape(link.text)}</a>'
        for link in links
    )
    own = bundle.style("links.css")
    nav = f'<style>{own}</style>\n<nav id="links" aria-label="Site">\n{anchors}\n</nav>\n'
    html = html.replace("style-src ", f"style-src 'sha256-{_digest(own)}' ", 1)
    return html.replace("<body>\n", f"<body>\n{nav}", 1)


def to_json(value: Any) -> str:
    """Plain data as JSON that may stand between tags."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_PLAIN)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
