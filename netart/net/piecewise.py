"""Networks that are affine in each of many cells, and which are."""

from __future__ import annotations

from netart.errors import NetartError
from netart.net.build import activations_of, features_of
from netart.net.recipe import NetworkSource, Recipe

# Activations that are linear on either side of 0: their slopes below and above it.
KINKED = {"linear": (1.0, 1.0), "relu": (0.0, 1.0), "leaky_relu": (0.01, 1.0), "abs": (-1.0, 1.0)}
# Those with a kink or a jump at 0, on which the lines of later layers bend.
BENT = ("relu", "leaky_relu", "selu", "abs", "step", "sign")
AFFINE = ("x", "y")  # features that are


def check_piecewise_linear(source: NetworkSource, depth: int) -> None:
    """Raises NetartError unless what enters layer `depth` + 1, from 1, is affine in cells."""
    names = ", ".join(KINKED)
    for feature in features_of(source):
        if feature.kind.name not in AFFINE:
            raise NetartError(
                f"feature {feature}: bends lines into curves, x, y and latents keep them straight: "
                "add features x,y",
                hint="features x,y",
            )
    for k, name in enumerate(activations_of(source)[:depth], 1):
        if name not in KINKED:
            why = f"layer {k}: {name} bends lines into curves, {names} keep them straight"
            # Explicit weights were made for the activations that they have.
            hint = "activation relu" if isinstance(source, Recipe) else ""
            raise NetartError(f"{why}: add {hint}" if hint else why, hint=hint)
