"""How fast netart's GPU evaluator draws a network, in a process of its own.

    python gpu_evaluator.py peak BACKEND
    python gpu_evaluator.py draw BACKEND DEPTHxWIDTH SIDE LIMIT_S
    python gpu_evaluator.py lanes BACKEND DEPTHxWIDTH SIDE LIMIT_S

`peak` measures what the card can do: multiply-adds in float32 a second. `draw` draws a network of
DEPTH layers, WIDTH units each, as 8-bit RGB in memory; `lanes` does so with 1, 2, 3 and 4 pixels
an invocation. Pictures are SIDE pixels a side, or fewer where one would take longer than LIMIT_S;
a small one is first compared with the reference, so that a wrong evaluator cannot win. Every
result is a line of JSON, printed as soon as it is there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netart.errors import NetartError
from netart.evaluate.backend import open_evaluator
from netart.evaluate.numbers import Numbers
from netart.evaluate.reference import Reference
from netart.evaluate.request import Evaluator
from netart.lens import cost, draw
from netart.net.recipe import Recipe
from netart.pixels import Window
from netart.shot.look import Look
from netart.shot.shot import Shot

Bytes = NDArray[np.uint8]
Draw = Callable[[int], Any]  # a side → the picture's pixels, (side, side, 3) uint8

GRID = 64  # pixels a side of the picture that is compared with the reference
MAX_OFF = 0.002  # share of its values that may be off by more than one step of 255
MIN_CONTRAST = 3.0  # steps, the standard deviation of a picture in which there is something to see
FIRST_SIDE = 128  # of the pictures that grow until one takes long enough
ROUNDS = 5
LANES = (1, 2, 3, 4)

# A shader that multiplies and adds: CHAINS sums of four, none of which waits for another.
GROUPS, GROUP, CHAINS, UNROLLED = 16384, 256, 8, 8
PEAK_S = 0.02  # of a dispatch, at least


def shot(name: str) -> Shot:
    """The network's picture: tanh, and sigmoid straight to RGB.

    Its weights are scaled so that the picture is neither mist nor static at any depth: a layer
    multiplies small differences by about 1.27.
    """
    depth, width = map(int, name.split("x"))
    recipe = Recipe(widths=(width,) * depth, weight_scale=2.2 / width**0.5, bias_scale="same")
    return Shot(network=recipe, look=Look(palette="rgb", contrast="off"))


def multiplications(name: str) -> int:
    """Of a pixel of the network's picture; each comes with an addition."""
    return cost(shot(name))


def evaluator_draw(evaluator: Evaluator, name: str) -> Draw:
    """The picture as a file of 8 bits takes it, in one piece."""
    asked, numbers = shot(name), Numbers("u1")
    return lambda side: draw(asked, (side, side), Window(0, 0, side, side), evaluator, numbers)


@lru_cache(1)
def exact(name: str) -> NDArray[np.int_]:
    """The reference's picture, GRID pixels a side."""
    return evaluator_draw(Reference(), name)(GRID).astype(int)


def check(pixels: Bytes, name: str) -> float:
    """The share of values that differ from the reference's by more than one step, on GRID pixels.

    Raises ValueError if it is too large, or if there is nothing to see.
    """
    off = float((abs(pixels - exact(name)) > 1).mean())
    if off > MAX_OFF:
        raise ValueError(f"draws something else: {off:.1%} of the values are off")
    contrast = exact(name).std()
    if contrast < MIN_CONTRAST:
        raise ValueError(f"the picture is even: {contrast:.1f} steps of contrast")
    return off


def timed(work: Callable[..., Any], *arguments: Any) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def largest_side(draw: Draw, most: int, limit_s: float) -> int:
    """The side of the largest picture that takes no longer; the evaluator is warm by then."""
    side = min(FIRST_SIDE, most)
    while 4 * timed(draw, side) <= limit_s and 2 * side <= most:
        side *= 2
    return side


def typical_s(measure: Callable[[], float], limit_s: float) -> float:
    """The median of ROUNDS measurements, of fewer where one takes longer than the limit."""
    first_s = measure()
    rounds = min(ROUNDS, max(1, round(ROUNDS * limit_s / first_s)))
    return median([first_s, *(measure() for _ in range(rounds - 1))])


@contextmanager
def timed_shaders(context: Any) -> Iterator[dict[str, list[float]]]:
    """Lists of the seconds of every draw (`render`) and dispatch (`run`) inside the block.

    The GPU is idle before and after each: what is between them, such as reading back, is left out.
    """
    import moderngl

    kinds = ((moderngl.VertexArray, "render"), (moderngl.ComputeShader, "run"))
    originals = [(kind, name, getattr(kind, name)) for kind, name in kinds]
    found: dict[str, list[float]] = {name: [] for _, name in kinds}

    def timing(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            context.finish()
            start = time.perf_counter()
            result = original(*arguments, **options)
            context.finish()
            found[name].append(time.perf_counter() - start)
            return result

        return run

    for kind, name, original in originals:
        setattr(kind, name, timing(name, original))
    try:
        yield found
    finally:
        for kind, name, original in originals:
            setattr(kind, name, original)


def measured(evaluator: Any, name: str, most: int, limit_s: float) -> dict[str, Any]:
    """What a network's pictures cost on this evaluator: seconds, and the first one's compiling."""
    picture = evaluator_draw(evaluator, name)
    start = time.perf_counter()
    pixels = picture(GRID)
    first_s = time.perf_counter() - start
    off = check(pixels, name)
    compile_s = first_s - timed(picture, GRID)
    side = largest_side(picture, most, limit_s)
    whole_s = typical_s(lambda: timed(picture, side), limit_s)
    fragments = []
    with timed_shaders(evaluator.device.context) as found:

        def shaders_s() -> float:
            for times in found.values():
                times.clear()
            picture(side)
            whole = sum(map(sum, found.values()))
            fragments.append(sum(found["render"]) / whole)
            return whole

        alone_s = typical_s(shaders_s, limit_s)
    return {
        "side": side,
        "whole_s": whole_s,
        "shaders_s": alone_s,
        "fragments": median(fragments),  # share of the shaders' time
        "compile_s": compile_s,
        "off": off,
    }


def own_lanes(table: Sequence[tuple[int, int]], width: int) -> int | None:
    """The pixels an invocation that the evaluator's table has for a width; None beyond it."""
    return next((lanes for widest, lanes in table if width <= widest), None)


def lanes(evaluator: Any, name: str, most: int, limit_s: float) -> Iterator[dict[str, Any]]:
    """A result for each number of pixels an invocation."""
    stage, width = evaluator.stage, int(name.split("x")[1])
    dialect = stage.dialect
    own = own_lanes(dialect.lanes, width)
    for count in LANES:
        stage.dialect = dialect._replace(lanes=((width, count),))
        try:
            found = measured(evaluator, name, most, limit_s)
        except (NetartError, ValueError) as error:
            found = {"why": str(error)}
        yield {"lanes": count, "own": own, **found}


def peak_text() -> str:
    """The compute shader behind `peak`."""
    sums = [f"s{k}" for k in range(CHAINS)]
    lines = [
        "#version 430",
        f"layout(local_size_x = {GROUP}) in;",
        "layout(std430, binding = 0) writeonly buffer Sums { vec4 o_sums[]; };",
        "uniform int u_loops;",
        "uniform float u_factor;",  # numbers that the compiler does not know, near 1 and 0
        "uniform float u_addend;",
        "void main() {",
        *(f"    vec4 {s} = vec4(gl_LocalInvocationIndex + {k}u);" for k, s in enumerate(sums)),
        "    for (int k = 0; k < u_loops; ++k) {",
        *(f"        {s} = {s} * u_factor + u_addend;" for s in sums * UNROLLED),
        "    }",
        f"    o_sums[gl_LocalInvocationIndex] = {' + '.join(sums)};",
        "}",
    ]
    return "\n".join(lines)


def peak(evaluator: Any) -> dict[str, Any]:
    """Multiply-adds a second in float32, the best of ROUNDS; why not, below OpenGL 4.3."""
    context = evaluator.device.context
    renderer = evaluator.device.info["GL_RENDERER"]
    card = renderer.partition("/")[0]  # NVIDIA's goes on with the bus and the processor
    about = {"card": card, "what": evaluator.describe(), "software": evaluator.software}
    if context.version_code < 430:
        return about | {"why": f"OpenGL {context.version_code / 100} has no compute shaders"}
    with context:
        program = context.compute_shader(peak_text())
        program["u_factor"], program["u_addend"] = 0.999, 0.001
        sums = context.buffer(reserve=16 * GROUP)
        sums.bind_to_storage_buffer(0)

        def run(loops: int) -> None:
            program["u_loops"] = loops
            program.run(GROUPS)
            context.finish()

        loops = 1
        run(loops)  # compiles
        while timed(run, loops) < PEAK_S:
            loops *= 2
        best_s = min(timed(run, loops) for _ in range(ROUNDS))
        ran = np.frombuffer(sums.read(), np.float32)
        for made in (program, sums):
            made.release()
    if not (np.isfinite(ran).all() and ran.all()):
        return about | {"why": "the shader did not run"}
    return about | {"fma_s": GROUPS * GROUP * 4 * CHAINS * UNROLLED * loops / best_s}


def say(result: dict[str, Any]) -> None:
    print(json.dumps(result), flush=True)


def main(what: str, backend: str, *arguments: str) -> None:
    """What the module's first lines say."""
    try:
        with open_evaluator(backend) as evaluator:
            if what == "peak":
                say(peak(evaluator))
                return
            name, side, limit_s = arguments
            work = {"draw": lambda *given: [measured(*given)], "lanes": lanes}[what]
            for result in work(evaluator, name, int(side), float(limit_s)):
                say(result)
    except (NetartError, ValueError) as error:
        say({"why": str(error)})


if __name__ == "__main__":
    main(*sys.argv[1:])
