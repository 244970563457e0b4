"""The curves lens' data."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import force_setattr

from netart.errors import NetartError
from netart.net.build import features_of
from netart.net.network import input_names, inputs_read
from netart.net.recipe import NetworkSource, Recipe
from netart.net.sampling import MAX_SEED
from netart.shot.lens.base import ReadOut
from netart.shot.look import Look
from netart.shot.palette import palette_for
from netart.shot.view import View

MAX_FAMILY = 1000  # seeds
MAX_STAGES = 12  # panels
MAX_NUMBER = 1e300  # of the axes: the distance between their ends is finite


class Curves(ReadOut, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="curves"):
    """Outputs of the network as curves over one input."""

    LOOK: ClassVar[frozenset[str]] = frozenset({"palette"})
    WITHOUT: ClassVar[frozenset[str]] = frozenset({"rotate"})
    UNITS: ClassVar[tuple[int, ...]] = (1, 2, 3)

    # Seeds whose networks are drawn together, in place of the network's own.
    family: tuple[int, ...] = ()
    # Whether panels show how an output comes about: the units of each hidden layer, their weighted
    # sum, and what the activation makes of it.
    stages: bool = False
    # Whether the picture tells the categories: the sign of one output, or the largest of several.
    bands: bool = False
    # Whether circles mark where a pre-activation is 0: where the unit or the output switches.
    switches: bool = False
    # The lowest and the highest value, unset for the range of the activation or of the values.
    y_range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.family) > MAX_FAMILY:
            raise NetartError(f"lens.family: {len(self.family):,} seeds, at most {MAX_FAMILY:,}")
        for seed in self.family:
            if not 0 <= seed <= MAX_SEED:
                raise NetartError(f"lens.family: seed {seed}: must be from 0 to {MAX_SEED}")
        if len(set(self.family)) < len(self.family):
            raise NetartError("lens.family: names a seed twice")
        if self.y_range is not None:
            low, high = (end + 0.0 for end in self.y_range)  # 0 for −0
            force_setattr(self, "y_range", (low, high))
            if not -MAX_NUMBER <= low < high <= MAX_NUMBER:
                raise NetartError(
                    f"lens.y_range = {low}:{high}: must be within ±{MAX_NUMBER:g}, the lower first"
                )
        for one, other in (("family", "stages"), ("family", "bands"), ("stages", "units")):
            if getattr(self, one) and getattr(self, other):
                raise NetartError(f"lens.{one}: has no meaning beside lens.{other}")

    def check(self, network: NetworkSource, look: Look) -> None:
        super().check(network, Look())  # of the look it reads the palette alone
        if look.palette is not None:
            palette_for(look.palette, 1, 0.0)
        if self.family and not isinstance(network, Recipe):
            raise NetartError("lens.family: the network's weights are explicit, it has no seeds")
        if self.stages and isinstance(self.layer, float):
            raise NetartError(f"lens.layer = {self.layer}: stages need a whole number")
        if self.stages and network.depth + 2 > MAX_STAGES and self.layer is None:
            raise NetartError(
                f"lens.stages: {network.depth} hidden layers, at most {MAX_STAGES - 2}: "
                "lens.layer reads out an earlier one"
            )

    def check_view(self, network: NetworkSource, view: View) -> None:
        name = self.input(network, view)
        centre = view.centre[input_names(network.latents).index(name)]
        if abs(float(centre)) + view.radius > MAX_NUMBER:
            raise NetartError(
                f"lens curves: the picture goes beyond ±{MAX_NUMBER:g} of {name}: a smaller radius "
                "is needed"
            )

    def check_points(self, network: NetworkSource, view: View) -> None:
        if (name := self.input(network, view)) not in ("x", "y"):
            raise NetartError(f"marks.points: have x and y, but the curves go along {name}")

    def input(self, network: NetworkSource, view: View) -> str:
        """The name of the input over which curves are drawn: the one that the picture spans, or the
        one of its two that the network reads. Raises NetartError where it reads both.
        """
        if len(view.axes) == 1:
            return view.axes[0]
        read = inputs_read(features_of(network), network.latents)
        names = [name for name in view.axes if name in read]
        if len(names) > 1:
            cut = f"axes {names[0]}"
            raise NetartError(
                f"lens curves: the network reads {names[0]} and {names[1]}, a curve spans one "
                f"input: landscape and colour show both; for a cut along one add {cut}",
                field="lens",
                hint=cut,
            )
        return (names or view.axes)[0]

    def refuses(self, name: str, network: NetworkSource, look: Look) -> NetartError | None:
        if self.family and name in ("seed", "mix"):
            return NetartError(f"{name}: the curves are of the seeds of family", field=name)
        return super().refuses(name, network, look)

    def mapped_channels(self, network: NetworkSource, look: Look) -> int:
        return 0

    def loses_chroma(self, network: NetworkSource, look: Look) -> bool:
        return False

    def default_look(self, network: NetworkSource, look: Look) -> dict[str, str]:
        return {}
