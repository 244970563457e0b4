"""A shot or a film as text for shadertoy.com."""

from __future__ import annotations

import re

from netart.errors import NetartError
from netart.net.recipe import Recipe
from netart.shot.document import Document
from netart.web.origin import Origin
from netart.web.shader_film import move_function, seeds_of, time_function, variables
from netart.web.shader_network import (
    count,
    is_drawn,
    layers_table,
    numbers,
    numbers_table,
    seeds_table,
)
from netart.web.shader_picture import Picture, header, picture
from netart.web.shader_text import array, assemble, comment, constant, number

SUFFIX = ".shadertoy.glsl"
BUFFER_WIDTH = 256  # pixels of a row: no wider than any window
MAX_NUMBERS = BUFFER_WIDTH * 128  # vec4 of a network
# Of them that are written out: the time that SwiftShader takes grows with their square, 2 s here.
MAX_GIVEN = 512

RULE = "//" + "-" * 98 + "\n"
HEAD = (
    "#define ZERO min(0, iFrame) // 0, unknown to compilers, which would unroll the loops\n"
    f"const int BUFFER_WIDTH = {BUFFER_WIDTH}; // pixels of a row of the network's numbers\n"
)


def shadertoy(document: Document, origin: Origin) -> str:
    """The tabs of a shader that draws the document, one after the other. Raises NetartError for
    what they cannot hold.
    """
    found = picture(document, "Shadertoy text", "text_channel.glsl", draws=True)
    buffer, image = _buffer(found), _image(found)
    tabs = {"Buffer A": buffer, "Image (iChannel0: Buffer A)": image}
    if found.timeline:
        used = set(re.findall(r"\b(?:ease_\w+|over|film_time)(?=\()", buffer + image))
        film = assemble(["text_film.glsl", time_function(found.timeline.pace)], used, {})
        tabs = {"Common": film, **tabs}
    rows = -(-count(found.stages) // BUFFER_WIDTH)
    added = "tabs Common and Buffer A" if found.timeline else "tab Buffer A"
    uses = [
        f"On shadertoy.com: make a new shader; add the {added} beside the tab Image; paste each "
        "part below into its tab; in the tab Image choose Buffer A as iChannel0.",
        "",
        f"Buffer A makes the network's numbers, {BUFFER_WIDTH} x {rows} pixels, in each frame anew "
        "since buffers are emptied when their size changes; Image evaluates the network at each "
        "pixel. Drag to pan." + (" Time runs the film." if found.timeline else ""),
        "",
        "Shadertoy's samplers are of low precision: some machines round what they read to 16 bits, "
        "and colours are a few levels off, more where the network is deep.",
    ]
    texts = [comment(header(found, origin, SUFFIX, uses)), *(_tab(*tab) for tab in tabs.items())]
    return "\n".join(texts)


def _tab(name: str, text: str) -> str:
    return f"{RULE}// {name}\n{RULE}\n{text}"


def _image(found: Picture) -> str:
    names = {"u_resolution": "iResolution", **found.names}
    return assemble([HEAD, *found.parts, "text_shadertoy.glsl"], {"mainImage"}, names)


def _buffer(found: Picture) -> str:
    source = found.shot.network
    if is_drawn(source):
        assert isinstance(source, Recipe)
        return _drawn(found, source)
    given = numbers(found.stages)
    if len(given) > MAX_GIVEN:
        kind = source.distribution if isinstance(source, Recipe) else "explicit weights"
        raise NetartError(
            f"{kind}: {len(given):,} vectors of numbers, of which Shadertoy text holds at most "
            f"{MAX_GIVEN}: take a distribution of uniform draws, as in uniform, or a page (.html)"
        )
    return assemble([HEAD, numbers_table(given), "text_given.glsl"], {"mainImage"}, {})


def _drawn(found: Picture, source: Recipe) -> str:
    if (total := count(found.stages)) > MAX_NUMBERS:
        raise NetartError(
            f"network: {total:,} vectors of numbers, at most {MAX_NUMBERS:,} in Shadertoy text: "
            "take fewer or narrower layers, or a page (.html)"
        )
    moved = {name for one in found.weight_moves for name in one.variables}
    seeds = tuple(seed for seed, _ in source.mix)
    shares = array("u_shares", "float", (number(float(share)) for _, share in source.mix))
    mixing: list[str] = []
    if found.timeline and "u_shares" in moved:
        seeds, shares = seeds_of(found.timeline.tracks), ""
        mixing = [constant("SEED_COUNT", len(seeds))]
    names = {name: f"now_{name.removeprefix('u_')}" for name in moved}
    if not moved:
        names["move"] = "nothing"
    parts = [
        HEAD,
        "// Seeds, each as the lower and the upper half of its 64 bits, and their shares.\n\n"
        + seeds_table(source, seeds)
        + shares,
        found.scales,
        "text_layers.glsl",
        layers_table(found.stages, source),
        *mixing,
        *([variables(found.weight_moves)] if moved else []),
        *(["text_mix.glsl"] if mixing else []),
        *([move_function(found.weight_moves)] if moved else []),
        "text_drawn.glsl",
    ]
    return assemble(parts, {"mainImage"}, names)
