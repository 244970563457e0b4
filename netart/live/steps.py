"""Steps of a run: where keys go from the one on screen, and what a run that has grown makes of it.

No GL, no window here.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from netart.errors import NetartError
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained, as_trained
from netart.shot.fields import apply
from netart.shot.shot import Shot

FAR = 10  # steps kept, of the larger of two ways to go


def is_last(network: Trained) -> bool:
    """Whether the step is the last that the run keeps."""
    return network.step == network.drawn.last


def shows_last(shot: Shot) -> bool:
    """Whether the shot shows the last step of a run."""
    return isinstance(shot.network, Trained) and is_last(shot.network)


def step_by(shot: Shot, count: int) -> Shot:
    """The shot so many of the steps that its run keeps later, or earlier; at most at its ends.

    Raises NetartError where it is there already.
    """
    network = as_trained(shot.network)
    assert network.step is not None
    run = network.drawn
    if count > 0:
        place = int(np.searchsorted(run.steps, network.step, "right")) - 1 + count
    else:
        place = int(np.searchsorted(run.steps, network.step)) + count
    found = int(run.steps[min(max(place, 0), len(run.steps) - 1)])
    if found == network.step:
        end = "first" if count < 0 else "last"
        raise NetartError(f"step {found:,} is the {end} that {run.name} keeps")
    return apply(shot, {"step": found})


def first_step(shot: Shot) -> Shot:
    """The shot at the first step of its run. Raises NetartError."""
    return apply(shot, {"step": int(as_trained(shot.network).drawn.steps[0])})


def last_step(shot: Shot) -> Shot:
    """The shot at the last step of its run. Raises NetartError."""
    return apply(shot, {"step": as_trained(shot.network).drawn.last})


def run_by(shot: Shot, count: int) -> Shot:
    """The shot of the run a number of places on, cyclically. Raises NetartError where there is one
    run alone.
    """
    network = as_trained(shot.network)
    names = [run.name for run in network.runs]
    if len(names) == 1:
        raise NetartError(f"{names[0]} is the only run")
    return apply(shot, {"run": names[(names.index(network.run) + count) % len(names)]})


def lacks(shot: Shot, run: Run) -> bool:
    """Whether the shot draws a run of this name, as it was before."""
    runs = shot.network.runs if isinstance(shot.network, Trained) else ()
    return any(one.name == run.name and one is not run for one in runs)


def with_newest(shot: Shot, run: Run, follows: bool) -> Shot:
    """The shot with a run that has grown in place of that of the same name; the shot itself where
    it does not lack it.

    follows: whether a shot of the last step goes to the last step there is now. Raises NetartError
    where the run is another, which the shot cannot show.
    """
    if not lacks(shot, run):
        return shot
    network = as_trained(shot.network)
    assert network.step is not None
    runs = tuple(run if one.name == run.name else one for one in network.runs)
    step = network.step
    if network.run == run.name:
        step = run.last if follows and is_last(network) else min(step, run.last)
    return replace(shot, network=replace(network, runs=runs, step=step))
