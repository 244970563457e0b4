"""The two kinds of shaders that draw: what they keep units in, and how they are run.

Both offer the same, so that a network is drawn by either in the same steps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from netart.evaluate.dialects import (
    COLUMN_GROUP,
    COMPUTE,
    FRAGMENT,
    PIXEL_GROUP,
    PRODUCT_TILE,
    PRODUCTS,
    Dialect,
)
from netart.evaluate.gl import Device
from netart.evaluate.glsl import TEXTURE_WIDTH
from netart.evaluate.request import Head
from netart.evaluate.weights import pack
from netart.net.network import Network
from netart.pixels import Pixels, Size

MAX_SIDE = 2048  # of a texture of units, in texels
MAX_TEXELS = 1 << 22  # of a texture of units: 64 MiB
MAX_STATE = 1 << 28  # bytes of a buffer of units: enough pixels for all processors of a card


class Pass(NamedTuple):
    """A shader with what it reads."""

    shader: str
    numbers: Mapping[str, Any]  # uniforms by their names in shaders/
    reads: Mapping[str, Any]  # textures and buffers by their names there
    add: bool = False  # to what there is, instead of replacing it


class Stage(ABC):
    """A kind of shader on a device.

    A state holds the units of a layer: columns for pixels, a row for each quad of units.
    Pixels hold what the samples add up to. Both are kept by the device, states by their names.
    """

    dialect: Dialect
    about: str  # what draws, in a few words
    computes = False  # whether it needs compute shaders

    def __init__(self, device: Device) -> None:
        self.device = device
        if device.software:
            self.dialect = self.dialect._replace(lanes=self.dialect.software_lanes)

    @abstractmethod
    def weights(self, network: Network, heads: tuple[Head, ...]) -> Any:
        """All weights, to be read."""

    @abstractmethod
    def max_columns(self, quads: int) -> int:
        """The most columns of a state of so many quads."""

    @abstractmethod
    def pad(self, columns: int) -> int:
        """The columns that so many pixels take in a state."""

    @abstractmethod
    def state(self, name: str, columns: int, quads: int) -> Any: ...

    @abstractmethod
    def units(self, state: Any) -> Any:
        """What a state holds, to be read."""

    @abstractmethod
    def make_units(
        self, each: Pass, state: Any, columns: int, quads: int, tiled: bool = False
    ) -> None:
        """Makes a state. tiled: the shader is the dialect's product, which makes many quads
        together.
        """

    @abstractmethod
    def pixels(self, size: Size, lanes: int) -> Any:
        """Pixels of that size, lanes of them to an invocation."""

    @abstractmethod
    def sums(self, pixels: Any) -> list[Any]:
        """What pixels hold, to be read: pixel x of a row is in texture x % N, column x // N."""

    @abstractmethod
    def draw_pixels(self, each: Pass, pixels: Any, size: Size, lanes: int) -> None:
        """Draws a sample of each pixel."""


class FragmentStage(Stage):
    """Fragment shaders, which draw into textures."""

    dialect = FRAGMENT
    about = "fragment shaders"

    def weights(self, network: Network, heads: tuple[Head, ...]) -> Any:
        def texels() -> Pixels:
            stream = pack(network, heads)
            rows = np.zeros((-(-len(stream) // TEXTURE_WIDTH), TEXTURE_WIDTH, 4), np.float32)
            rows.reshape(-1, 4)[: len(stream)] = stream
            return rows

        return self.device.texture("weights", (network, heads), texels)

    def max_columns(self, quads: int) -> int:
        return min(MAX_SIDE, MAX_TEXELS // quads)

    def pad(self, columns: int) -> int:
        return columns

    def state(self, name: str, columns: int, quads: int) -> Any:
        return self.device.target(name, (columns, quads))

    def units(self, state: Any) -> Any:
        return state.color_attachments[0]

    def make_units(
        self, each: Pass, state: Any, columns: int, quads: int, tiled: bool = False
    ) -> None:
        self.device.draw(each.shader, state, (columns, quads), each.numbers, each.reads, each.add)

    def pixels(self, size: Size, lanes: int) -> Any:
        return self.device.target(f"{lanes} pixels", (-(-size[0] // lanes), size[1]), lanes)

    def sums(self, pixels: Any) -> list[Any]:
        return list(pixels.color_attachments)

    def draw_pixels(self, each: Pass, pixels: Any, size: Size, lanes: int) -> None:
        covered = -(-size[0] // lanes), size[1]
        self.device.draw(each.shader, pixels, covered, each.numbers, each.reads, each.add)


class ComputeStage(Stage):
    """Compute shaders, which keep units in buffers: rows of float32, a row for each unit."""

    dialect = COMPUTE
    about = "compute shaders"
    computes = True

    def weights(self, network: Network, heads: tuple[Head, ...]) -> Any:
        return self.device.data("weights", (network, heads), lambda: pack(network, heads))

    def max_columns(self, quads: int) -> int:
        columns = min(MAX_STATE, self.device.max_buffer) // (16 * quads)
        return max(COLUMN_GROUP, columns // COLUMN_GROUP * COLUMN_GROUP)

    def pad(self, columns: int) -> int:
        return -(-columns // COLUMN_GROUP) * COLUMN_GROUP  # whole groups and tiles

    def state(self, name: str, columns: int, quads: int) -> Any:
        return self.device.buffer(name, 16 * quads * columns)

    def units(self, state: Any) -> Any:
        return state

    def make_units(
        self, each: Pass, state: Any, columns: int, quads: int, tiled: bool = False
    ) -> None:
        numbers = {**each.numbers, "u_stride": columns, "u_adds": int(each.add)}
        groups = columns // COLUMN_GROUP, quads
        if tiled:
            groups = columns // PRODUCT_TILE, -(-4 * quads // PRODUCT_TILE)
        self.device.compute(each.shader, groups, numbers, each.reads, {"u_units": state})

    def pixels(self, size: Size, lanes: int) -> Any:
        return self.device.target("pixels", size)

    def sums(self, pixels: Any) -> list[Any]:
        return list(pixels.color_attachments)

    def draw_pixels(self, each: Pass, pixels: Any, size: Size, lanes: int) -> None:
        (image,) = pixels.color_attachments
        across, down = PIXEL_GROUP
        groups = -(-size[0] // (lanes * across)), -(-size[1] // down)
        # The samples are added up by the shader.
        self.device.compute(each.shader, groups, each.numbers, each.reads, {"u_sums": image})


class ProductStage(ComputeStage):
    """Compute shaders that take every network layer by layer."""

    dialect = PRODUCTS
    about = "compute shaders, layer by layer"
