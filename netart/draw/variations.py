"""Makes sheets: of a shot over fields, over the liveliest of its seeds or of its places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from netart.draw.score import rank
from netart.draw.spots import find_spots
from netart.errors import NetartError
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.lens import measure
from netart.shot.fields import apply, field
from netart.shot.sheet import Layout, Over, Sheet
from netart.shot.shot import Shot

SIDE = 256  # pixels of a panel


def vary(
    document: Shot | Sheet,
    overs: Iterable[Over] = (),
    *,
    best: int | None = None,
    spots: int | None = None,
    shares_contrast: bool = False,
    layout: Mapping[str, Any] | None = None,
    evaluator: Evaluator | None = None,
    done: Callable[[int], object] = lambda count: None,
) -> Sheet:
    """The sheet of a shot over these fields; without any, the sheet that `document` is.

    A new sheet writes its panels' numbers and values under them, where the layout does not say.

    overs: one or two; see `Over.of` and `Over.of_seeds`. best: keeps only so many of the seeds that
    vary, the liveliest first. spots: so many of the liveliest places of the shot vary first.
    shares_contrast: one contrast is measured over all panels. layout: fields of Layout with values
    in place of the sheet's own. evaluator: where it is a farm, its workers judge. done: called with
    how many further seeds are judged.
    Raises NetartError where nothing varies, what varies has no effect, or the shot has no such
    thing.
    """
    shot = document if isinstance(document, Shot) else document.shot
    own = None if isinstance(document, Shot) else document
    varied = list(overs)
    if best is not None:
        varied = _keep_best(shot, varied, best, evaluator or Reference(), done)
    if spots is not None:
        if hindering := _moves_spots(varied):
            raise NetartError(
                f"spots {spots}: has no meaning where {hindering} varies", field=f"spots {spots}"
            )
        varied.insert(0, find_spots(shot, spots))
    if varied:
        fresh = Layout(panel=(round(SIDE * shot.aspect), SIDE))
        kept = replace(own.layout if own else fresh, columns=None)
        if any(len(over.values) > 1 or over.field == "seed" for over in varied):
            kept = replace(kept, labels="numbered")
        own = Sheet(shot=shot, overs=tuple(varied), layout=kept)
        own.check_effects()
    if own is None:
        raise NetartError("what shall vary? give seeds, spots, or fields and their values")
    one = replace(own, layout=replace(own.layout, **(layout or {})))
    return _share_contrast(one) if shares_contrast else one


def _keep_best(
    shot: Shot,
    varied: list[Over],
    best: int,
    evaluator: Evaluator,
    done: Callable[[int], object],
) -> list[Over]:
    """The fields that vary, of the seeds only the liveliest, in their order. Raises NetartError."""
    seeds = next((over.values for over in varied if over.field == "seed"), None)
    if seeds is None:
        raise NetartError(
            f"best {best}: has no meaning without seeds", field=f"best {best}", hint="seeds"
        )
    if not 1 <= best <= len(seeds):
        raise NetartError(
            f"best {best}: must be from 1 to the {len(seeds)} seeds", field=f"best {best}"
        )
    order = rank(shot, map(int, seeds), evaluator, done)
    liveliest = Over("seed", tuple(map(str, order[:best])))
    return [liveliest if over.field == "seed" else over for over in varied]


def _moves_spots(varied: list[Over]) -> str:
    """The first field that makes another picture of which the places would not be; else empty."""
    fields = (one.field for over in varied for one in over.together)
    return next((name for name in fields if _moves_picture(name)), "")


def _moves_picture(name: str) -> bool:
    """Whether a field decides what is where in pictures, not only how it looks."""
    part = field(name).place.partition(".")[0]
    return part in ("network", "view") or name in ("lens", "beside", "layer", "output", "units")


def _share_contrast(one: Sheet) -> Sheet:
    """The sheet with one contrast, measured over all its panels. Raises NetartError."""
    if any(over.field == "contrast" for over in one.varied):
        raise NetartError("contrast shared: contrast is what varies", field="contrast shared")
    limits = measure(list(one.panels()))
    if not limits:
        raise NetartError(
            "contrast shared: the panels have no contrast in common", field="contrast shared"
        )
    return replace(one, shot=apply(one.shot, limits))
