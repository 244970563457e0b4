"""The window, made by glfw: its events go to the controller, its context is what is drawn in.

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
from netart.evaluate.backend import AUTO, BACKENDS, open_evaluator
from netart.evaluate.gl import VERSIONS
from netart.evaluate.gpu import Gpu
from netart.evaluate.request import Evaluator
from netart.live.history import History
from netart.live.keys import ROWS, find_key
from netart.live.session import Session
from netart.live.settings import Settings
from netart.live.viewer import Viewer
from netart.pixels import Size

SIZE = 1280, 720
MAX_SLEEP_S = 1.0  # after which an interrupt from the terminal is noticed at the latest
WITHOUT = "stills and films need no window"

# glfw's name of a key that types nothing → its name in the table of keys.
NAMED = {
    "LEFT": "left",
    "RIGHT": "right",
    "UP": "up",
    "DOWN": "down",
    "SPACE": "space",
    "TAB": "tab",
    "ESCAPE": "escape",
    "F11": "f11",
    "HOME": "home",
    "END": "end",
    "PAGE_UP": "pageup",
    "PAGE_DOWN": "pagedown",
}


class WindowContext:
    """The window's GL context, as moderngl asks for one that it has not made itself."""

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


class LiveWindow:
    """A window with a viewer in it. size: of the picture in pixels, None for the usual one.

    Raises NetartError where there is no display, no glfw or no OpenGL 3.3.
    """

    def __init__(self, history: History, size: Size | None, settings: Settings) -> None:
        self._events: deque[Callable[[], None]] = deque()  # that are still to be handled
        self._pointer = 0.0, 0.0  # in the window's own units
        self._dragged: tuple[float, float] | None = None  # where the pointer was in a drag
        self._drag_begins, self._drag_mods = False, 0
        # Of the last key that was pressed: its digit, if it has one, and how.
        self._digit, self._shift, self._repeated = "", False, False
        # Place and size before full screen, in the window's own units.
        self._windowed: tuple[int, int, int, int] | None = None
        with ExitStack() as stack:
            glfw, errors = stack.enter_context(_glfw())
            self._glfw = glfw
            self._handle = _create_window(glfw, size, errors)
            stack.callback(glfw.destroy_window, self._handle)
            glfw.make_context_current(self._handle)
            context = _context(WindowContext(glfw, self._handle))
            stack.callback(context.release)
            evaluator = stack.enter_context(_evaluator(context, settings.backend))
            # numpy's threads need not wait for the display.
            glfw.swap_interval(int(isinstance(evaluator, Gpu)))
            target = context.screen
            self.viewer = Viewer(history, settings, self, context, target, evaluator, self._pixels)
            stack.callback(self.viewer.close)
            self._controller = self.viewer.controller
            self._controller.on_scale(glfw.get_window_content_scale(self._handle)[0])
            self._controller.start()
            self._register_callbacks()
            self._stack = stack.pop_all()

    def run(self) -> None:
        """Until the window is closed, and what was being saved is written."""
        with self._stack, _signals_as_events(self._queue):
            while not self._glfw.window_should_close(self._handle):
                self.run_once()
            self._glfw.hide_window(self._handle)
            self.viewer.finish()
            while self.viewer.writing:
                self._run_once(hidden=True)

    def run_once(self) -> None:
        """Handles all events, then does a slice of drawing; sleeps where there is neither."""
        self._run_once(bool(self._glfw.get_window_attrib(self._handle, self._glfw.ICONIFIED)))

    def _run_once(self, hidden: bool) -> None:
        sleep_s = min(MAX_SLEEP_S, self.viewer.scheduler.rest_s(hidden))
        if sleep_s > 0:
            self._glfw.wait_events_timeout(sleep_s)
        else:
            self._glfw.poll_events()
        while self._events:
            try:
                self._events.popleft()()
            except NetartError as error:
                self._controller.say(str(error))
        self.viewer.scheduler.step(hidden)

    @property
    def session(self) -> Session:
        """What the next window goes on with."""
        history = self._controller.history
        size = self._windowed[2:] if self._windowed else self._controller.size
        return Session(history.shot, history.favourites, size)

    # What the viewer asks of its host.

    def set_clipboard(self, text: str) -> None:
        self._glfw.set_clipboard_string(self._handle, text)

    def set_title(self, text: str) -> None:
        self._glfw.set_window_title(self._handle, text)

    def toggle_full_screen(self) -> None:
        """To the monitor that the window is on most, and back."""
        glfw, handle = self._glfw, self._handle
        if self._windowed:
            glfw.set_window_monitor(handle, None, *self._windowed, glfw.DONT_CARE)
            self._windowed = None
            return
        left, top = glfw.get_window_pos(handle)
        width, height = glfw.get_window_size(handle)
        self._windowed = left, top, width, height

        def shared_area(monitor: Any) -> int:
            x, y = glfw.get_monitor_pos(monitor)
            size = glfw.get_video_mode(monitor).size
            wide = min(left + width, x + size.width) - max(left, x)
            high = min(top + height, y + size.height) - max(top, y)
            return int(max(0, wide) * max(0, high))

        monitor = max(glfw.get_monitors(), key=shared_area)
        mode = glfw.get_video_mode(monitor)
        area = 0, 0, mode.size.width, mode.size.height
        glfw.set_window_monitor(handle, monitor, *area, mode.refresh_rate)

    def request_close(self) -> None:
        self._glfw.set_window_should_close(self._handle, True)

    def swap_buffers(self) -> None:
        self._glfw.swap_buffers(self._handle)

    def wake(self) -> None:
        self._glfw.post_empty_event()

    # glfw's callbacks. They only queue events: an exception inside of glfw's C would be lost.

    def _register_callbacks(self) -> None:
        glfw, handle = self._glfw, self._handle
        glfw.set_key_callback(handle, self._on_key)
        glfw.set_char_callback(handle, self._on_char)
        glfw.set_scroll_callback(handle, self._on_scroll)
        glfw.set_mouse_button_callback(handle, self._on_button)
        glfw.set_cursor_pos_callback(handle, self._on_pointer)
        glfw.set_drop_callback(handle, self._on_drop)
        glfw.set_framebuffer_size_callback(handle, self._on_resize)
        glfw.set_window_content_scale_callback(handle, self._on_scale)
        glfw.set_window_refresh_callback(handle, self._on_expose)

    def _queue(self, event: Callable[[], None]) -> None:
        self._events.append(event)

    def _queue_input(self, event: Callable[[], None]) -> None:
        """Queues an event that is answered by a picture."""
        self.viewer.image.note_input()
        self._queue(event)

    def _on_key(self, window: Any, key: int, scancode: int, action: int, mods: int) -> None:
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

    def _on_char(self, window: Any, code: int) -> None:
        self._press(find_key(chr(code), self._digit, self._shift))

    def _press(self, key: str) -> None:
        if key in ROWS:
            self._queue_input(partial(self._controller.on_key, key, self._repeated))

    def _on_scroll(self, window: Any, right: float, up: float) -> None:
        if up:
            self._queue_input(partial(self._controller.on_scroll, up))

    def _on_button(self, window: Any, button: int, action: int, mods: int) -> None:
        if button == self._glfw.MOUSE_BUTTON_LEFT:
            self._dragged = self._pointer if action == self._glfw.PRESS else None
            self._drag_begins, self._drag_mods = True, mods
            if self._dragged and self._drags_light:
                self._drag_light()

    def _on_pointer(self, window: Any, x: float, y: float) -> None:
        self._pointer = x, y
        across, down = self._ratio
        self._queue(partial(self._controller.on_pointer, x * across, y * down))
        if self._dragged:
            moved = (x - self._dragged[0]) * across, (y - self._dragged[1]) * down
            self._dragged = x, y
            if self._drags_light:
                self._drag_light()
                return
            camera = self._drag_mods & self._glfw.MOD_SHIFT
            drag = self._controller.on_camera if camera else self._controller.on_drag
            self._queue_input(partial(drag, *moved, self._drag_begins))
            self._drag_begins = False

    @property
    def _drags_light(self) -> bool:
        return bool(self._drag_mods & self._glfw.MOD_CONTROL)

    def _drag_light(self) -> None:
        self._queue_input(partial(self._controller.on_light, self._drag_begins))
        self._drag_begins = False

    def _on_drop(self, window: Any, paths: list[str]) -> None:
        self._queue_input(partial(self._controller.on_drop, paths[0]))

    def _on_resize(self, window: Any, width: int, height: int) -> None:
        if width and height:
            self._queue_input(partial(self._controller.on_resize, (width, height)))

    def _on_scale(self, window: Any, across: float, down: float) -> None:
        self._queue(partial(self._controller.on_scale, across))

    def _on_expose(self, window: Any) -> None:
        self._queue(self._controller.on_expose)

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
def _signals_as_events(queue: Callable[[Callable[[], None]], None]) -> Iterator[None]:
    """Interrupts become events: an exception raised inside of glfw's callbacks would be lost."""
    ending = signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)
    handlers = {number: signal.getsignal(number) for number in ending}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number, handler in handlers.items():
        signal.signal(number, lambda *call, handler=handler: queue(partial(handler, call[0], None)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextmanager
def _glfw() -> Iterator[tuple[Any, deque[str]]]:
    """glfw, initialised, and its last error messages. Raises NetartError where there is none."""
    try:
        import glfw
    except ImportError as error:
        raise NetartError(f"live: no glfw: {error}: pip install glfw; {WITHOUT}", MACHINE) from None
    errors: deque[str] = deque(maxlen=4)
    glfw.set_error_callback(lambda code, text: errors.append(os.fsdecode(text)))
    if not glfw.init():
        raise NetartError(f"live: no display: {_reason(errors)}; {WITHOUT}", MACHINE)
    try:
        yield glfw, errors
    finally:
        glfw.terminate()


def _create_window(glfw: Any, size: Size | None, errors: deque[str]) -> Any:
    """A window whose picture has this size in pixels; the usual size grows with the text."""
    for hint, value in {
        glfw.OPENGL_PROFILE: glfw.OPENGL_CORE_PROFILE,
        glfw.OPENGL_FORWARD_COMPAT: True,
        glfw.DEPTH_BITS: 0,
        glfw.STENCIL_BITS: 0,
        glfw.SCALE_TO_MONITOR: size is None,
    }.items():
        glfw.window_hint(hint, value)
    for hint in (glfw.X11_CLASS_NAME, glfw.X11_INSTANCE_NAME, glfw.WAYLAND_APP_ID):
        glfw.window_hint_string(hint, "netart")
    for version in VERSIONS:
        major, minor = divmod(version // 10, 10)
        glfw.window_hint(glfw.CONTEXT_VERSION_MAJOR, major)
        glfw.window_hint(glfw.CONTEXT_VERSION_MINOR, minor)
        if handle := glfw.create_window(*(size or SIZE), "netart", None, None):
            break
    else:
        raise NetartError(
            f"live: no OpenGL 3.3 for a window: {_reason(errors)}: install the driver of the "
            f"graphics card, or Mesa's (libgl1-mesa-dri); {WITHOUT}",
            MACHINE,
        )
    units, pixels = glfw.get_window_size(handle), glfw.get_framebuffer_size(handle)
    if size and pixels != units:  # units of the window are larger than pixels here
        across, down = (
            n * unit // pixel for n, unit, pixel in zip(size, units, pixels, strict=True)
        )
        glfw.set_window_size(handle, across, down)
    return handle


def _reason(errors: deque[str]) -> str:
    return " ".join(errors[-1].split()) if errors else "no reason is given"


def _context(window: WindowContext) -> Any:
    """moderngl's context on the window's. Raises NetartError."""
    import moderngl

    try:
        return moderngl.create_context(require=330, context=window)  # type: ignore[arg-type]
    except Exception as error:  # moderngl raises Exception itself
        raise NetartError(f"live: no OpenGL 3.3: {error}; {WITHOUT}", MACHINE) from error


@contextmanager
def _evaluator(context: Any, backend: str) -> Iterator[Evaluator]:
    """What draws: a real GPU in the window's own context if there is one, else numpy."""
    stage = BACKENDS[backend].stage
    if stage is not None:
        with closing(Gpu(context, stage)) as gpu:
            if backend != AUTO or not gpu.software:
                yield gpu
                return
    with open_evaluator("cpu" if backend == AUTO else backend) as evaluator:
        yield evaluator
