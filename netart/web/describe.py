"""What a shot is, in a sentence: for those who cannot see it, and for search engines."""

from __future__ import annotations

from netart.net.build import activations_of
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe
from netart.shot.shot import Shot

MAX_NAMED = 4  # seeds, widths and activations


def describe(shot: Shot) -> str:
    """The network, and how it is looked at, as in `A picture of a neural network of 16 hidden
    layers of 16 tanh units, sampled from seed 321: its 3 outputs as colours over x and y.`
    """
    return f"A picture of a neural network of {_network(shot)}: {_look(shot)}."


def _network(shot: Shot) -> str:
    network = shot.network
    names = list(dict.fromkeys(activations_of(network)))
    units = f"{' and '.join(names) if len(names) <= MAX_NAMED else 'various'} units"
    widths = network.widths
    if not widths:
        layers = "no hidden layer"
    elif len(set(widths)) == 1:
        layers = f"{len(widths)} hidden layers of {widths[0]} {units}"
        if len(widths) == 1:
            layers = f"one hidden layer of {widths[0]} {units}"
    elif len(widths) <= MAX_NAMED:
        layers = f"hidden layers of {', '.join(map(str, widths))} {units}"
    else:
        layers = f"{len(widths)} hidden layers of {min(widths)} to {max(widths)} {units}"
    return f"{layers}, {_source(shot)}"


def _source(shot: Shot) -> str:
    network = shot.network
    if isinstance(network, Trained):
        return f"trained for {network.step:,.0f} steps"
    if not isinstance(network, Recipe):
        return "its weights given"
    seeds = [str(seed) for seed, _ in network.mix]
    if len(seeds) == 1:
        return f"sampled from seed {seeds[0]}"
    if len(seeds) > MAX_NAMED:
        return f"sampled from {len(seeds)} seeds"
    return f"sampled from seeds {', '.join(seeds[:-1])} and {seeds[-1]}"


def _look(shot: Shot) -> str:
    axes = " and ".join(shot.view.axes)
    count = shot.network.outputs
    outputs = "its output" if count == 1 else f"its {count} outputs"
    words = {
        "colour": f"{outputs} as colours",
        "landscape": "its output as the height of a landscape",
        "regions": "the regions that its outputs tell apart",
        "lines": "the lines on which its units switch",
        "glass": "the cells between the lines on which its units switch",
        "curves": "its outputs as curves",
        "warp": "what its layers do to the plane",
        "diagram": "its units and weights as circles and lines",
        "loss": "its loss while it was trained",
    }
    kinds = [panel.lens.kind for panel in shot.panels]
    said = " beside ".join(dict.fromkeys(words[kind] for kind in kinds))
    lit = f", lit as {shot.look.light}" if shot.look.finish and kinds == ["colour"] else ""
    on_plane = {"colour", "regions", "lines", "glass"}.issuperset(kinds)
    return f"{said} over {axes}{lit}" if on_plane else said
