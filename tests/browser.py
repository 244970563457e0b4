"""How the browser of the tests is started, and what its fixtures are."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

# Nothing of it asks the network for anything.
ARGUMENTS = [
    "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Waits until a page has unpacked itself, if it does.
UNPACKED = "typeof unpacked === 'undefined' || unpacked"
MESA = ["--use-gl=angle", "--use-angle=gl-egl", "--ignore-gpu-blocklist"]

Open = Callable[..., Page]
Modules = Callable[..., Page]
