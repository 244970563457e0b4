"""The kinds of shaders that networks are compiled to: what differs between them, a row each."""

from __future__ import annotations

from typing import NamedTuple

# Invocations of a group: over pixels, in compute.glsl; over columns of a state, in
# quads_compute.glsl. A product's group makes PRODUCT_TILE units of as many columns.
PIXEL_GROUP = 16, 8
COLUMN_GROUP = 64
PRODUCT_TILE = 64


class Dialect(NamedTuple):
    """A kind of shader: how it reads weights, writes pixels, and how many of them at a time.

    From `head` to `product`, fields are names of files in shaders/.
    """

    name: str
    head: str  # the version of GLSL
    # Of the network in one pass:
    pixels: str  # where pixels go
    weights: str  # where weights come from
    # Of a pass a layer:
    state: str  # what the pass before has made
    quads: str  # where four units go
    layer_weights: str  # where weights come from
    product: str | None  # a layer as a product of matrices in tiles
    # The pixels that an invocation draws, by the width up to which they serve. Wider networks are
    # not unrolled.
    lanes: tuple[tuple[int, int], ...]
    software_lanes: tuple[tuple[int, int], ...]  # where the driver computes on the processor
    # The same where each value has two derivatives.
    slope_lanes: tuple[tuple[int, int], ...]
    # The pixels that an invocation draws where layers are loops; 0: they are a pass each.
    rolled_lanes: int
    constants: bool = False  # whether numbers of the look are constants, not uniforms
    # Where one draw takes all samples of a pixel: the file that calls `draw_sample` for each one,
    # which it names in `u_sample`. Elsewhere that is a uniform, and a draw takes one sample. Of a
    # pass a layer a state then has a column for each sample, and ALL_SAMPLES is defined.
    all_samples: str | None = None


# Pixels an invocation are as many as registers hold, measured on an NVIDIA H200 in Mpixel/s.
# Fragments, by 1, 2 and 4 pixels: 16×16 30, 60, 91; 18×30 7.4, 14.6, and with 3 pixels 1.0. On
# llvmpipe 18×30 has 1.3 times the loops' speed with 2 pixels, 2.1 times with 4.
FRAGMENT = Dialect(
    "fragment", "desktop.glsl", "fragment.glsl", "weights_texture.glsl",
    "state_texture.glsl", "quads_fragment.glsl", "weights_texture.glsl", None,
    lanes=((16, 4), (32, 2)), software_lanes=((32, 4),), slope_lanes=((32, 1),),
    rolled_lanes=4,
)  # fmt: skip

# By 1 and 2 pixels: 12×8 13,887 and 13,245; 16×16 3,279 and 4,093; 12×20 2,899 and 3,836; 12×24
# 2,072 and 1,425; 18×30 900 and 1,203; 12×40 795 and 315; 10×48 638 and 24; 8×56 18. With 3 and 4
# all are slower. With derivatives 12×8 7,803, 16×16 1,641, 12×24 652, 18×30 236, 12×40 23. llvmpipe
# compiles wide layers for minutes.
COMPUTE = Dialect(
    "compute", "desktop_compute.glsl", "compute.glsl", "weights_shared.glsl",
    "state_buffer.glsl", "quads_compute.glsl", "weights_buffer.glsl", "layered_product.glsl",
    lanes=((8, 1), (20, 2), (24, 1), (32, 2), (52, 1)), software_lanes=((32, 1),),
    slope_lanes=((32, 1),), rolled_lanes=0,
)  # fmt: skip

# The same where no network is narrow enough for registers.
NONE = ((0, 0),)
PRODUCTS = COMPUTE._replace(name="products", lanes=NONE, software_lanes=NONE, slope_lanes=NONE)

# A page in a browser: a fragment is a pixel with all its samples, so that no extension is needed to
# add them up in floats. Pages begin with a pass a layer. In one run beside other work, seconds
# until a picture of 8×8 is there, and samples a millisecond: unrolled, in loops, and in a pass a
# layer. SwiftShader: 16×16 0.5, 0.5, 0.2 s and 55, 43, 67; 18×30 0.9, 0.3, 0.2 s and 26, 8, 11;
# 27×30 1.3, 0.6, 0.2 s and 13, 6, 17; 40×30 0.9, 0.4, 0.1 s and 19, 7, 8; 12×40 1.8, 0.3, 0.1 s and
# 22, 12, 17; 12×48 6.9, 1.8, 0.6 s and 2.6, 1.8, 5.4; 8×64 unrolled loses the context after 15 s;
# 14×100 in loops 0.5, then 0.2 s and 1.2, 2.2. With derivatives 16×16 0.6, 0.4, 0.2 s and 70, 23,
# 24; 18×30 1.4, 0.4, 0.2 s and 19, 7, 5. Mesa: 16×16 306, 183, 120; 18×30 92, 58, 50; 12×40 63, 49,
# 54; 12×48 66, 50, 44.
WEB = Dialect(
    "web", "web.glsl", "web_pixels.glsl", "weights_texture.glsl",
    "state_texture.glsl", "web_quads.glsl", "weights_texture.glsl", None,
    lanes=((32, 1),), software_lanes=((32, 1),), slope_lanes=((32, 1),),
    rolled_lanes=1, all_samples="web_main.glsl",
)  # fmt: skip

# The same over the picture that a network learns, and for numbers that are measured.
WEB_OVER_TARGET = WEB._replace(name="web over target", all_samples="web_target.glsl")
WEB_NUMBERS = WEB._replace(name="web numbers", all_samples="web_numbers.glsl")

# Points of a grid over a page's landscape: a vertex is one, and a buffer takes what is made of it.
WEB_POINTS = WEB._replace(name="web points", pixels="web_points.glsl", all_samples=None)
