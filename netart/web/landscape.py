"""What a page needs to draw a landscape: a mesh whose vertices the network evaluates."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from msgspec.structs import replace

from netart.evaluate import glsl
from netart.evaluate.constants import fold_constants, folded
from netart.evaluate.dialects import WEB_POINTS
from netart.evaluate.request import Request
from netart.evaluate.shader_files import join
from netart.lens import mesh
from netart.lens.mesh import Mesh
from netart.net.build import to_network
from netart.pixels import PREVIEW
from netart.shot.fields import field
from netart.shot.lens import Landscape
from netart.shot.parts import Parts
from netart.shot.shot import Shot
from netart.web.bundle import shorten
from netart.web.controls import controls
from netart.web.picture import request_data

MAX_ZOOM = 10.0

# What of the lens a page changes: a slider's ends and its steps, 0 for as fine as it is, and what
# may be written.
SLIDERS = {
    "azimuth": (-180, 180, 1, -1e9, 1e9),
    "elevation": (2, 90, 1, 2, 90),
    "rise": (0, 1.5, 0, 0, 10),
    "contours": (0, 40, 1, 0, 200),
    "sun_azimuth": (-180, 180, 1, -1e9, 1e9),
    "sun_elevation": (2, 90, 1, 2, 90),
}

# What keys do here, where it is not what they do elsewhere, mouse and fingers.
KEYS = {
    "arrows": "go around, higher, lower",
    "+ -": "nearer, farther",
    "b B": "let it rise, sink",
}
MOUSE = (
    ("drag", "go around"),
    ("wheel", "nearer, farther"),
    ("double-click", "nearer"),
    ("ctrl-drag", "move the sun"),
)
TOUCH = (("drag", "go around"), ("pinch", "nearer, farther"), ("double-tap", "nearer"))

FLOORS = {"none": 0, "contours": 1, "regions": 2}


def why_still(shot: Shot) -> str:
    """Why a page does not draw a landscape itself, in words; empty where it does."""
    lens = _lens(shot)
    if shot.beside:
        return "lenses side by side"
    if lens.sight == "top":
        return "landscapes from above"
    if shot.marks.points:
        return "points over a landscape"
    ground = mesh.mesh(seen(shot))
    if ground.lines is None:
        return "curves on a landscape's floor"
    asked = [request for request in (ground.heights, ground.colours) if request]
    if not all(glsl.fits_one_pass(*folded(shot, request), WEB_POINTS) for request in asked):
        return "networks as large as this one"
    return ""


def heights(shot: Shot) -> Request:
    """What is asked of the network: heights and their slopes."""
    return mesh.mesh(shot).heights


def seen(shot: Shot) -> Shot:
    """The shot as its camera sees it, where it is also seen from above."""
    return replace(shot, lens=replace(_lens(shot), sight="camera"))


def height_shot(shot: Shot) -> Shot:
    """The shot whose one output is the height."""
    return replace(shot, lens=_lens(shot).height_lens)


def landscape_controls(shot: Shot) -> list[dict[str, Any]]:
    """The fields that a page of the shot changes, as in controls.py, and `zoom`, the page's own."""
    lens = _lens(shot)
    found = controls(shot, {"uniforms": {}, "measure": None})
    zoom = {"name": "zoom", "label": "zoom", "group": "view"}
    zoom["help"] = "How near the camera is; saved pictures leave it out."
    found.append(zoom | {"value": 1, "place": "", "least": 1, "most": MAX_ZOOM, "log": True}
                 | {"kind": "number", "low": 1, "high": MAX_ZOOM})  # fmt: skip
    parts = Parts.of(shot)
    for name, (low, high, step, least, most) in SLIDERS.items():
        row = field(name)
        if not row.refuses(parts):
            found.append(
                {"name": name, "label": name.replace("_", " "), "group": "lens"}
                | {"help": row.help, "value": getattr(lens, name), "place": row.place}
                | {"kind": "number", "low": low, "high": high, "least": least, "most": most}
                | ({"step": step} if step else {})
            )
    return found


def _lens(shot: Shot) -> Landscape:
    assert isinstance(shot.lens, Landscape)
    return shot.lens


def landscape_data(shot: Shot) -> dict[str, Any]:
    """The shot of the landscape lens as plain data: what browser/landscape_view.js draws."""
    ground = mesh.mesh(shot)
    lines = ground.lines or []
    return {
        "heights": points_data(shot, ground.heights),
        "colours": ground.colours and points_data(shot, ground.colours),
        "head": _head(ground, len(lines)),
        "programs": _programs(ground),
        "table": base64.b64encode(ground.table.tobytes()).decode(),
        "frame": mesh.FRAME,
        "light": mesh.LIGHT,
        # Whether other networks have limits of their own, and the samples that these are found by.
        "measures": ground.measures,
        "measured": PREVIEW[0],
        "solid": ground.solid,
        "jumps": ground.jumps,
        "zero": ground.zero,
        "border": ground.border,
        "lines": [number for line in lines for number in line],
    }


def points_data(shot: Shot, request: Request) -> dict[str, Any]:
    """What is asked of the network at points, as plain data: what browser/landscape_grid.js
    evaluates.
    """
    network, view, request = fold_constants(to_network(shot.network), shot.view, request)
    vertex = shorten(glsl.one_pass(network, request, WEB_POINTS))
    counts = glsl.counts(network, request)
    return {"vertex": vertex, **request_data(network, view, request, counts)}


def _head(ground: Mesh, lines: int) -> str:
    """What every shader of the landscape begins with. lines: on the floor."""
    switches = {
        "JUMPS": int(ground.jumps),
        "DRAPED": int(ground.colours is not None),
        "FLOOR": FLOORS[ground.floor],
        "LINES": lines,
    }
    text = join(
        "web.glsl",
        *(f"#define {name} {value}\n" for name, value in switches.items()),
        *(_constant(name, value) for name, value in mesh.MATERIALS.items()),
        "web_landscape.glsl",
    )
    return shorten(text)


def _programs(ground: Mesh) -> dict[str, list[str]]:
    """The shaders by what they draw, behind that head: of vertices, where they have one, and of
    fragments.
    """
    names = ["surface"]
    names += ["wall"] if ground.solid else []
    names += ["plane"] if ground.zero is not None else []
    ends = "vert", "frag"
    found = {name: [_part(f"{name}.{end}") for end in ends] for name in names}
    return {
        **found,
        "floor": [_part("floor.frag")],
        "screen": [_part("screen.frag")],
    }


def _part(name: str) -> str:
    return shorten(join(f"web_landscape_{name}.glsl"))


def _constant(name: str, value: Any) -> str:
    """The line that declares a number, a colour or a list of numbers."""
    array = np.asarray(value, np.float64)
    if not array.ndim:
        return f"const float {name} = {array.item()!r};\n"
    kind = "vec3" if len(array) == 3 else f"float[{len(array)}]"
    return f"const {kind} {name} = {kind}({', '.join(map(repr, array.tolist()))});\n"
