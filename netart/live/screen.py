"""What the window shows: layers of the picture, each put where the view has moved it, and panels.

Any GL context will do; its host makes it current and swaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate import glsl
from netart.live.passes import Patch, pass_size
from netart.live.transition import differs_only_in_view, view_transform
from netart.pixels import Size, Window
from netart.shot.shot import Shot

Affine = NDArray[np.float64]  # (2, 3)

BACKGROUND = (0.08, 0.08, 0.09)
SHARP = 1.5  # what covers fewer pixels of the screen with one of its own need not be hurried
MOST_PARTIAL = 2  # layers of abandoned pictures that were not reached whole


class Panel(NamedTuple):
    """pixels: (height, width, 4) uint8, colours premultiplied; left, top: where in the window."""

    pixels: NDArray[np.uint8]
    left: int
    top: int


@dataclass(eq=False)
class Layer:
    """A pass of a picture. shot and size: the picture's; factor: the pass's.

    whole: nothing is missing; moves: it is the shot on screen, seen from elsewhere.
    """

    shot: Shot
    size: Size
    factor: int
    texture: Any
    whole: bool = False
    moves: bool = True

    def coarseness(self, shot: Shot, size: Size) -> float:
        """How many pixels of this picture a pixel of the layer covers, across and down."""
        own = self.factor * self.shot.view.radius / min(self.size)
        return own * min(size) / shot.view.radius

    def place(self, shot: Shot, size: Size) -> Affine:
        """From pixels (x, y, 1) of this picture, y upwards, to the layer's (s, t), row 0 on top."""
        if not self.moves:
            shot, size = self.shot, self.size
        width, height = size
        pixel = np.array([[2, 0, -width], [0, 2, -height], [0, 0, min(size)]]) / min(size)
        wide, high = pass_size(self.size, self.factor)
        shorter = min(wide, high)
        texel = np.array([[shorter / wide, 0, 1], [0, -shorter / high, 1]]) / 2
        whole = np.vstack([view_transform(shot, self.shot) @ pixel, [0, 0, 1]])
        return np.asarray(texel @ whole)

    def covers(self, windows: Sequence[Window], shot: Shot, size: Size) -> NDArray[np.bool_]:
        """Which windows of this picture lie within the layer, (N,)."""
        left, top, wide, high = np.array(windows, float).T
        xs, ys = (left + 0.5, left + wide - 0.5), (size[1] - top - 0.5, size[1] - top - high + 0.5)
        corners = np.array([(x, y, np.ones_like(x)) for x, y in product(xs, ys)])
        places = self.place(shot, size) @ corners  # (4, 2, N)
        return np.asarray(((places >= 0) & (places <= 1)).all(axis=(0, 1)))


class Screen:
    """Textures of a context, and the one program that shows them on a target: a framebuffer of
    it, at least as large as the picture.
    """

    def __init__(self, context: Any, target: Any, shot: Shot, size: Size) -> None:
        self.context, self._target = context, target
        self._program = context.program(
            vertex_shader=glsl.join("desktop.glsl", "whole.vert.glsl"),
            fragment_shader=glsl.join("desktop.glsl", "layer.frag.glsl"),
        )
        self._vertices = context.vertex_array(self._program, [])
        self._shot, self._size = shot, size
        self._layers: list[Layer] = []  # what is on screen, older ones first
        self._begun: dict[int, Layer] = {}  # those of the picture in the making, by factor
        self._panels: dict[str, tuple[Panel, Any]] = {}

    def begin(self, shot: Shot, size: Size) -> None:
        """Another picture takes the place of the one on screen, which stays until a pass of the
        new one is whole: moved along, where the new one shows the same from elsewhere.
        """
        moves = differs_only_in_view(shot, self._shot)
        self._shot, self._size, self._begun = shot, size, {}
        for layer in self._layers:
            layer.moves &= moves
        whole = [layer for layer in self._layers if layer.whole]
        partial = [layer for layer in self._layers if not layer.whole and layer.factor == 1]
        finest = min(whole, key=self._coarseness, default=None)
        self._keep({finest, *partial[-MOST_PARTIAL:]})

    def put(self, patch: Patch) -> None:
        """Shows a part of the picture that has begun."""
        layer = self._begun.get(patch.factor) or self._made(patch.factor)
        left, top, width, height = patch.window
        texels = np.full((height, width, 4), 255, np.uint8)
        texels[..., :3] = patch.pixels
        layer.texture.write(texels, viewport=(left, top, width, height))
        if patch.last:
            layer.whole = True
            bound = self._coarseness(layer) if patch.factor > 1 else 0.0  # nothing hides the exact
            finer = {x for x in self._layers if x.moves and self._coarseness(x) < bound}
            self._keep({layer, *finer})

    def _made(self, factor: int) -> Layer:
        size = pass_size(self._size, factor)
        texture = self.context.texture(size, 4, bytes(4 * size[0] * size[1]))
        texture.repeat_x = texture.repeat_y = False
        layer = self._begun[factor] = Layer(self._shot, self._size, factor, texture)
        self._layers.append(layer)
        return layer

    def _keep(self, kept: set[Layer | None]) -> None:
        for layer in self._layers:
            if layer not in kept:
                layer.texture.release()
        self._layers = [layer for layer in self._layers if layer in kept]

    def _coarseness(self, layer: Layer) -> float:
        return layer.coarseness(self._shot, self._size)

    def there(self) -> float:
        """How many pixels one pixel of what covers the whole picture covers, infinite where
        nothing does.
        """
        whole = [Window.whole(self._size)]
        shown = (layer for layer in self._layers if self._shown(layer, whole).all())
        return min(map(self._coarseness, shown), default=inf)

    def sharp(self, windows: Sequence[Window]) -> NDArray[np.bool_]:
        """Of which windows of the picture something sharp is there, (N,)."""
        found = np.zeros(len(windows), bool)
        for layer in self._layers:
            if self._coarseness(layer) < SHARP:
                found |= self._shown(layer, windows)
        return found

    def _shown(self, layer: Layer, windows: Sequence[Window]) -> NDArray[np.bool_]:
        whole = layer.moves and layer.whole
        return layer.covers(windows, self._shot, self._size) & whole

    def draw(self, panels: Mapping[str, Panel]) -> None:
        """Draws all layers, the finest on top, and the panels, by their names; does not swap."""
        context, (width, height) = self.context, self._size
        self._target.use()
        context.viewport = (0, 0, width, height)
        context.clear(*BACKGROUND)
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        # Parts of a picture are shown over the same picture, not over another one.
        parts = self.there() < inf
        layers = (layer for layer in self._layers if layer.whole or parts or not layer.moves)
        for layer in sorted(layers, key=lambda x: (x.moves, -self._coarseness(x))):
            exact = layer is self._begun.get(1)
            smooth = context.NEAREST if exact else context.LINEAR
            layer.texture.filter = smooth, smooth
            self._draw(layer.texture, layer.place(self._shot, self._size))
        for name, panel in panels.items():
            high, wide, _ = panel.pixels.shape
            below = height - panel.top - high
            context.viewport = (panel.left, below, wide, high)
            place = np.array([[1 / wide, 0, -panel.left / wide], [0, -1 / high, 1 + below / high]])
            self._draw(self._panel(name, panel), place)
        for name in self._panels.keys() - panels.keys():
            self._panels.pop(name)[1].release()
        context.disable(context.BLEND)

    def _draw(self, texture: Any, place: Affine) -> None:
        for name, row in zip(("u_across", "u_down"), place.tolist(), strict=True):
            self._program[name] = tuple(row)
        texture.use(0)
        self._vertices.render(vertices=3)

    def _panel(self, name: str, panel: Panel) -> Any:
        kept = self._panels.get(name)
        if kept is None or kept[0].pixels is not panel.pixels:
            if kept:
                kept[1].release()
            high, wide, _ = panel.pixels.shape
            texture = self.context.texture((wide, high), 4, panel.pixels.tobytes())
            texture.filter = self.context.NEAREST, self.context.NEAREST
            self._panels[name] = panel, texture
        return self._panels[name][1]

    def close(self) -> None:
        self._keep(set())
        for _, texture in self._panels.values():
            texture.release()
        self._vertices.release()
        self._program.release()
