"""What stands behind a picture: the values of the network over it, and the network itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netart.api.shots import SIDE, NetworkSource, Source, begin
from netart.arguments import whole
from netart.errors import NetartError
from netart.evaluate.backend import open_evaluator
from netart.evaluate.reference import Reference, forward
from netart.evaluate.request import Head, PixelFunction, Request
from netart.evaluate.request import Values as Samples
from netart.files.weights.formats import write_weights
from netart.lens import heads, lines_data
from netart.net.build import to_network
from netart.net.network import Network
from netart.net.ops import ACTIVATIONS
from netart.net.recipe import Weights
from netart.pixels import Size, Window, check_size, read_size
from netart.shot.fields import text_of
from netart.shot.shot import Shot
from netart.shot.view import View

Array = NDArray[np.float64]

BACKENDS = "reference", "cpu"  # which give any number of values a pixel


class Values(NamedTuple):
    """Values of a network over a picture, and how they change."""

    # (height, width, n), row 0 on top: pre-activations.
    z: NDArray[Any]
    # (height, width, n, axes): their derivatives to the inputs that the picture spans, x and y
    # mostly, per unit of these inputs.
    slopes: NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class NetworkFunction(Network):
    """A network as a function: `network(points)` are its outputs there, in float64.

    `network.layers` are its layers from first to last, each with `weight` (out, in), `bias` (out,)
    and the name of its `activation`; `network.features` is what of a point (x, y) enters the first
    one, `network.latents` are the names of further inputs, and `network.inputs` those of all.
    `network.save("net.npz")` writes it.
    """

    # Latent → its value in the picture.
    latent_values: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, points: ArrayLike) -> Array:
        """The outputs, (N, outputs) float64, each after the output activation.

        points: (N, inputs), in the order of `inputs`: x, y, then the latents. Raises NetartError.
        """
        try:
            at = np.asarray(points, np.float64)
        except (TypeError, ValueError):  # words, and rows of several lengths
            raise NetartError(f"points: must be numbers, {len(self.inputs)} in each row") from None
        if at.ndim != 2 or at.shape[1] != len(self.inputs):
            names = ", ".join(self.inputs[:8])
            raise NetartError(f"points {at.shape}: must be (N, {len(self.inputs)}): {names}")
        exact = self.map_layers(Reference().convert)
        last = exact.layers[-1]
        with np.errstate(all="ignore"):  # chaotic networks may leave the numbers there are
            z = forward(exact, (Head(exact.depth, last),), at.T).outputs
            return np.asarray(ACTIVATIONS[last.activation].function(np.array(z)), np.float64)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the float32 weights as the suffix says: .npz, .safetensors, .onnx, or .py, a
        function that needs numpy alone. All but .py are sources of netart.new. A file that exists
        is replaced whole or not at all. Raises NetartError.
        """
        write_weights(Path(path), self, self.latent_values)


def network(
    source: Source | None = None,
    *,
    as_given: bool = False,
    network: NetworkSource | None = None,
    **fields: Any,
) -> NetworkFunction:
    """The network that is drawn, with its weights as they take effect: all scales are in them.

    source, network, fields: as in netart.new. Of `layer=K` it is the network up to the read-out of
    hidden layer K. as_given: explicit weights as they were given, before scales, and all layers.
    Raises NetartError where two layers are blended, or no weights were given.
    """
    return network_of(begin(source, fields, network).source.shot, as_given)


def network_of(shot: Shot, as_given: bool = False) -> NetworkFunction:
    """The network of a shot. as_given, errors: as in `network`."""
    found = _given_network(shot) if as_given else _effective_network(shot)
    values = map(float, shot.view.centre[2:])
    latents = dict(zip(shot.network.latents, values, strict=True))
    return NetworkFunction(found.layers, found.features, found.latents, latents)


def _given_network(shot: Shot) -> Network:
    """The weights as they were given. Raises NetartError where the network is sampled."""
    if not isinstance(shot.network, Weights):
        raise NetartError(
            "as_given: the network is sampled: no weights were given", field="as_given"
        )
    return shot.network.content


def _effective_network(shot: Shot) -> Network:
    """The network up to the read-out that is drawn. Raises NetartError where two are blended."""
    head, *others = heads(shot)
    if others:
        layer = text_of(shot, "layer")
        raise NetartError(f"layer {layer}: a blend of two layers is no network", field="layer")
    return to_network(shot.network).until(*head)


@overload
def values(
    source: Source | None = ...,
    size: int | str | Size | None = ...,
    *,
    hidden: int | None = ...,
    derivatives: Literal[False] = ...,
    backend: str = ...,
    network: NetworkSource | None = ...,
    **fields: Any,
) -> NDArray[Any]: ...
@overload
def values(
    source: Source | None = ...,
    size: int | str | Size | None = ...,
    *,
    hidden: int | None = ...,
    derivatives: Literal[True],
    backend: str = ...,
    network: NetworkSource | None = ...,
    **fields: Any,
) -> Values: ...
def values(
    source: Source | None = None,
    size: int | str | Size | None = None,
    *,
    hidden: int | None = None,
    derivatives: bool = False,
    backend: str = "reference",
    network: NetworkSource | None = None,
    **fields: Any,
) -> NDArray[Any] | Values:
    """The numbers of which a picture is made: (height, width, n), one of each at a pixel's middle,
    row 0 on top. They are pre-activations: what comes before an activation, and no palette.

    source, network, fields: as in netart.new. size: as in netart.render.
    What is looked at is what the lens reads: n outputs, `output=K` one of them, `layer=K` those
    that the read-out of hidden layer K gives, `units="3.1,3.2,3.3"` single units. hidden: K, all
    units of hidden layer K instead.
    derivatives: also return those to the inputs that the picture spans, as Values: (height, width,
    n, 2), to x and y, per unit of the input. By a pixel's width, 2 · radius / min(size) input
    units, they say how much a value changes from pixel to pixel.
    backend: reference (float64) or cpu (float32, on all cores). Raises NetartError.
    """
    if backend not in BACKENDS:
        raise NetartError(f"backend {backend}: values are of {' or '.join(BACKENDS)}")
    begun = begin(source, fields, network).source
    shot = begun.shot
    own = begun.size or (round(SIDE * shot.aspect), SIDE)
    asked = own if size is None else read_size(size)
    check_size(asked)
    read = heads(shot) if hidden is None else (_hidden_layer(shot, whole("hidden", hidden)),)
    count = len(read[0].layer.bias)

    def function(samples: Samples) -> NDArray[Any]:
        if samples.slopes is None:
            return samples.outputs
        return np.concatenate([samples.outputs, *samples.slopes], axis=1)

    pixel = PixelFunction(function, "", count * (3 if derivatives else 1), slopes=derivatives)
    with open_evaluator(backend) as evaluator:
        found = evaluator.evaluate(
            to_network(shot.network), shot.view, asked, Window.whole(asked), Request(read, pixel)
        )
    if not derivatives:
        return found
    along = found[..., count:].reshape(*found.shape[:2], 2, count)
    per_input = np.linalg.pinv(_plane(shot.view)).astype(found.dtype)  # (2, axes)
    return Values(found[..., :count], np.einsum("...un,ua->...na", along, per_input))


def lines(
    source: Source | None = None,
    size: int | str | Size | None = None,
    *,
    network: NetworkSource | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The exact lines on which hidden units switch, as data: `netart.lines(layers="3x16",
    activation="relu")["regions"]` is the number of cells between them.

    source, network, fields: as in netart.new; the lens is lines. size: of the picture that they
    cross, as in netart.render. They are exact for relu, leaky_relu, abs and linear units, behind x,
    y and latents. `axes`, `regions`, `segments`, `layers` and `units` are what files of
    `netart lines` hold: each of `units` has its name in `unit` and its `lines`, of which `points`
    are vertices in input units, `uv` the same in the picture (±1 at the ends of its shorter side, v
    up). netart.render(…, lens="lines") draws them, also as SVG. Raises NetartError where lines are
    curves.
    """
    typed = None if size is None else read_size(size)
    begun = begin(source, fields, network, size=typed, through="lines").source
    asked = typed or begun.size or (SIDE, SIDE)
    check_size(asked)
    check_lines(begun.shot)
    return lines_data(begun.shot, asked)


def check_lines(shot: Shot) -> None:
    """Raises NetartError where the shot's lens is another than lines."""
    if shot.lens.kind != "lines":
        raise NetartError(f"lens {shot.lens.name}: has no lines; render draws it", field="lens")


def _hidden_layer(shot: Shot, number: int) -> Head:
    """All units of a hidden layer, counted from 1. Raises NetartError."""
    found = to_network(shot.network)
    if not 1 <= number <= found.depth:
        raise NetartError(f"hidden {number}: the network has hidden layers 1 to {found.depth}")
    return Head(number - 1, found.layers[number - 1])


def _plane(view: View) -> Array:
    """(axes, 2): what the inputs that the picture spans gain with u and with v."""
    return view.radius * np.array(view.basis)[: len(view.axes)]
