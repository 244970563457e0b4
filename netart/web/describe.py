"""What a picture or a film is, in a sentence: for who cannot see it, and for search engines."""

from __future__ import annotations

from netart.net.build import activations_of
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe
from netart.shot.shot import Shot
from netart.shot.timeline import Timeline

MAX_NAMED = 4  # seeds, widths, activations, and fields that change


def describe(document: Shot | Timeline) -> str:
    """The network, and how it is looked at, as in `A picture of a neural network of 16 hidden
    layers of 16 tanh units, sampled from seed 321: its 3 outputs as colours over x and y.`
    """
    if isinstance(document, Shot):
        return f"A picture of a neural network {_network(document)}: {_look(document)}."
    shot = document.at(0)
    return f"A film of a neural network {_network(shot)}: {_look(shot)}{_changes(document)}."


def with_description(about: str, description: str) -> str:
    """A line by who made it, and what it is, as sentences."""
    line = " ".join(about.split())
    ending = "" if not line or line[-1] in ".!?…" else "."
    return f"{line}{ending} {description}".strip()


def counted(count: int, noun: str) -> str:
    """So many of what the noun says, as in `1 unit` and `1,600 units`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(words: list[str]) -> str:
    """The words as a sentence has them, as in `x, y and r`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _network(shot: Shot) -> str:
    network = shot.network
    names = list(dict.fromkeys(activations_of(network)))
    unit = f"{listed(names) if len(names) <= MAX_NAMED else 'various'} unit"
    widths = network.widths
    if not widths:
        layers = "without hidden layers"
    elif len(set(widths)) == 1:
        layers = f"of {counted(len(widths), 'hidden layer')} of {counted(widths[0], unit)}"
    elif len(widths) <= MAX_NAMED:
        layers = f"of hidden layers of {listed(list(map(str, widths)))} {unit}s"
    else:
        layers = (
            f"of {counted(len(widths), 'hidden layer')} of {min(widths)} to {max(widths)} {unit}s"
        )
    return f"{layers}, {_source(shot)}"


def _source(shot: Shot) -> str:
    network = shot.network
    if isinstance(network, Trained):
        return f"trained for {network.step:,.0f} step{'' if network.step == 1 else 's'}"
    if not isinstance(network, Recipe):
        return "its weights given"
    seeds = [str(seed) for seed, _ in network.mix]
    if len(seeds) > MAX_NAMED:
        return f"sampled from {len(seeds)} seeds"
    return f"sampled from seed{'' if len(seeds) == 1 else 's'} {listed(seeds)}"


def _look(shot: Shot) -> str:
    axes = listed(list(shot.view.axes))
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


def _changes(film: Timeline) -> str:
    """What changes in a film."""
    names = [track.field.replace("_", " ").replace(".", " ") for track in film.tracks]
    if not names:
        return ""
    if len(names) > MAX_NAMED:
        return f", while {len(names)} fields change"
    return f", while {listed(names)} change{'s' if len(names) == 1 else ''}"
