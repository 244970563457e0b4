"""The shots behind the pictures of a page of runs: what it draws, and what draws that again."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from netart.errors import NetartError
from netart.net.learning.data import PictureData, PointData
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained, as_trained
from netart.shot.document import Document, shot_of
from netart.shot.fields import fewest_texts
from netart.shot.lens import Colour, Lines, Regions
from netart.shot.lens.lines import GREYS, PAPER
from netart.shot.look import Look
from netart.shot.marks import Marks
from netart.shot.run_shot import shot_of_run
from netart.shot.run_text import trained_to_text
from netart.shot.sheet import Layout, Over, Sheet, to_data
from netart.shot.shot import Shot
from netart.shot.target import spell_target
from netart.shot.text import to_text
from netart.shot.timeline import Timeline
from netart.web.origin import Origin

LINE_WIDTH = 1.5  # pixels, where the shot has another lens
BACKDROPS = "prediction", "target", "white", "night"
OVER_POINTS = "prediction", "target"  # of these, points lie over them


def prediction_shot(shot: Shot, run: Run) -> Shot:
    """What the network predicts: as the shot's lens, or what lies under its lines, shows it, else
    as the run would be drawn.
    """
    lens: Any = shot.lens.ground if isinstance(shot.lens, Lines) else shot.lens
    look = shot.lens.ground_look(shot.look) if isinstance(shot.lens, Lines) else shot.look
    if not isinstance(lens, Colour | Regions):
        own = shot_of_run(run)
        lens, look = own.lens, own.look
    if isinstance(lens, Colour) and run.head.recipe.outputs == 1 and look.palette is None:
        look = Look(palette=GREYS, contrast="off")
    lens = replace(lens, layer=None)
    if isinstance(lens, Regions):
        lens = replace(lens, shading="pale", boundary=0.0)  # lines and points lie over it
    if run.head.recipe.outputs == 1 and lens.output is not None:
        lens = replace(lens, output=None)
    return Shot(network=shot.network, view=plane(shot).view, lens=lens, look=look)


def plane(shot: Shot) -> Shot:
    """The shot, its view over x and y."""
    if {*shot.view.axes} == {"x", "y"}:
        return shot
    return shot_of_run(as_trained(shot.network).drawn)


def lines_shot(shot: Shot, run: Run, backdrop: str) -> Shot:
    """The lines of all units of a run over one of BACKDROPS, as the page of the shot shows them.

    The prediction is that of the lens lines where it has such a one; of points that were learned,
    which are no target of that lens, the page shows them on paper.
    """
    drawn, look = prediction_shot(shot, run), Look(samples=shot.look.samples)
    target, output = target_text(shot, run), None
    if backdrop == "prediction":
        output = drawn.lens.output if isinstance(drawn.lens, Colour | Regions) else None
        if isinstance(drawn.lens, Regions):
            backdrop, look = "regions", drawn.look
        elif drawn.look.palette != GREYS:
            backdrop, look = "colour", drawn.look
    elif backdrop == "target" and not target:
        backdrop = "white"
    own: Any = shot.lens if isinstance(shot.lens, Lines) else Lines()
    lens = Lines(
        line_layers=own.line_layers,
        units=own.units,
        bends=own.bends,
        line_width=own.line_width or LINE_WIDTH,
        backdrop=backdrop,  # type: ignore[arg-type]
        output=output,
    )
    return replace(
        shot,
        view=plane(shot).view,
        lens=lens,
        look=look,
        beside=None,
        marks=Marks(target=target if backdrop == "target" else None),
    )


def target_text(shot: Shot, run: Run) -> str:
    """The picture that a run learned, as shots hold it; empty where it learned none, or one that no
    shot holds.
    """
    if not isinstance(run.data, PictureData):
        return "" if run.data else shot.marks.target or ""
    try:
        return spell_target(run.data)
    except NetartError:  # too large
        return ""


def shown_data(shot: Shot, run: Run) -> dict[str, Any]:
    """What metadata says of a run's lines over each of BACKDROPS: their `lens` and their `look`;
    None where no shot says it.
    """
    found: dict[str, Any] = {}
    for name in BACKDROPS:
        text = to_text(replace(lines_shot(shot, run, name), network=Trained(runs=(run,))))
        found[name] = {part: text[part] for part in ("lens", "look")}
    if _lacks_target(shot, run):
        found["target"] = None
    return found


def _lacks_target(shot: Shot, run: Run) -> bool:
    """Whether a picture was learned that is too large for a shot."""
    return isinstance(run.data, PictureData) and not target_text(shot, run)


def saved_metadata(shot: Shot) -> dict[str, Any]:
    """The metadata of pictures that the page saves, but for what a reader moves.

    A run's step goes along as explicit weights, which the page has. Of several runs it is a sheet
    over the files of the runs.
    """
    network = as_trained(shot.network)
    view = to_text(plane(shot))["view"]
    if len(network.runs) == 1:
        features = network.drawn.head.recipe.features
        own = {"kind": "weights", "features": features, "latents": []}
        return {"shot": {"network": own, "view": view}}
    own = trained_to_text(replace(network, blend_steps=True), inline=False)
    over = Over("run", tuple(run.name for run in network.runs))
    sheet = Sheet(shot=shot, overs=(over,), layout=Layout(background=PAPER))
    return {"shot": {"network": own, "view": view}, "sheet": to_data(sheet)}


def command_data(document: Document, origin: Origin) -> dict[str, Any]:
    """What a command line says that draws the page's lines: its `verb`, the `words` of SOURCE, and
    by backdrops `texts`, as in origin.py.
    """
    shot = shot_of(document)
    runs, words = as_trained(shot.network).runs, origin.words
    own = None if origin.texts is None else dict(origin.texts)
    if isinstance(document, Timeline) or not words:  # no SOURCE says a single frame
        own = None
    names = tuple(run.name for run in runs)
    if isinstance(document, Sheet) and len(runs) == 1:
        words, shot = (f"{words[0]}#1", *words[1:]) if words else (), document.panel(1)
        varied = {one.field for one in document.varied}
        own = own and {name: text for name, text in own.items() if name not in varied}
    elif len(runs) > 1 and own is not None and not _varies_runs(document, names):
        own["over"] = f"run={','.join(names)}"
    texts: dict[str, Any] = {}
    for name in BACKDROPS:
        first, *others = (_texts(shot, run, name) for run in runs)
        is_said = own is not None and first is not None and others == [first] * len(others)
        texts[name] = {**(own or {}), **(first or {})} if is_said else None
    return {
        "verb": "sheet" if len(runs) > 1 else "render",
        "words": words,
        "texts": texts,
        "step": as_trained(shot.network).step,
    }


def _varies_runs(document: Document, names: tuple[str, ...]) -> bool:
    """Whether the document is a sheet of just these runs."""
    return isinstance(document, Sheet) and [(one.field, one.values) for one in document.varied] == [
        ("run", names)
    ]


def _texts(shot: Shot, run: Run, backdrop: str) -> dict[str, str] | None:
    """The fields that make the page's lines over a backdrop of the shot; None where none do."""
    shown, texts = lines_shot(shot, run, backdrop), {}
    if backdrop == "target" and _lacks_target(shot, run):
        return None
    if backdrop in OVER_POINTS and shot.marks.points:
        shown = replace(shown, marks=replace(shown.marks, points=shot.marks.points))
    elif backdrop in OVER_POINTS and isinstance(run.data, PointData):
        texts["show_data"] = "true"
    found = fewest_texts(shown, shot)
    if found is None:  # what its look says without effect on lines may stay
        found = fewest_texts(replace(shown, look=replace(shot.look, palette=None)), shot)
    if found is None:
        return None
    if isinstance(run.data, PictureData) and not shot.marks.target:
        found.pop("target", None)  # the backdrop takes what was learned
    return {**found, **texts}
