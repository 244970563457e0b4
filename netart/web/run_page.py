"""The page of runs: networks while they learn, moved through time by one slider."""

from __future__ import annotations

import base64
from io import BytesIO
from itertools import chain
from math import ceil
from typing import Any

import numpy as np
from msgspec.structs import replace

from netart.errors import NetartError
from netart.evaluate.weights import activation_codes
from netart.lens.kinds import POINTWISE
from netart.lens.plot import COLOURS as RUN_COLOURS
from netart.net.build import activations_of, features_of, to_network
from netart.net.learning.data import PictureData, PointData
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained, as_trained
from netart.net.ops import Array
from netart.net.piecewise import BENT, KINKED, check_piecewise_linear
from netart.shot.document import Document, shot_of
from netart.shot.lens import Colour, Lines, Regions
from netart.shot.lens.lines import BY_BACKDROP, GREYS, NIGHT, PAPER
from netart.shot.palette import palette
from netart.shot.run_shot import aspect_of_run, rows_of_points
from netart.shot.shot import Shot
from netart.shot.target import parse_target
from netart.shot.timeline import Timeline
from netart.shot.view import affine
from netart.web.bundle import script, style
from netart.web.describe import counted, with_description
from netart.web.html import Text
from netart.web.marks import point_style
from netart.web.origin import Origin
from netart.web.packed import packed_page
from netart.web.picture import picture_data
from netart.web.run_data import MAX_BYTES, weights_data
from netart.web.run_shots import (
    LINE_WIDTH,
    command_data,
    plane,
    prediction_shot,
    saved_metadata,
    shown_data,
    target_text,
)

MAX_RUNS = 6  # side by side
MAX_POINTS = 1000  # that are drawn
LEVELS = 256  # of a value's colours
RAMP_STEP = 6  # of 2520 entries: stops still fall on entries where they are at most eight


# What keys do: their labels, their names as in browser/run_keys.js, and words.
KEYS = (
    ("space", [" "], "play, pause"),
    ("→ j", ["j"], "later checkpoint"),
    ("← J", ["J"], "earlier checkpoint"),
    ("PgDn PgUp", ["PageDown", "PageUp"], "ten later, ten earlier"),
    ("home end", ["Home", "End"], "first, last step"),
    ("1…9", ["1"], "show, hide a layer"),
    ("a", ["a"], "all lines"),
    ("b", ["b"], "bends: the lines on which those shown bend"),
    ("k", ["k"], "what lies behind the lines"),
    ("+ -", ["+", "-"], "zoom"),
    ("0", ["0"], "whole view"),
    ("u ctrl-z", ["u"], "undo"),
    ("ctrl-y", ["u"], "redo"),
    ("s", ["s"], "save picture"),
    ("x", ["x"], "copy command"),
    ("p", ["p"], "show, hide the controls"),
    ("f", ["f"], "full screen"),
    ("h", ["h"], "show, hide this"),
)
MOUSE = (
    ("wheel", "zoom at the pointer"),
    ("drag", "pan"),
    ("click", "on a line: that line alone, again: all"),
)
TOUCH = (("drag", "pan"), ("pinch", "zoom"), ("tap", "on a line: that line alone, again: all"))


def run_page(document: Document, origin: Origin) -> str:
    """The page's HTML: all runs that the document's network names, and how it shows them.

    Raises NetartError where they are too many, or too large.
    """
    shot, name = shot_of(document), origin.name
    network = as_trained(shot.network)
    if len(network.runs) > MAX_RUNS:
        raise NetartError(f"{name}: {len(network.runs)} runs: a page shows {MAX_RUNS} at most")
    shared: dict[str, list[Any]] = {"pictures": [], "grounds": [], "shown": []}
    runs = [_run_data(run, shot, **shared) for run in network.runs]
    descriptions = dict.fromkeys(_describe(run) for run in network.runs)
    about = with_description(origin.about, " ".join(descriptions))
    data = {
        "name": name,
        "about": about,
        "runs": runs,
        **shared,
        "saved": saved_metadata(shot),
        "command": command_data(document, origin),
        "view": _view_data(shot),
        "aspect": aspect_of_run(network.drawn),
        "start": _start(document, network),
        "colours": _colours(),
        "help": {"keys": KEYS, "mouse": MOUSE, "touch": TOUCH},
    }
    return packed_page(
        Text(name, about), style("run.css", "help.css"), BODY, script("run_page.js"), data
    )


def why_other_lens(shot: Shot) -> str:
    """What of the shot of a run its page does not show, in words; empty where it shows all."""
    if isinstance(shot.lens, Lines | Colour | Regions):
        return ""
    return f"pages of runs show lines over predictions, not the lens {shot.lens.kind}"


def _run_data(
    run: Run, shot: Shot, pictures: list[Any], grounds: list[Any], shown: list[Any]
) -> dict[str, Any]:
    """A run as plain data. pictures, grounds, shown: to which what it is drawn by, what it is drawn
    over, and what its shots say, is added where they lack it.
    """
    assert isinstance(shot.network, Trained)
    if run.head.recipe.latents:
        raise NetartError(f"{run.name}: pages of runs have no latents")
    share = MAX_BYTES // len(shot.network.runs)
    own = replace(shot, network=Trained(runs=(run,)), beside=None)
    drawn = prediction_shot(own, run)
    network, hidden = to_network(own.network), activations_of(own.network)
    try:
        check_piecewise_linear(own.network, len(hidden) - 1)
        exact = True
    except NetartError:
        exact = False
    output = drawn.lens.output if isinstance(drawn.lens, Colour | Regions) else None
    codes = activation_codes(network, len(hidden))
    return {
        **weights_data(run, share),
        "name": run.name,
        "activations": [*hidden, "linear"],
        "outputActivation": network.layers[-1].activation,
        "features": [[one.kind.name, one.parameter] for one in features_of(own.network)],
        "exact": exact,
        "slopes": [KINKED.get(name, (0, 0)) for name in hidden],
        "bent": [name in BENT for name in hidden],
        "codes": [codes[name] for name in hidden],
        "outputs": None if output is None else [output - 1],
        "tints": _tints(drawn),
        "picture": _place(pictures, _without_weights(picture_data(drawn, is_fixed=True))),
        "shown": _place(shown, shown_data(shot, run)),
        "ground": _place(grounds, _ground(run, shot)),
    }


def _place(found: list[Any], one: Any) -> int:
    """The index of what is equal in the list, to which it is added if nothing is."""
    if one not in found:
        found.append(one)
    return found.index(one)


def _without_weights(picture: dict[str, Any]) -> dict[str, Any]:
    """A picture's data without the weights of its network, which the page packs anew, without what
    measures it and the one shader of all layers, and with colours of 8 bits.
    """
    textures = {name: one for name, one in picture["textures"].items() if name != "u_weights"}
    if table := textures.get("u_table"):
        numbers = np.frombuffer(base64.b64decode(table["numbers"]), "<f4")
        colours = numbers.reshape(table["height"], table["width"], -1)[..., :3]
        if len(colours) == 1:  # a ramp, which shaders interpolate
            colours = colours[:, ::RAMP_STEP]
        levels = np.rint(255 * np.clip(colours, 0, 1)).astype(np.uint8)
        text = base64.b64encode(levels.tobytes()).decode()
        textures["u_table"] = {"width": levels.shape[1], "height": len(levels), "bytes": text}
    passes = picture["layers"]["passes"]
    places: dict[int, int] = {}
    for part in chain.from_iterable(passes.values()):
        places.setdefault(part, len(places))
    numbered = {name: [places[part] for part in parts] for name, parts in passes.items()}
    return {
        **picture,
        "textures": textures,
        "measure": None,
        "fragment": None,
        "layers": {**picture["layers"], "passes": numbered},
        "parts": [picture["parts"][part] for part in places],
    }


def _tints(shot: Shot) -> dict[str, Any] | None:
    """How outputs become colours where there is no GPU, None where only a GPU can do it."""
    lens, look = shot.lens, shot.look
    assert isinstance(lens, Colour | Regions)
    if isinstance(lens, Regions):
        table = POINTWISE[lens.kind].request(shot).pixel.table
        assert table is not None  # of each region, from pale to full
        return {"kind": "regions", "level": lens.level, "colours": _bytes(table[:, :, 0])}
    if look.contrast != "off" or look.finish or look.palette is None:
        return None
    chosen = palette(look.palette)
    if chosen.kind.max_outputs == 1:
        values = np.linspace(0, 1, LEVELS)[None]
        return {"kind": "ramp", "colours": _bytes(chosen.kind.function(values, chosen.table))}
    return {"kind": "rgb"} if look.palette == "rgb" and shot.network.outputs == 3 else None


def _bytes(colours: Array) -> list[list[int]]:
    """(3, N) display sRGB as levels."""
    levels: list[list[int]] = np.rint(255 * np.clip(colours.T, 0, 1)).astype(int).tolist()
    return levels


def _ground(run: Run, shot: Shot) -> dict[str, Any]:
    """What the run learned: a picture as a data URL with its corners, points with their classes and
    how they look.
    """
    data = run.data
    if data is None and shot.marks.target:
        data = parse_target(shot.marks.target)
    if isinstance(data, PictureData):
        ground = {"target": target_text(shot, run), "span": data.span}
        is_image = data.outputs == 3 and ground["target"]
        return ground if is_image else ground | {"image": _image(data)}
    if isinstance(data, PointData):
        rows = rows_of_points(run)
    elif shot.marks.points:
        found = shot.marks.resolve()
        both = zip(found.xy.tolist(), found.classes.tolist(), strict=True)
        rows = tuple((x, y, number) for (x, y), number in both)
    else:
        return {}
    return {"points": rows[:: ceil(len(rows) / MAX_POINTS)], "style": point_style()}


def _image(data: PictureData) -> str:
    """A data URL of the picture, greys between those of a prediction."""
    from PIL import Image

    if data.outputs == 3:
        image = Image.fromarray(data.pixels)
    else:
        chosen = palette(GREYS)
        table = np.array(_bytes(chosen.kind.function(np.linspace(0, 1, 256)[None], chosen.table)))
        levels, places = np.unique(data.pixels[..., 0], return_inverse=True)
        image = Image.fromarray(places.reshape(data.pixels.shape[:2]).astype(np.uint8), "P")
        image.putpalette(table[levels].astype(np.uint8).tobytes())
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _view_data(shot: Shot) -> dict[str, Any]:
    """The view: x and y are center + radius · basis · (u, v)."""
    view = plane(shot).view
    rows = affine(view, ("x", "y"))
    return {
        "center": rows[:, 0].tolist(),
        "radius": view.radius,
        "basis": (rows[:, 1:] / view.radius).tolist(),
    }


def _start(document: Document, network: Trained) -> dict[str, Any]:
    """What the page shows first."""
    lens = shot_of(document).lens
    found: dict[str, Any] = {"step": network.step, "playing": isinstance(document, Timeline)}
    if isinstance(lens, Lines):
        found |= {
            "lineWidth": lens.line_width or LINE_WIDTH,
            "lineLayers": lens.line_layers,
            "units": lens.units,
            "bends": lens.bends,
            "backdrop": lens.backdrop,
        }
    return found


def _colours() -> dict[str, Any]:
    """Of lines by what lies under them, of runs, and of what is under lines alone."""
    return {
        "lines": {name: colours.split() for name, colours in BY_BACKDROP.items()},
        "runs": RUN_COLOURS,
        "paper": PAPER,
        "night": NIGHT,
    }


def _describe(run: Run) -> str:
    """A sentence on the run."""
    recipe = run.head.recipe
    widths = ", ".join(map(str, recipe.widths))
    if len(set(recipe.widths)) == 1 and recipe.depth > 1:
        widths = f"{recipe.depth} × {recipe.widths[0]}"
    kinds = " and ".join(dict.fromkeys(recipe.activations))
    units = "unit" if recipe.widths == (1,) else "units"
    network = f"{widths} {kinds} {units}" if recipe.widths else "no hidden layers"
    learned = f" learned {run.data.name}" if run.data else ""
    return f"A network of {network}{learned} in {counted(run.last, 'step')}."


BODY = """<noscript><p>Without scripts this page shows nothing.</p></noscript>
<main>
<h1 id="title" class="unseen"></h1>
<section id="stage" aria-label="Pictures"></section>
<section id="time" aria-label="Training">
<div class="now">
<button id="play" aria-label="Play"><svg viewBox="0 0 24 24" aria-hidden="true">
<path class="play" d="M8 5v14l11-7z"/><path class="pause" d="M7 5h4v14H7zm6 0h4v14h-4z"/>
</svg></button>
<p><b id="step"></b><span id="numbers"></span></p>
<button id="fold" aria-expanded="true" aria-controls="side" aria-label="Controls">
<svg viewBox="0 0 18 18" aria-hidden="true"><path d="M1 5h7m5 0h4M1 13h3m5 0h8"/>
<circle cx="10.5" cy="5" r="2.2"/><circle cx="6.5" cy="13" r="2.2"/></svg></button>
</div>
<svg id="chart" aria-hidden="true"></svg>
<input id="slider" type="range" min="0" step="any" aria-label="Step of training">
</section>
<section id="side" aria-label="What is shown">
<h2 id="name"></h2>
<p><span id="about"></span> <span id="kept"></span></p>
<fieldset><legend>Behind the lines</legend><div id="backdrops"></div></fieldset>
<fieldset id="units"><legend>Where units switch</legend></fieldset>
<div class="buttons">
<button id="all">All lines</button><button id="none">No lines</button>
<button id="bends" aria-pressed="false">Bends</button><button id="view">Whole view</button>
<span class="together"><button id="save">Save picture</button>
<select id="sizes" aria-label="Size of saved pictures">
<option value="1">size as shown</option><option value="2">2 × as shown</option>
<option value="4">4 × as shown</option>
</select></span>
<button id="link">Copy link</button><button id="command">Copy command</button>
<button id="undo">Undo</button><button id="redo">Redo</button>
<button id="full">Full screen</button><button id="keys">Help</button>
</div>
</section>
</main>
<div id="tip" hidden></div>
<p id="notice" class="gone" role="status"></p>
<p id="status" class="unseen" role="status"></p>
<dialog id="help"></dialog>"""
