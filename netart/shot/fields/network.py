"""The fields of the network."""

from __future__ import annotations

from operator import attrgetter

from netart.errors import NetartError
from netart.net.ops import ACTIVATIONS
from netart.net.sampling import DISTRIBUTIONS, MAX_SEED
from netart.shot import syntax
from netart.shot.fields.field import SWITCH, Field
from netart.shot.parts import (
    read_layers,
    read_seed,
    read_width,
    write_depth,
    write_layers,
    write_run,
    write_scale,
    write_seed,
    write_width,
    write_widths,
)


def _seed(text: str) -> int:
    """A seed. Raises NetartError."""
    found = syntax.whole_number(text)
    if not 0 <= found <= MAX_SEED:
        raise NetartError(f"must be from 0 to {MAX_SEED}")
    return found


FIELDS = (
    Field(
        "seed", "network.mix", _seed, "N|random",
        "Seed of the draws, 0 to 2⁶⁴ − 1.",
        write=write_seed, read=read_seed, in_files=False,
    ),
    Field(
        "mix", "network.mix", syntax.mix, "SEED:SHARE,…",
        "Weighted sum of several seeds' draws, as in 7:0.6,42:0.8.",
        interpolations=("mix",), separator=":",
    ),
    Field(
        "layers", "network.widths", syntax.layers, "DEPTH[xWIDTH]",
        "How many hidden layers (0: none), and how wide.",
        write=write_layers, read=read_layers, separator="x", is_pair=True, in_files=False,
    ),
    Field(
        "widths", "network.widths", syntax.widths, "N,N,…",
        "Width of each hidden layer, as in 5,50,3.",
        write=write_widths,
    ),
    Field(
        "depth", "network.widths", syntax.depth, "N",
        "Number of hidden layers alone.",
        write=write_depth, read=attrgetter("network.depth"), in_files=False,
    ),
    Field(
        "width", "network.widths", syntax.whole_number, "N",
        "Width of all hidden layers alone.",
        write=write_width, read=read_width, in_files=False,
    ),
    Field(
        "activation", "network.activations", syntax.names, "NAME[,NAME…]",
        "Activation of the hidden layers: one for all, or one each (tanh).",
        choices=tuple(ACTIVATIONS),
    ),
    Field(
        "output_activation", "network.output_activation", str, "NAME",
        "Activation of the output layer, where contrast is off (sigmoid).",
        choices=tuple(ACTIVATIONS),
    ),
    Field(
        "distribution", "network.distribution", str, "NAME",
        "How weights and biases are drawn (uniform).",
        choices=tuple(DISTRIBUTIONS),
    ),
    Field(
        "weight_scale", "network.weight_scale", syntax.number_or("auto"), "A|auto",
        "Multiplies the weights; with uniform they lie in [−A, A). auto is lively at any "
        "depth and width.",
        write=write_scale("weight_scale"), interpolations=("geometric", "linear"),
    ),
    Field(
        "detail", "network.detail", syntax.number, "F",
        "Multiplies the weight scale of auto: above 1 finer, below 1 calmer (1).",
        interpolations=("geometric", "linear"),
    ),
    Field(
        "bias_scale", "network.bias_scale", syntax.number_or("auto", "same"), "B|same|auto",
        "Multiplies the biases; same: as the weight scale; auto: 0.5.",
        write=write_scale("bias_scale"), interpolations=("geometric", "linear"),
    ),
    Field(
        "features", "network.features", syntax.names, "NAME,…",
        "What of the point (x, y) enters the network (x,y).",
    ),
    Field(
        "run", "network.run", str, "NAME",
        "Of several runs the one that is drawn.",
        write=write_run,
    ),
    Field(
        "step", "network.step", syntax.number, "N",
        "Of a run: how many steps of training came before; the nearest step that it keeps is "
        "drawn (its last one).",
        interpolations=("geometric", "linear"),
    ),
    Field(
        "blend_steps", "network.blend_steps", syntax.switch, SWITCH,
        "Between two steps that a run keeps draw weights between theirs, instead of the nearest.",
    ),
    Field(
        "sampler", "network.sampler", syntax.whole_number, "1|2",
        "Version of the auto scales (1; new networks 2).",
    ),
    Field(
        "outputs", "network.outputs", syntax.whole_number, "N",
        "Number of outputs (3).",
    ),
)  # fmt: skip
