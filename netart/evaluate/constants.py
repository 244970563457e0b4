"""Inputs that a picture does not span are constants of it: many of them go into the biases."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from msgspec import structs

from netart.evaluate.request import Head, Request
from netart.net.build import to_network
from netart.net.network import Layer, Network
from netart.net.ops import column_count
from netart.shot.shot import Shot
from netart.shot.view import View

MAX_TRAVELLING = 60  # latents go to the shader as a uniform array, which drivers cut at 64


def fold_constants(network: Network, view: View, request: Request) -> tuple[Network, View, Request]:
    """What is asked of a network of very many latents, asked of one that has only those of the
    view's axes: what the others add to the first layer, and to heads on the inputs, is added to
    the biases, which are then float64. A network of up to MAX_TRAVELLING latents stays as it is.
    """
    if len(network.latents) <= MAX_TRAVELLING:
        return network, view, request
    network, view, heads = _fold(network, view, request.heads)
    return network, view, replace(request, heads=heads)


def folded(shot: Shot, request: Request) -> tuple[Network, Request]:
    """The shot's network and the request as an evaluator works on them."""
    network, _, request = fold_constants(to_network(shot.network), shot.view, request)
    return network, request


@lru_cache(maxsize=2)  # evaluators keep what belongs to a network: it must be the same one again
def _fold(
    network: Network, view: View, heads: tuple[Head, ...]
) -> tuple[Network, View, tuple[Head, ...]]:
    first = column_count(network.features)
    spanned = np.array([name in view.axes for name in network.latents])
    kept = np.concatenate([np.ones(first, bool), spanned])
    values = np.array([float(number) for number in view.centre[2:]])[~spanned]

    def fold(layer: Layer) -> Layer:
        added = layer.weight[:, ~kept].astype(np.float64) @ values
        return replace(layer, weight=layer.weight[:, kept].copy(), bias=layer.bias + added)

    heads = tuple(
        head._replace(layer=fold(head.layer)) if not head.depth else head for head in heads
    )
    latents = tuple(name for name in network.latents if name in view.axes)
    centre = (*view.centre[:2], *(view.centre[2 + k] for k in np.flatnonzero(spanned)))
    layers = fold(network.layers[0]), *network.layers[1:]
    network = Network(layers, network.features, latents)
    return network, structs.replace(view, centre=centre), heads
