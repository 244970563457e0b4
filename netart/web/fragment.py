"""A shot or a film as a plain fragment shader, for viewers of such files."""

from __future__ import annotations

from netart.errors import NetartError
from netart.shot.document import Document
from netart.web.origin import Origin
from netart.web.shader_film import time_function
from netart.web.shader_network import count, is_drawn, numbers, numbers_table
from netart.web.shader_picture import Picture, header, picture
from netart.web.shader_text import assemble, comment
from netart.web.shadertoy import MAX_NUMBERS

SUFFIX = ".frag"
MAX_GIVEN = 4000  # vec4 of a network that are written out: llvmpipe compiles them in 5 s

HEAD = """#version 330 core

"""
HOST = """uniform vec2 u_resolution; // of the window, in pixels
uniform vec2 u_mouse;      // in pixels
uniform float u_time;      // in seconds

out vec4 o_colour;

#define ZERO min(0, int(u_time)) // 0, unknown to compilers, which would unroll the loops
"""


def fragment(document: Document, origin: Origin) -> str:
    """The shader, whose version comes first. Raises NetartError for what it cannot hold."""
    found = picture(document, "a fragment", "text_constants.glsl", draws=False)
    uses = [
        "For glslViewer, and for other programs that give its uniforms: u_resolution, u_mouse and "
        "u_time. The picture follows the mouse."
        + (" Time runs the film." if found.timeline else ""),
    ]
    names = {**found.names, **{name: name for name in ("u_resolution", "u_mouse", "u_time")}}
    parts = [HOST, _numbers(found), *found.parts, "text_fragment.glsl"]
    if found.timeline:
        parts[1:1] = ["text_film.glsl", time_function(found.timeline.pace)]
    text = assemble(parts, {"main"}, names)
    return f"{HEAD}{comment(header(found, origin, SUFFIX, uses))}\n{text}"


def _numbers(found: Picture) -> str:
    """The network's numbers."""
    given = numbers(found.stages)
    if len(given) > MAX_GIVEN:
        raise NetartError(
            f"network: {len(given):,} vectors of numbers, of which a fragment holds at most "
            f"{MAX_GIVEN:,}: {_instead(found)}"
        )
    return numbers_table(given)


def _instead(found: Picture) -> str:
    """What holds networks that a fragment does not."""
    if is_drawn(found.shot.network) and count(found.stages) <= MAX_NUMBERS:
        return "Shadertoy text (.shadertoy.glsl) draws them from seeds"
    return "export a page (.html)"
