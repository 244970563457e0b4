"""What a shot says of its network, as data: a recipe to sample it by, or explicit weights."""

from __future__ import annotations

from math import isfinite
from pathlib import PurePath
from typing import Any, Literal

import msgspec

from netart.errors import NetartError, unknown
from netart.net.network import MAX_WIDTH, Network, check_features, check_latents, check_sizes
from netart.net.ops import activation, column_count, feature
from netart.net.sampling import DISTRIBUTIONS, MAX_SEED, SAMPLERS

MAX_NAMED_SEEDS = 4  # in the name of a file
MIN_DETAIL, MAX_DETAIL = 0.01, 100
MAX_MIX = 256  # seeds: a network is sampled for each


class Recipe(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="recipe",
    repr_omit_defaults=True,
):
    """A network to be sampled: its architecture, and how its weights are drawn from seeds."""

    # Of the hidden layers; none for a one-layer network.
    widths: tuple[int, ...] = (16,) * 16
    outputs: int = 3
    # One for all hidden layers, or one each.
    activations: tuple[str, ...] = ("tanh",)
    output_activation: str = "sigmoid"
    # What of the point (x, y) enters the network.
    features: tuple[str, ...] = ("x", "y")
    # The names of further inputs.
    latents: tuple[str, ...] = ()
    # A name of DISTRIBUTIONS.
    distribution: str = "uniform"
    # Multiplies the weights; `auto` is the number of `auto_weight_scale` in build.py.
    weight_scale: float | Literal["auto"] = "auto"
    # Multiplies the number of `auto`.
    detail: float = 1.0
    # Multiplies the biases; `same`: as the weights; `auto`: 0.5.
    bias_scale: float | Literal["auto", "same"] = "auto"
    # The version of the draws and of the formula of `auto_weight_scale`.
    sampler: int = SAMPLERS[0]
    # Pairs of seed and coefficient: the draws are the weighted sum of the seeds'.
    mix: tuple[tuple[int, float], ...] = ((321, 1.0),)

    def __post_init__(self) -> None:
        for name in (*self.activations, self.output_activation):
            activation(name)
        if not self.activations or len(self.activations) not in (1, len(self.widths)):
            raise NetartError(
                f"network.activations: {len(self.activations)} for {len(self.widths)} "
                "hidden layers: give one for all, or one each"
            )
        if self.distribution not in DISTRIBUTIONS:
            raise unknown("distribution", self.distribution, DISTRIBUTIONS)
        if not self.features and not self.latents:
            raise NetartError("network.features: at least one feature or latent is needed")
        check_features(self.features)
        kinds = tuple(map(feature, self.features))
        features = tuple(map(str, kinds))
        check_latents(self.latents)
        if not 1 <= self.outputs <= MAX_WIDTH:
            raise NetartError(f"network.outputs = {self.outputs}: must be from 1 to {MAX_WIDTH}")
        inputs = column_count(kinds) + len(self.latents)
        check_sizes(inputs, [*self.widths, self.outputs])
        for name, scale in (("weight", self.weight_scale), ("bias", self.bias_scale)):
            if isinstance(scale, float) and not isfinite(scale):
                raise NetartError(f"network.{name}_scale = {scale}: must be a finite number")
        if not MIN_DETAIL <= self.detail <= MAX_DETAIL:
            limits = f"from {MIN_DETAIL} to {MAX_DETAIL}"
            raise NetartError(f"network.detail = {self.detail}: must be {limits}")
        if self.detail != 1 and self.weight_scale != "auto":
            raise NetartError(
                f"network.detail = {self.detail}: multiplies the weight scale of auto, not "
                f"{self.weight_scale}"
            )
        if self.sampler not in SAMPLERS:
            known = " and ".join(map(str, SAMPLERS))
            raise NetartError(f"network.sampler = {self.sampler}: this netart knows {known}")
        seeds = [seed for seed, _ in self.mix]
        if len(seeds) > MAX_MIX:
            raise NetartError(f"network.mix: {len(seeds)} seeds, at most {MAX_MIX}")
        if not seeds or len(set(seeds)) != len(seeds):
            raise NetartError("network.mix: names each seed once, and at least one")
        for seed, coefficient in self.mix:
            if not 0 <= seed <= MAX_SEED:
                raise NetartError(f"seed {seed}: must be from 0 to {MAX_SEED}")
            if not isfinite(coefficient):
                raise NetartError(f"network.mix: coefficient {coefficient} must be finite")
        # One spelling for one picture, so that equal shots compare and hash as equal.
        all_equal = len(set(self.activations)) == 1
        normalised = {
            "features": features,
            "activations": self.activations[:1] if all_equal else self.activations,
            "mix": tuple(sorted((seed, share + 0.0) for seed, share in self.mix)),
            "weight_scale": unsigned_zero(self.weight_scale),
            "bias_scale": unsigned_zero(self.bias_scale),
        }
        for name, value in normalised.items():
            msgspec.structs.force_setattr(self, name, value)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.widths)

    def refuses(self, name: str) -> NetartError | None:
        """Why the field of this name would have no effect on the network, or None."""
        if name == "detail" and self.weight_scale != "auto":
            auto = "weight_scale auto"
            why = f"multiplies the weight scale of auto, not {self.weight_scale}"
            return NetartError(f"{name}: {why}: add {auto}", field=name, hint=auto)
        return _refuses_layers(name, self.depth)

    @property
    def default_name(self) -> str:
        """A name for files about the network: of its first seeds."""
        return "seed-" + "-".join(str(seed) for seed, _ in self.mix[:MAX_NAMED_SEEDS])


def _refuses_layers(name: str, depth: int) -> NetartError | None:
    """The error for a field of hidden layers where there are none, else None."""
    if depth or name not in ("activation", "width"):
        return None
    why, hint = "there are no hidden layers: add ", "layers"
    if name == "activation":
        why, hint = "there are no hidden layers; of the output it is ", "output_activation"
    return NetartError(f"{name}: {why}{hint}", field=name, hint=hint)


def unsigned_zero(scale: Any) -> Any:
    """The scale with −0 turned into 0, which it equals; `auto` and `same` as they are."""
    return scale if isinstance(scale, str) else scale + 0.0


class Weights(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    eq=False,
    tag_field="kind",
    tag="weights",
    repr_omit_defaults=True,
):
    """Explicit weights, as given by the user.

    Equality and hash go by the digest of the arrays and the values set here, never by the name.
    """

    content: Network
    # The base name of the file that holds the arrays, empty where there is none.
    name: str = ""
    # Multiplies the weights.
    weight_scale: float = 1.0
    # Multiplies the biases.
    bias_scale: float = 1.0
    # Replace those of the hidden layers, where given: one for all, or one each.
    activations: tuple[str, ...] = ()
    # Replaces that of the read-out, where given.
    output_activation: str = ""

    def __post_init__(self) -> None:
        for name in (*self.activations, *filter(None, [self.output_activation])):
            activation(name)
        if len(self.activations) not in (0, 1, self.depth):
            raise NetartError(
                f"network.activations: {len(self.activations)} for {self.depth} hidden layers"
            )
        for name, scale in (("weight", self.weight_scale), ("bias", self.bias_scale)):
            if not isfinite(scale):
                raise NetartError(f"network.{name}_scale = {scale}: must be a finite number")

    @property
    def identity(self) -> dict[str, object]:
        """All that decides what the network computes, as plain data."""
        return {
            "sha256": self.content.sha256,
            "weight_scale": unsigned_zero(self.weight_scale),
            "bias_scale": unsigned_zero(self.bias_scale),
            "activations": self.activations,
            "output_activation": self.output_activation,
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Weights) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(tuple(self.identity.values()))

    @property
    def latents(self) -> tuple[str, ...]:
        """The names of further inputs."""
        return self.content.latents

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.content.outputs

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the hidden layers."""
        return tuple(len(layer.bias) for layer in self.content.layers[:-1])

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.content.depth

    def refuses(self, name: str) -> NetartError | None:
        """Why the field of this name would have no effect on the network, or None."""
        return _refuses_layers(name, self.depth)

    @property
    def default_name(self) -> str:
        """A name for files about the network: of the file that holds it."""
        return PurePath(self.name).stem or "network"


NetworkSource = Recipe | Weights  # build.py makes a Network of either
