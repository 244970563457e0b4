"""What is new begins with: so that defaults, which old files rely on, never change."""

from __future__ import annotations

# Fields with their texts, where nothing else is said: of a new network, and of a new picture.
FRESH_NETWORK = {"sampler": "2"}
FRESH = {"samples": "auto"}
