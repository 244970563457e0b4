"""What a shot says of a network that was trained: of which run, at which step."""

from __future__ import annotations

from typing import cast

from msgspec.structs import force_setattr

from netart.errors import NetartError, unknown
from netart.net.learning.run import Run
from netart.net.network import Network
from netart.net.recipe import NetworkSource, Weights

MAX_RUNS = 16  # of one shot

NOT_TRAINED = "the network is not a step of a run, as netart train writes them"


class Trained(
    Weights,
    frozen=True,
    kw_only=True,
    eq=False,
    tag_field="kind",
    tag="run",
):
    """A step of a run: explicit weights, equal to those given by hand."""

    # Follows from all others.
    content: Network = cast(Network, None)
    # One, or several of which one is drawn; names are distinct.
    runs: tuple[Run, ...]
    # The name of the run that is drawn; unset for the first.
    run: str = ""
    # How many steps of training came before; unset for the last that the run keeps. Of other steps
    # than those that are kept the nearest is drawn.
    step: float | None = None
    # Whether weights between two steps that are kept are blended, instead of taking the nearest.
    blend_steps: bool = False

    def __post_init__(self) -> None:
        names = [run.name for run in self.runs]
        if not 1 <= len(names) <= MAX_RUNS or len(set(names)) < len(names):
            raise NetartError(f"network.runs: from 1 to {MAX_RUNS}, each of another name")
        force_setattr(self, "run", self.run or names[0])
        if self.run not in names:
            raise unknown("run", self.run, names)
        step = self.drawn.last if self.step is None else self.step
        force_setattr(self, "step", step)
        force_setattr(self, "content", self.drawn.network(step, self.blend_steps))
        super().__post_init__()

    @property
    def drawn(self) -> Run:
        """The run of which a step is drawn."""
        return next(run for run in self.runs if run.name == self.run)

    @property
    def shown(self) -> float:
        """The step whose weights are drawn: the nearest that is kept, unless they are blended."""
        assert self.step is not None
        return self.step if self.blend_steps else self.drawn.nearest(self.step)

    @property
    def default_name(self) -> str:
        """A name for files about the network: of the run, and the step where it is not the last."""
        return self.run if self.step == self.drawn.last else f"{self.run}-{self.step:g}"


def as_trained(network: NetworkSource) -> Trained:
    """The network itself. Raises NetartError where it is not a step of a run."""
    if not isinstance(network, Trained):
        raise NetartError(NOT_TRAINED)
    return network
