"""Shots and networks for tests, and the pixels that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netart.evaluate.numbers import Numbers
from netart.evaluate.precision import tolerance
from netart.evaluate.reference import Reference
from netart.evaluate.request import RAW, Evaluator, PixelFunction, Request
from netart.lens import draw, heads, picture
from netart.net.build import to_network
from netart.net.network import Network, from_arrays
from netart.net.ops import ACTIVATIONS, FEATURES
from netart.pixels import Pixels, Size, Window
from netart.shot.fields import apply, parse
from netart.shot.palette import NAMES
from netart.shot.sheet import Over
from netart.shot.shot import Shot
from netart.shot.text import from_text

# What random shots take: a row of FEATURES that is added must not change the published ones.
COORDINATES = sorted(set(FEATURES) - {"swirl"})


def shot(base: Shot | None = None, allow_idle: bool = False, **texts: str) -> Shot:
    """The default shot with fields replaced, its radius unset unless it is given."""
    values = {name: parse(name, text) for name, text in texts.items()}
    return apply(base, values, allow_idle=allow_idle)


def over(text: str) -> Over:
    """What a sheet varies, written FIELD=VALUES."""
    name, _, listing = text.partition("=")
    return Over.of(name, listing)


def random_shot(number: int, seed: int, widest: int = 44) -> tuple[Shot, tuple[int, int]]:
    """Structure from `number`, weights from `seed`; all that the options offer, mixed."""
    rng = np.random.default_rng(number)
    depth = int(rng.integers(0, 9))
    widths = [int(w) for w in rng.integers(1, widest + 1, depth)]
    if depth > 3 and number % 2:
        widths = [widths[0]] * depth  # a loop over equal shapes
    names = [str(n) for n in rng.choice(sorted(ACTIVATIONS), max(1, depth if number % 3 else 1))]
    features = [str(n) for n in rng.choice(COORDINATES, rng.integers(1, 8), replace=False)]
    features = [f"{n}:{rng.uniform(0.5, 6):.2f}" if FEATURES[n].parametric else n for n in features]
    latents = [f"{name}={rng.normal():.3f}" for name in "abcde"[: rng.integers(0, 6)]]
    outputs = int(rng.integers(1, 6))
    fitting = [n for n in NAMES if outputs >= 3 or n[:3] in ("gra", "ram")]
    palette = str(rng.choice(fitting))
    hidden = {"widths": ",".join(map(str, widths))} if widths else {"layers": "0"}
    texts = hidden | {
        "activation": ",".join(names),
        "features": ",".join(features),
        "outputs": str(outputs),
        "palette": palette,
        "center": f"{rng.normal():.4f},{rng.normal():.4f}",
        "radius": f"{10 ** rng.uniform(-1, 0.7):.4f}",
        "rotate": f"{rng.uniform(-180, 180):.2f}",
        "weight_scale": f"{rng.uniform(0.2, 1.1):.3f}",
        "bias_scale": f"{rng.uniform(0, 1):.3f}",
        "layer": str(rng.integers(0, depth + 1)),
        "seed": str(seed),
    }
    if latents:
        texts["latent"] = ",".join(latents)
        if number % 5 == 0:
            texts["axes"] = "a,y"
            texts["latent"] = ",".join(["x=0.4", *latents[1:]])
            texts["features"] = "x,y,r"
    size = (int(rng.integers(20, 75)), int(rng.integers(20, 75)))
    if number % 4 == 1 and depth:
        texts["layer"] = f"{rng.uniform(0, depth):.3f}"
    if number % 5 == 2:
        texts["samples"] = str(rng.integers(2, 4))
    if number % 6 == 3 and depth:
        layer = int(rng.integers(1, depth + 1))
        texts["units"] = f"{layer}.{rng.integers(1, widths[layer - 1] + 1)}"
        texts["palette"] = "ramp:tide"
        del texts["layer"]
    elif number % 6 == 4:
        texts["output"], texts["palette"] = str(rng.integers(1, outputs + 1)), "map:batlow"
    if texts.get("axes"):
        base = shot(latent=",".join(latents), **hidden)
        return shot(base, True, **texts), size
    return shot(None, True, **texts), size


def drawn(evaluator: Evaluator, picture: Shot, size: Size, window: Window | None = None) -> Pixels:
    """The pixels of a window, by default the whole picture."""
    window = window or Window.whole(size)
    return draw(picture, size, window, evaluator)


def evaluated(
    evaluator: Evaluator,
    picture: Shot,
    size: Size,
    pixel: PixelFunction = RAW,
    window: Window | None = None,
    **more: Any,
) -> Any:
    """The pixels of a request of one's own, of what the shot's lens looks at."""
    request = Request(heads(picture), pixel, **more)
    network = to_network(picture.network)
    return evaluator.evaluate(network, picture.view, size, window or Window.whole(size), request)


def rendered(one: Shot, size: Size, evaluator: Evaluator) -> NDArray[np.uint8]:
    """(height, width, 3): the 8-bit pixels that `netart render` writes."""
    return picture(one, size, evaluator, Numbers("u1", dither=one.look.dither))


def values(picture: Shot, points: ArrayLike) -> np.ndarray:
    """(N, outputs) float64: pre-activations of the read-out at (N, 2) points, by definition."""
    from netart.evaluate.reference import forward

    at = np.asarray(points, np.float64).T
    latents = [np.full(at.shape[1], float(number)) for number in picture.view.centre[2:]]
    at = np.stack([*at, *latents])
    return forward(to_network(picture.network), heads(picture), at).outputs


@cache
def defined(picture: Shot, size: Size) -> tuple[Pixels, Pixels]:
    """The picture by the definition, (height, width, 3), and how far float32 may be off from it,
    (height, width): found once for all evaluators.
    """
    exact = drawn(REFERENCE, picture, size)
    return exact, tolerance(partial(drawn, picture=picture, size=size), exact)


def noise(size: Size, seed: int = 1) -> Pixels:
    """(height, width, 3): pixels of which no two are alike."""
    width, height = size
    return np.random.default_rng(seed).random((height, width, 3), np.float32)


def strips(pixels: Pixels, rows: int) -> Iterator[Pixels]:
    """The picture from top to bottom, `rows` rows at a time."""
    return (pixels[top : top + rows] for top in range(0, len(pixels), rows))


def explicit_network(*widths: int, latents: tuple[str, ...] = ()) -> Network:
    """Three outputs above hidden layers of these widths; the weights follow from the first."""
    random = np.random.default_rng(widths[0])
    arrays = [
        (random.standard_normal((n, m), np.float32), random.standard_normal(n, np.float32))
        for m, n in pairwise((2 + len(latents), *widths, 3))
    ]
    activations = (*["tanh"] * len(widths), "sigmoid")
    return from_arrays(
        arrays, {"activations": activations, "features": ("x", "r"), "latents": latents}
    )


class Told(Reference):
    """The definition, which tells in what order windows are started, waited for and evaluated."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def start(self, *asked: Any) -> Callable[[], Pixels]:
        number = sum(word.startswith("start") for word in self.told)
        self.told.append(f"start {number}")

        def wait() -> Pixels:
            self.told.append(f"wait {number}")
            return self.evaluate(*asked)

        return wait

    @staticmethod
    def one_ahead(count: int) -> list[str]:
        """What is told of `count` windows, each started before the one before it is waited for."""
        pairs = [(f"start {k + 1}", f"wait {k}") for k in range(count - 1)]
        return ["start 0", *(word for pair in pairs for word in pair), f"wait {count - 1}"]


REFERENCE = Reference()
EXPLICIT = from_text(
    {
        "network": {
            "kind": "weights",
            "latents": ["t"],
            "layers": [
                {"weight": [[0.4, 1, 2], [1, 0, 1]], "bias": [-0.3, 0], "activation": "sin"},
                {"weight": [[0.4, 1.0], [1.0, 2.0]], "bias": [-0.3, 0.1], "activation": "sigmoid"},
                {"weight": [[0.4, 1.0]], "bias": [-0.3], "activation": "sigmoid"},
            ],
        }
    }
)
