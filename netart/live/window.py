"""glfw's window: its events become the pilot's, its context is what the pilot draws in.

The only module that imports glfw.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any

from netart.errors import MACHINE, NetartError
from netart.evaluate.backend import opened
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.live.history import History
from netart.live.keys import ROWS, find_key
from netart.live.pilot import Pilot, Wishes
from netart.live.session import Session
from netart.pixels import Size

SIZE = 1280, 720
IDLE_S = 1.0  # the longest sleep: so soon an interrupt from the terminal is heard
WITHOUT = "`netart render` works without a window"

NAMED = {
    "LEFT": "left",
    "RIGHT": "right",
    "UP": "up",
    "DOWN": "down",
    "SPACE": "space",
    "TAB": "tab",
    "ESCAPE": "escape",
    "F11": "f11",
}


class Current:
    """What moderngl asks of a context that somebody else has made."""

    def __init__(self, glfw: Any, handle: Any) -> None:
        self._glfw, self._handle = glfw, handle

    def load_opengl_function(self, name: str) -> int:
        return ctypes.cast(self._glfw.get_proc_address(name), ctypes.c_void_p).value or 0

    def __enter__(self) -> None:
        self._glfw.make_context_current(self._handle)

    def __exit__(self, *exception: object) -> None:
        pass

    def release(self) -> None:
        pass


class Window:
    """A window, its evaluator and its pilot. size: of the picture in pixels, None for the usual.

    Raises NetartError where there is no display, no glfw or no OpenGL 3.3.
    """

    def __init__(self, history: History, size: Size | None, wishes: Wishes) -> None:
        self._events: deque[Callable[[], None]] = deque()
        self._pointer = 0.0, 0.0  # in the window's own units
        self._dragged: tuple[float, float] | None = None  # where the pointer was
        self._begins = False
        self._digit, self._shift, self._repeated = "", False, False
        self._windowed: tuple[int, int, int, int] | None = None
        with ExitStack() as stack:
            glfw, said = stack.enter_context(_glfw())
            self._glfw = glfw
            self._handle = _made(glfw, size, said)
            stack.callback(glfw.destroy_window, self._handle)
            glfw.make_context_current(self._handle)
            context = _context(Current(glfw, self._handle))
            stack.callback(context.release)
            evaluator = stack.enter_context(_evaluator(context, wishes.backend))
            # numpy's threads need not wait for the display.
            glfw.swap_interval(int(evaluator.name == "gpu"))
            target = context.screen
            self.pilot = Pilot(history, wishes, self, context, target, evaluator, self._pixels)
            stack.callback(self.pilot.close)
            self.pilot.rescale(glfw.get_window_content_scale(self._handle)[0])
            self._listen()
            self._stack = stack.pop_all()

    def run(self) -> None:
        """Until the window is closed, and what was being saved is written."""
        with self._stack, _signals(self._later):
            while not self._glfw.window_should_close(self._handle):
                self.turn()
            self._glfw.hide_window(self._handle)
            self.pilot.leave()
            while self.pilot.writing:
                self._pass(hidden=True)

    def turn(self) -> None:
        """Events, then a slice of drawing; sleeps where there is neither."""
        self._pass(bool(self._glfw.get_window_attrib(self._handle, self._glfw.ICONIFIED)))

    def _pass(self, hidden: bool) -> None:
        rest_s = min(IDLE_S, self.pilot.rest_s(hidden))
        if rest_s > 0:
            self._glfw.wait_events_timeout(rest_s)
        else:
            self._glfw.poll_events()
        while self._events:
            try:
                self._events.popleft()()
            except NetartError as error:
                self.pilot.say(str(error))
        self.pilot.step(hidden)

    @property
    def session(self) -> Session:
        """What is worth remembering."""
        history = self.pilot.history
        size = self._windowed[2:] if self._windowed else self.pilot.size
        return Session(history.shot, history.favourites, size)

    # What the pilot asks for.

    def copy(self, text: str) -> None:
        self._glfw.set_clipboard_string(self._handle, text)

    def entitle(self, text: str) -> None:
        self._glfw.set_window_title(self._handle, text)

    def full_screen(self) -> None:
        """To the monitor that the window is on most, and back."""
        glfw, handle = self._glfw, self._handle
        if self._windowed:
            glfw.set_window_monitor(handle, None, *self._windowed, glfw.DONT_CARE)
            self._windowed = None
            return
        left, top = glfw.get_window_pos(handle)
        width, height = glfw.get_window_size(handle)
        self._windowed = left, top, width, height

        def shared(monitor: Any) -> int:
            x, y = glfw.get_monitor_pos(monitor)
            size = glfw.get_video_mode(monitor).size
            wide = min(left + width, x + size.width) - max(left, x)
            high = min(top + height, y + size.height) - max(top, y)
            return int(max(0, wide) * max(0, high))

        monitor = max(glfw.get_monitors(), key=shared)
        mode = glfw.get_video_mode(monitor)
        area = 0, 0, mode.size.width, mode.size.height
        glfw.set_window_monitor(handle, monitor, *area, mode.refresh_rate)

    def leave(self) -> None:
        self._glfw.set_window_should_close(self._handle, True)

    def swap(self) -> None:
        self._glfw.swap_buffers(self._handle)

    def wake(self) -> None:
        self._glfw.post_empty_event()

    # What hands do, in glfw's words. Callbacks only note it: they run inside of glfw's C.

    def _listen(self) -> None:
        glfw, handle = self._glfw, self._handle
        glfw.set_key_callback(handle, self._key)
        glfw.set_char_callback(handle, self._char)
        glfw.set_scroll_callback(handle, self._scroll)
        glfw.set_mouse_button_callback(handle, self._button)
        glfw.set_cursor_pos_callback(handle, self._moved)
        glfw.set_drop_callback(handle, self._dropped)
        glfw.set_framebuffer_size_callback(handle, self._resized)
        glfw.set_window_content_scale_callback(handle, self._rescaled)
        glfw.set_window_refresh_callback(handle, lambda window: self._later(self.pilot.expose))

    def _later(self, event: Callable[[], None]) -> None:
        self._events.append(event)

    def _hand(self, event: Callable[[], None]) -> None:
        """An event that wants an answer."""
        self.pilot.asked()
        self._later(event)

    def _key(self, window: Any, key: int, scancode: int, action: int, mods: int) -> None:
        glfw = self._glfw
        if action == glfw.RELEASE:
            return
        self._shift, self._repeated = bool(mods & glfw.MOD_SHIFT), action == glfw.REPEAT
        self._digit = str(key - glfw.KEY_0) if glfw.KEY_0 <= key <= glfw.KEY_9 else ""
        name = next(
            (name for code, name in NAMED.items() if key == getattr(glfw, f"KEY_{code}")), ""
        )
        if name:
            self._press(f"shift+{name}" if self._shift else name)
        elif mods & glfw.MOD_CONTROL:
            letter = glfw.get_key_name(key, scancode) or ""
            self._press(f"ctrl+{letter.upper() if self._shift else letter.lower()}")

    def _char(self, window: Any, code: int) -> None:
        self._press(find_key(chr(code), self._digit, self._shift))

    def _press(self, key: str) -> None:
        if key in ROWS:
            self._hand(partial(self.pilot.press, key, self._repeated))

    def _scroll(self, window: Any, right: float, up: float) -> None:
        if up:
            self._hand(partial(self.pilot.wheel, up))

    def _button(self, window: Any, button: int, action: int, mods: int) -> None:
        if button == self._glfw.MOUSE_BUTTON_LEFT:
            self._dragged = self._pointer if action == self._glfw.PRESS else None
            self._begins = True

    def _moved(self, window: Any, x: float, y: float) -> None:
        self._pointer = x, y
        across, down = self._ratio
        self._later(partial(self.pilot.point, x * across, y * down))
        if self._dragged:
            moved = (x - self._dragged[0]) * across, (y - self._dragged[1]) * down
            self._dragged = x, y
            self._hand(partial(self.pilot.drag, *moved, self._begins))
            self._begins = False

    def _dropped(self, window: Any, paths: list[str]) -> None:
        self._hand(partial(self.pilot.drop, paths[0]))

    def _resized(self, window: Any, width: int, height: int) -> None:
        if width and height:
            self._hand(partial(self.pilot.resize, (width, height)))

    def _rescaled(self, window: Any, across: float, down: float) -> None:
        self._later(partial(self.pilot.rescale, across))

    @property
    def _pixels(self) -> Size:
        """Of the picture: a window's own units may be larger."""
        width, height = self._glfw.get_framebuffer_size(self._handle)
        return width, height

    @property
    def _ratio(self) -> tuple[float, float]:
        """Pixels in a unit of the window, across and down."""
        units = self._glfw.get_window_size(self._handle)
        across, down = (n / max(1, unit) for n, unit in zip(self._pixels, units, strict=True))
        return across, down


@contextmanager
def _signals(later: Callable[[Callable[[], None]], None]) -> Iterator[None]:
    """Interrupts become events: an exception raised inside of glfw's callbacks would be lost."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number, handler in handlers.items():
        signal.signal(number, lambda *call, handler=handler: later(partial(handler, *call)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextmanager
def _glfw() -> Iterator[tuple[Any, deque[str]]]:
    """glfw, ready, and what it says is wrong. Raises NetartError where there is none."""
    try:
        import glfw
    except ImportError as error:
        raise NetartError(f"live: no glfw: {error}: pip install glfw; {WITHOUT}", MACHINE) from None
    said: deque[str] = deque(maxlen=4)
    glfw.set_error_callback(lambda code, text: said.append(os.fsdecode(text)))
    if not glfw.init():
        raise NetartError(f"live: no display: {_why(said)}; {WITHOUT}", MACHINE)
    try:
        yield glfw, said
    finally:
        glfw.terminate()


def _made(glfw: Any, size: Size | None, said: deque[str]) -> Any:
    """A window whose picture has this size in pixels, by default as large as its text is."""
    for hint, value in {
        glfw.CONTEXT_VERSION_MAJOR: 3,
        glfw.CONTEXT_VERSION_MINOR: 3,
        glfw.OPENGL_PROFILE: glfw.OPENGL_CORE_PROFILE,
        glfw.OPENGL_FORWARD_COMPAT: True,
        glfw.DEPTH_BITS: 0,
        glfw.STENCIL_BITS: 0,
        glfw.SCALE_TO_MONITOR: size is None,
    }.items():
        glfw.window_hint(hint, value)
    for hint in (glfw.X11_CLASS_NAME, glfw.X11_INSTANCE_NAME, glfw.WAYLAND_APP_ID):
        glfw.window_hint_string(hint, "netart")
    handle = glfw.create_window(*(size or SIZE), "netart", None, None)
    if not handle:
        raise NetartError(
            f"live: no OpenGL 3.3 for a window: {_why(said)}: install the driver of the graphics "
            f"card, or Mesa's (libgl1-mesa-dri); {WITHOUT}",
            MACHINE,
        )
    units, pixels = glfw.get_window_size(handle), glfw.get_framebuffer_size(handle)
    if size and pixels != units:  # units of the window are larger than pixels here
        across, down = (
            n * unit // pixel for n, unit, pixel in zip(size, units, pixels, strict=True)
        )
        glfw.set_window_size(handle, across, down)
    return handle


def _why(said: deque[str]) -> str:
    return " ".join(said[-1].split()) if said else "no reason is given"


def _context(current: Current) -> Any:
    """moderngl's view of the window's context. Raises NetartError."""
    import moderngl

    try:
        return moderngl.create_context(require=330, context=current)  # type: ignore[arg-type]
    except Exception as error:  # moderngl raises Exception itself
        raise NetartError(f"live: no OpenGL 3.3: {error}; {WITHOUT}", MACHINE) from error


@contextmanager
def _evaluator(context: Any, backend: str) -> Iterator[Evaluator]:
    """What draws: a real GPU in the window's own context if there is one, else numpy."""
    if backend in ("auto", "gpu"):
        with closing(Gpu(context)) as gpu:
            if backend == "gpu" or not gpu.software:
                yield gpu
                return
    with opened("cpu" if backend == "auto" else backend) as evaluator:
        yield evaluator
