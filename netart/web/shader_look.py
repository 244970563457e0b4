"""How a shot's numbers become colours, as text: constants, and tables that are made of few."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from netart.errors import NetartError
from netart.evaluate.request import Request
from netart.net.network import Network
from netart.pixels import Pixels
from netart.shot.oklab import (
    LINEAR_FROM_LMS,
    LMS_FROM_LAB,
    MAX_CHROMA,
    blend_stops,
    oklab_from_display,
)
from netart.shot.palette import RAMP_SIZE
from netart.web.shader_text import array, constant, vector

MAX_CONSTANTS = 512  # vec4 of a table in a text
# Of what makes tables.
CONSTANTS = {
    "LMS_FROM_LAB": LMS_FROM_LAB,
    "LINEAR_FROM_LMS": LINEAR_FROM_LMS,
    "MAX_CHROMA": MAX_CHROMA,
    "RAMP_SIZE": RAMP_SIZE,
}
STOPS = (*range(2, 66), 129, 257, 513)  # how many colours a ramp is tried to be made of
NEAR = 0.25 / 255  # of a colour that is as good as the table's

# What uniforms are, as a comment beside them says it.
ABOUT = {
    "u_low": "t = (z - u_low) * u_gain + u_middle",
    "u_used": "outputs that are read",
    "u_drawn": "of these, that the palette reads",
    "u_lightness": "share of the third output in the lightness",
    "u_power": "1 / gamma",
    "u_invert": "1 runs through the palette backwards",
    "u_levels": "flat steps of the palette, 0 for none",
    "u_towards": "to the light",
    "u_halfway": "between there and the eye",
    "u_along": "to the light, in the picture",
    "u_shine": "linear light of a highlight",
    "u_height": "of the surface",
    "u_gloss": "brightness of highlights",
    "u_exponent": "sharpness of highlights",
    "u_metal": "0 for glaze to 1 for metal",
    "u_lines": "levels of a line each",
    "u_width": "of lines, in pixels",
    "u_line_width": "in pixels",
    "u_boundary": "width in pixels of the line between regions",
    "u_regions": "outputs that are compared; 1 for one and its level",
    "u_flat_from": "the first layer whose units are flat but for jumps",
    "u_level": "of the output, between two regions",
    "u_ink": "colour of lines",
    "u_paper": "colour of paper, as linear light",
    "u_on_paper": "1 for lines on paper, 0 for lines over the colours",
    "u_ground": "colour under the lines, display sRGB",
    "NAN_COLOUR": "of what is no number",
    "AMBIENT": "light from all sides",
    "DIFFUSE": "light of the lamp",
    "SHOULDER": "linear light above it is compressed",
    "SOFTNESS": "by how much",
    "SECOND": "share of the second output in the height",
    "SHADOW": "what a sheet's shadow takes of lightness",
    "RIM": "what a sheet's edge adds to it",
    "NIGHT": "linear light behind the lines",
    "FARTHEST": "values beyond it are cut",
    "STEEPEST": "derivatives beyond it are cut",
    "FLATTEST": "keeps divisions finite",
    "NEAREST": "what float32 loses of a level",
}


class Look(NamedTuple):
    """From outputs to colours: parts of a shader, and the names that stand in it."""

    # Of the look alone.
    constants: str
    # What looks at hidden layers.
    layers: list[str]
    # What reads the outputs.
    pixel: list[str]
    names: dict[str, str]


def look(network: Network, request: Request, moved: Collection[str]) -> Look:
    """The look that a request asks for. moved: uniforms that a film moves."""
    pixel, averaging = request.pixel, f"average_{request.averaging.glsl}"
    functions = {**pixel.parts, "pixel": pixel.glsl, "average": averaging}
    is_single = pixel.table is not None and pixel.table.ndim == 2  # a row, without the gamut
    if functions.get("palette") == "palette_corners" and is_single:
        functions["palette"] = "palette_corners_plain"
    names = {
        "act_output": f"act_{pixel.activation}",
        "slope_output": f"slope_{pixel.activation}",
        "mean": f"mean_{request.averaging.glsl}",
        **functions,
    }
    uniforms = {**pixel.uniforms, **(request.layers.uniforms if request.layers else {})}
    constants = {**CONSTANTS, **pixel.constants}
    declared = "".join(
        constant(name, value, ABOUT.get(name, ""))
        for name, value in uniforms.items()
        if name not in moved
    )
    shared = (constant(name, value, ABOUT.get(name, "")) for name, value in constants.items())
    parts = ["".join(shared)]
    layers: list[str] = []
    if pixel.table is not None and pixel.table.size:
        text, names["table_texture.glsl"] = _table(functions, pixel.table)
        parts.append(text)
    if request.layers and request.layers.table is not None:
        text, names["lines_texture.glsl"] = _lines(network, request.layers.table)
        names["layer_function"] = request.layers.glsl
        layers = [text, f"{request.layers.glsl}.glsl"]
    parts += [f"{name}.glsl" for name in functions.values()]
    return Look("// The look.\n\n" + declared, layers, parts, names)


def _table(functions: Mapping[str, str], table: Pixels) -> tuple[str, str]:
    """What a table is made of, and the file that makes it. table: (3, K) or (3, rows, K)."""
    palette = functions.get("palette", "")
    if "lens_regions" in functions.values():
        text = constant("SHADES", table.shape[2])
        for name, shade in (("PALE", 0), ("FULL", -1)):
            lab = oklab_from_display(table[:, :, shade].astype(np.float64))
            text += array(name, "vec3", map(vector, lab.T))
        return f"// The regions' colours, in Oklab.\n\n{text}", "text_table_regions.glsl"
    if palette in ("palette_ramp", "palette_map"):
        stops = array("STOPS", "vec3", map(vector, _stops(table).T))
        return "// The colours, in Oklab.\n\n" + stops, "text_table_ramp.glsl"
    first = {"palette_corners": 5, "palette_oklch": 1, "palette_oklab": 0}
    if palette in first:
        count = first[palette]
        rows = np.pad(table[:, 0, : max(1, count)], ((0, 1), (0, 0)))
        text = array("TABLE", "vec4", map(vector, rows.T))
        return text + constant("TABLE_ROWS", int(count > 0)), "text_table_gamut.glsl"
    rows = np.pad(table, ((0, 1), (0, 0)))
    about = "// The corners, in Oklab: bottom left, bottom right, top left, top right.\n\n"
    text = array("TABLE", "vec4", map(vector, rows.T))
    return (about if palette == "palette_corners_plain" else "") + text, "text_table_row.glsl"


def _stops(table: Pixels) -> Any:
    """(3, N) Oklab: the fewest evenly spaced colours whose blends are the table (3, RAMP_SIZE)."""
    exact = table.astype(np.float64)
    for count in STOPS:
        stops = exact[:, np.linspace(0, RAMP_SIZE - 1, count).round().astype(int)]
        if np.abs(blend_stops(stops, RAMP_SIZE) - exact).max() < NEAR:
            return oklab_from_display(stops)
    raise NetartError("look.palette: has flat steps, which text cannot hold: take a smooth map")


def _lines(network: Network, table: Pixels) -> tuple[str, str]:
    """The lines of units, and the file that reads them. table: (layers, units, 4)."""
    layers = zip(table, network.layers, strict=False)
    rows = [row[: len(layer.bias)] for row, layer in layers]
    if all((row == row[:1]).all() for row in rows):
        text = array("LINES", "vec4", (vector(row[0]) for row in rows))
        return text, "text_layer_lines.glsl"
    if table.shape[0] * table.shape[1] > MAX_CONSTANTS:
        count = table.shape[0] * table.shape[1]
        raise NetartError(
            f"lens lines: {count:,} lines with colours of their own, at most {MAX_CONSTANTS} in "
            "text: take line_colour layer, or a page (.html)"
        )
    text = array("LINES", "vec4", map(vector, table.reshape(-1, 4)))
    return text + constant("UNIT_LINES", table.shape[1]), "text_line_table.glsl"
