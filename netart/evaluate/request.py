"""What evaluators have in common: a network, a view and a request go in, numbers come out.

A request is frozen data made of small parts: which read-outs are added up, what becomes of them at
every pixel, how the samples of a pixel are averaged, and in which numbers the pixels come back.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from netart.evaluate.numbers import Numbers
from netart.net.network import Layer, Network
from netart.net.ops import Array
from netart.pixels import Pixels, Size, Window
from netart.shot.view import View, check_float64, resolves

Result = TypeVar("Result")

FLOAT32_EPSILON = 2.0**-23

CARRIED = 4  # numbers that a layer function carries from layer to layer


class Head(NamedTuple):
    """A read-out of the network: a layer on top of its first hidden layers."""

    depth: int  # hidden layers below the read-out; 0 reads the inputs
    layer: Layer  # its activation is not applied


def empty_head(network: Network, depth: int, outputs: int) -> Head:
    """A read-out above hidden layer `depth` that adds nothing: it has the layer evaluated."""
    inputs = network.layers[depth].weight.shape[1]
    zeros = np.zeros((outputs, inputs), np.float32), np.zeros(outputs, np.float32)
    return Head(depth, Layer(*zeros, "linear"))


class Values(NamedTuple):
    """What is known of N samples when the network has been evaluated."""

    outputs: NDArray[Any]  # (N, outputs): the sum of all heads' pre-activations
    carried: NDArray[Any] | None = None  # (N, CARRIED), of the layer function
    # (2, N, outputs): the derivatives of the outputs to u and to v, where they are asked for.
    slopes: NDArray[Any] | None = None
    pixel: float = 0.0  # the width of a pixel of the picture, in u and v


@dataclass(frozen=True, eq=False)
class PixelFunction:
    """From values to channels, sample by sample: a numpy function and its counterpart in GLSL."""

    # (N, outputs) and more to (N, channels).
    function: Callable[[Values], Array]
    # The GLSL function without arguments, in the file of that name; it returns a vec4, and reads
    # `vec4 outputs(int i)`, outputs 4i to 4i + 3, and `vec4 carried()`.
    glsl: str
    # Channels that come back, at most 4; None for one an output.
    channels: int | None = None
    # What `act_output` stands for in GLSL.
    activation: str = "linear"
    # Functions by the names that the file calls them, each in the file of its own name.
    parts: Mapping[str, str] = field(default_factory=dict)
    # Numbers that GLSL shares with Python, by their names there: they never change.
    constants: Mapping[str, Any] = field(default_factory=dict)
    # Numbers for the file's uniforms, and its `u_table`: (3, K) or (3, rows, K) float32.
    uniforms: Mapping[str, Any] = field(default_factory=dict)
    table: NDArray[np.float32] | None = None
    # Whether its edges are smooth at one sample a pixel.
    antialiased: bool = False
    # Whether it reads the outputs' derivatives to u and v: in GLSL `vec4 slopes_u(int i)` and
    # `vec4 slopes_v(int i)`, of outputs 4i to 4i + 3.
    slopes: bool = False


class Units(NamedTuple):
    """What a layer function sees of N samples at a hidden layer."""

    layer: int  # from 1
    width: int  # units of the layer; further columns are padding, which does not change to u and v
    z: NDArray[Any]  # (N, columns): pre-activations
    # (2, N, columns): their derivatives to u and to v, where they are asked for.
    slopes: NDArray[Any] | None = None
    pixel: float = 0.0  # the width of a pixel of the picture, in u and v


@dataclass(frozen=True, eq=False)
class LayerFunction:
    """What is called after each hidden layer, before its activation: lenses that look at all
    layers carry CARRIED numbers a sample from layer to layer, 0 at first.
    """

    # (carried (N, CARRIED), units) to the new carried.
    function: Callable[[Any, Units], Array]
    # The GLSL function of four units, in the file of that name: `vec4 NAME(vec4 carried, int layer,
    # int unit, int width, vec4 z, vec4 z_u, vec4 z_v)`; unit is the first's, from 0; units from
    # `width` on are padding; derivatives are 0 where none are asked for.
    glsl: str
    # Whether it reads the units' derivatives to u and v.
    slopes: bool = False
    # Numbers for the file's uniforms, and its `u_layers`: (layers, units, 4) float32.
    uniforms: Mapping[str, Any] = field(default_factory=dict)
    table: NDArray[np.float32] | None = None
    # The units of each layer, from 0, that it looks at, where it leaves carried as it is but for
    # pixels near which one of them changes its sign, at most so many pixels away.
    watched: tuple[tuple[int, ...], ...] = ()
    reach: float = 0.0


class Averaging(NamedTuple):
    """How the samples of a pixel become one: sums of `before`, divided, then `after`."""

    before: Callable[[Array], Array]
    after: Callable[[Array], Array]
    # In GLSL `before` is average_NAME and `after` is mean_NAME, in the file average_NAME.glsl.
    glsl: str


PLAIN = Averaging(lambda values: values, lambda values: values, "plain")

# The outputs themselves, up to four.
RAW = PixelFunction(lambda values: values.outputs[:, :4], "raw")


@dataclass(frozen=True, eq=False)
class Request:
    """What is asked of a network at every pixel."""

    heads: tuple[Head, ...]
    pixel: PixelFunction = RAW
    layers: LayerFunction | None = None
    # Whether derivatives are differences to the value a pixel further on: these see jumps.
    differences: bool = False
    samples: int = 1  # across and down a pixel
    averaging: Averaging = PLAIN
    numbers: Numbers | None = None  # None: the evaluator's own floats
    # (height, width, 2) int32: columns and rows of the picture's pixels that are evaluated, in an
    # arrangement that windows are then parts of; None for the picture itself.
    places: NDArray[np.int32] | None = None

    @property
    def depth(self) -> int:
        """Hidden layers that are evaluated."""
        return max(head.depth for head in self.heads)

    @property
    def channels(self) -> int:
        """Numbers a pixel that come back."""
        return self.pixel.channels or min(4, len(self.heads[0].layer.bias))

    @property
    def columns(self) -> int:
        """Numbers that each unit has: its value, and derivatives where they are asked for."""
        return 3 if self.has_slopes else 1

    @property
    def has_slopes(self) -> bool:
        """Whether derivatives to u and v are asked for."""
        return self.pixel.slopes or (self.layers is not None and self.layers.slopes)

    def grid(self, size: Size) -> Size:
        """The size in pixels of what windows are parts of. size: of the picture."""
        return size if self.places is None else (self.places.shape[1], self.places.shape[0])

    def widest(self, network: Network) -> int:
        """The most units or inputs of a layer that is evaluated."""
        return max(map(max, self.shapes(network)))

    def shapes(self, network: Network) -> list[tuple[int, int]]:
        """(units, inputs) of every layer that is evaluated, heads last."""
        layers = (*network.layers[: self.depth], *(head.layer for head in self.heads))
        return [layer.weight.shape for layer in layers]


class Evaluator(Protocol):
    """Computes the pixels of a request. Opened and closed by its host; holds threads or a GL
    context, nothing about a picture.
    """

    name: str
    epsilon: float  # relative precision of its coordinates
    threads: int  # that work at the same time

    @property
    def workers(self) -> int:
        """How many processes elsewhere work for it; 0 where all is done here."""
        return 0

    @property
    def ahead(self) -> int:
        """How many pieces of work may be started before the first is waited for."""
        return 1

    def elsewhere(
        self, work: Callable[[Evaluator], Result], name: str
    ) -> Callable[[], Result] | None:
        """Has an evaluator on another machine do a piece of work; returns what waits for the
        result. None where the work is to be done here, as by all but farms.

        work: can be pickled. name: what messages call it.
        """
        return None

    @abstractmethod
    def evaluate(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Pixels:
        """The window's pixels of a picture of that size: (window.height, window.width, channels),
        in the request's numbers, else in its own: float32, the reference float64.
        """

    def start(
        self, network: Network, view: View, size: Size, window: Window, request: Request
    ) -> Callable[[], Pixels]:
        """Begins to evaluate, where that does not take this thread's time; returns what waits for
        the pixels of `evaluate`.

        Before that is called `ahead` more windows may be started; windows are waited for in their
        order, or no longer at all.
        """
        return partial(self.evaluate, network, view, size, window, request)

    @abstractmethod
    def describe(self) -> str:
        """What does the work, in a few words."""

    @property
    @abstractmethod
    def kernels(self) -> str:
        """What of this machine computes: with another one pixels may differ in their last bits.
        Threads are not of it: their number does not change a bit.
        """

    @abstractmethod
    def close(self) -> None: ...

    @contextmanager
    def messages(self) -> Iterator[list[str]]:
        """A list that holds, at the end of the block, what a driver had to say."""
        yield []

    def resolves(self, view: View, shorter: int) -> bool:
        """Whether it tells the pixels apart, in a picture `shorter` pixels on its shorter side."""
        return resolves(view, shorter, self.epsilon)


def check_depth(evaluator: Evaluator, view: View, shorter: int) -> None:
    """Refuses a view whose pixels neither the evaluator nor float64 can tell apart.

    What float32 alone merges is drawn: its hosts warn. Raises NetartError.
    """
    if not evaluator.resolves(view, shorter):
        check_float64(view, shorter)


def in_order(started: Iterable[Callable[[], Result]], evaluator: Evaluator) -> Iterator[Result]:
    """What the calls return, in order; each is called when as many more have been made as the
    evaluator may have ahead.
    """
    waiting: deque[Callable[[], Result]] = deque()
    for wait in started:
        waiting.append(wait)
        if len(waiting) > evaluator.ahead:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()
