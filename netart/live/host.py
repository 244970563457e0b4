"""What the viewer asks of the window that it is shown in, whichever library makes it."""

from __future__ import annotations

from typing import Protocol


class Host(Protocol):
    """A window of the desktop."""

    def set_clipboard(self, text: str) -> None: ...

    def set_title(self, text: str) -> None: ...

    def toggle_full_screen(self) -> None: ...

    def request_close(self) -> None:
        """The window closes once the current event has been handled."""

    def swap_buffers(self) -> None:
        """Puts on the display what has been drawn."""

    def wake(self) -> None:
        """Ends the wait for events; called from any thread."""
