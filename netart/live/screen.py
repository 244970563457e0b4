"""What the window shows: layers of the picture, each moved to where the view has moved it, with
panels of text over them.

Any GL context will do; its host makes it current and swaps the buffers. Places are mapped by affine
matrices (2, 3), each applied to a column (x, y, 1); one after another, from right to left:

    window's pixel (x, y), y upwards  →  (u, v) of the picture on screen  →  (u, v) of the layer's
    picture, where the same point of the plane lies  →  its texture's (s, t), row 0 on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.shader_files import DESKTOP, join
from netart.live.passes import Patch, pass_size
from netart.live.transition import differs_only_in_view, view_transform
from netart.pixels import Size, Window
from netart.shot.shot import Shot

Affine = NDArray[np.float64]  # (2, 3)

BACKGROUND = (0.08, 0.08, 0.09)
SHARP_FOOTPRINT = 1.5  # pixels of the screen under a texel, below which its refinement can wait
MAX_PARTIAL = 2  # layers of abandoned pictures that are kept though they are incomplete


class Panel(NamedTuple):
    """A rectangle of text over the picture."""

    pixels: NDArray[np.uint8]  # (height, width, 4), colours premultiplied
    left: int  # of its first pixel in the window
    top: int


@dataclass(eq=False)
class ImageLayer:
    """A texture that holds a pass of a picture."""

    shot: Shot  # of the picture
    size: Size  # of the picture, in pixels
    factor: int  # of the pass
    texture: Any
    complete: bool = False  # no part of the pass is missing
    moves: bool = True  # with the view: the shot on screen differs from its own only in the view

    def footprint(self, shot: Shot, size: Size) -> float:
        """How many pixels of this picture one texel of the layer covers, across and down."""
        texel = self.factor * self.shot.view.radius / min(self.size)  # half of it, in input units
        return texel * min(size) / shot.view.radius

    def texture_transform(self, shot: Shot, size: Size) -> Affine:
        """(2, 3): maps pixels (x, y, 1) of this picture, y upwards, to the layer's (s, t)."""
        if not self.moves:
            shot, size = self.shot, self.size
        width, height = size
        # (x, y, 1) → (u, v, 1) of this picture, whose shorter side goes from −1 to 1.
        to_view = np.array([[2, 0, -width], [0, 2, -height], [0, 0, min(size)]]) / min(size)
        # (u, v, 1) of this picture → (u, v, 1) of the layer's.
        to_own_view = np.vstack([view_transform(shot, self.shot), [0, 0, 1]])
        # (u, v, 1) of the layer's picture → (s, t): a pass may be a pixel longer than the picture,
        # but both have the same middle and the same shorter side.
        wide, high = pass_size(self.size, self.factor)
        shorter = min(wide, high)
        to_texture = np.array([[shorter / wide, 0, 1], [0, -shorter / high, 1]]) / 2
        return np.asarray(to_texture @ (to_own_view @ to_view))

    def covers(self, windows: Sequence[Window], shot: Shot, size: Size) -> NDArray[np.bool_]:
        """(N,): which windows of this picture lie within the layer."""
        left, top, wide, high = np.array(windows, float).T
        xs, ys = (left + 0.5, left + wide - 0.5), (size[1] - top - 0.5, size[1] - top - high + 0.5)
        corners = np.array([(x, y, np.ones_like(x)) for x, y in product(xs, ys)])
        places = self.texture_transform(shot, size) @ corners  # (4, 2, N)
        return np.asarray(((places >= 0) & (places <= 1)).all(axis=(0, 1)))


class Screen:
    """The textures on screen, and the program that draws them on a target: a framebuffer of the
    context, at least as large as the picture.
    """

    def __init__(self, context: Any, target: Any, shot: Shot, size: Size) -> None:
        self.context, self._target = context, target
        self._program = context.program(
            vertex_shader=join(DESKTOP, "whole.vert.glsl"),
            fragment_shader=join(DESKTOP, "layer.frag.glsl"),
        )
        self._vertices = context.vertex_array(self._program, [])
        self._shot, self._size = shot, size  # of the picture that is displayed or being drawn
        self._layers: list[ImageLayer] = []  # on screen, older ones first
        self._current: dict[int, ImageLayer] = {}  # those of the picture being drawn, by factor
        self._panels: dict[str, tuple[Panel, Any]] = {}  # and their textures, by name

    def begin(self, shot: Shot, size: Size) -> None:
        """Another picture is going to be drawn. The one on screen stays until a pass of the new one
        is complete; it moves with the view if the new one differs only in that.
        """
        moves = differs_only_in_view(shot, self._shot)
        self._shot, self._size, self._current = shot, size, {}
        for layer in self._layers:
            layer.moves &= moves
        complete = [layer for layer in self._layers if layer.complete]
        partial = [layer for layer in self._layers if not layer.complete and layer.factor == 1]
        finest = min(complete, key=self._footprint, default=None)
        self._keep({finest, *partial[-MAX_PARTIAL:]})

    def add(self, patch: Patch) -> None:
        """Puts a part of the picture that has begun into the texture of its pass."""
        layer = self._current.get(patch.factor) or self._add_layer(patch.factor)
        left, top, width, height = patch.window
        texels = np.full((height, width, 4), 255, np.uint8)
        texels[..., :3] = patch.pixels
        layer.texture.write(texels, viewport=(left, top, width, height))
        if patch.last:
            layer.complete = True
            # A complete pass replaces all layers that are not finer; the exact one replaces all.
            bound = self._footprint(layer) if patch.factor > 1 else 0.0
            finer = {x for x in self._layers if x.moves and self._footprint(x) < bound}
            self._keep({layer, *finer})

    def _add_layer(self, factor: int) -> ImageLayer:
        size = pass_size(self._size, factor)
        texture = self.context.texture(size, 4, bytes(4 * size[0] * size[1]))
        texture.repeat_x = texture.repeat_y = False
        layer = self._current[factor] = ImageLayer(self._shot, self._size, factor, texture)
        self._layers.append(layer)
        return layer

    def _keep(self, kept: set[ImageLayer | None]) -> None:
        for layer in self._layers:
            if layer not in kept:
                layer.texture.release()
        self._layers = [layer for layer in self._layers if layer in kept]

    def _footprint(self, layer: ImageLayer) -> float:
        return layer.footprint(self._shot, self._size)

    def shown_footprint(self) -> float:
        """How many pixels of the picture one displayed texel covers, infinite where no layer covers
        the whole picture.
        """
        picture = [Window.whole(self._size)]
        shown = (layer for layer in self._layers if self._displays(layer, picture).all())
        return min(map(self._footprint, shown), default=inf)

    def is_sharp(self, windows: Sequence[Window]) -> NDArray[np.bool_]:
        """(N,): which windows of the picture are displayed at about full resolution already."""
        found = np.zeros(len(windows), bool)
        for layer in self._layers:
            if self._footprint(layer) < SHARP_FOOTPRINT:
                found |= self._displays(layer, windows)
        return found

    def _displays(self, layer: ImageLayer, windows: Sequence[Window]) -> NDArray[np.bool_]:
        """(N,): which windows of this very picture the layer shows completely."""
        return layer.covers(windows, self._shot, self._size) & (layer.moves and layer.complete)

    def draw(self, panels: Mapping[str, Panel]) -> None:
        """Draws all layers, the finest on top, and the panels, by their names; does not swap."""
        context, (width, height) = self.context, self._size
        self._target.use()
        context.viewport = (0, 0, width, height)
        context.clear(*BACKGROUND)
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        # Incomplete layers are shown over the same picture, not over another one.
        partial = self.shown_footprint() < inf
        layers = (x for x in self._layers if x.complete or partial or not x.moves)
        for layer in sorted(layers, key=lambda x: (x.moves, -self._footprint(x))):
            exact = layer is self._current.get(1)
            smooth = context.NEAREST if exact else context.LINEAR
            layer.texture.filter = smooth, smooth
            self._draw(layer.texture, layer.texture_transform(self._shot, self._size))
        for name, panel in panels.items():
            high, wide, _ = panel.pixels.shape
            below = height - panel.top - high
            context.viewport = (panel.left, below, wide, high)
            # (x, y, 1) of the window, y upwards → (s, t), row 0 on top.
            transform = np.array(
                [[1 / wide, 0, -panel.left / wide], [0, -1 / high, 1 + below / high]]
            )
            self._draw(self._panel_texture(name, panel), transform)
        for name in self._panels.keys() - panels.keys():
            self._panels.pop(name)[1].release()
        context.disable(context.BLEND)

    def _draw(self, texture: Any, transform: Affine) -> None:
        for name, row in zip(("u_across", "u_down"), transform.tolist(), strict=True):
            self._program[name] = tuple(row)
        texture.use(0)
        self._vertices.render(vertices=3)

    def _panel_texture(self, name: str, panel: Panel) -> Any:
        """The texture of the panel with this name; made anew where its pixels are others."""
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
