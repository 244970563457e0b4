"""Compares netart's evaluators with the independent one, over random pictures.

    python -m tests.campaign.agreement --count 320

prints a table of the errors, a row an evaluator. Picture K is the same in every run; `--only K`
shows its options and its errors.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from netart.cli import main as netart
from tests.campaign.evaluator import (
    ACTIVATIONS,
    FEATURES,
    Network,
    Noise,
    Picture,
    Values,
    draw,
)
from tests.campaign.tables import markdown

EVALUATORS = "reference", "cpu", "gpu"
DISTRIBUTIONS = (
    "uniform", "normal", "he_uniform", "he_normal", "glorot_uniform", "glorot_normal",
    "lecun_uniform", "lecun_normal", "orthogonal", "torch_linear", "siren",
)  # fmt: skip
SETTINGS = {
    "sin_x": "2.5", "sin_y": "0.7", "cos_x": "4", "cos_y": "1.5", "kaleidoscope": "5",
    "tile": "1.5", "mirror_tile": "0.8", "spiral": "2", "swirl": "3/2/5",
}  # fmt: skip
RAMP, RAMP_TEXT = ((16, 32, 48), (240, 160, 64), (255, 255, 255)), "#102030,#f0a040,white"
TITLES = (
    "evaluator", "pictures", "pixels", "largest error", "allowed there", "pixels beyond",
    "error / allowed, at most",
)  # fmt: skip

# The reference computes in float64, which .npy rounds to float32: by half of a rounding of numbers
# up to 1. Twice that leaves room for colours, whose curve has two pieces that do not quite meet.
# Of two layers that are mixed, it rounds the weights of both read-outs once more. netart's erf, in
# gelu, is a polynomial good to 1.5e-7, which later layers and limits make larger.
REFERENCE_ALLOWANCE, MIXED_ALLOWANCE, GELU_ALLOWANCE = 2.0**-24, 2.0**-22, 2e-6
# The others compute in float32. What its roundings do to a pixel is seen by drawing it with noise
# four times as large at every step: no more than the largest change in these draws, at the
# pixel or its neighbours, and a few last roundings (of 1: 6e-8), is allowed.
NOISE, DRAWS, LAST = 4.0, 16, 2e-6


class Drawing(NamedTuple):
    """A picture, and the options that ask netart for it."""

    options: list[str]  # without its size and its layer
    picture: Picture
    layer: float | None


def drawing(number: int) -> Drawing:
    """A random picture: the same in every run."""
    chance = Random(f"picture {number}")
    depth, wide = chance.randrange(5), chance.choice((2, 3, 5, 8, 13))
    widths = [chance.randrange(1, wide + 1) for _ in range(depth)]
    names = [chance.choice(list(ACTIVATIONS)) for _ in range(depth if chance.random() < 0.5 else 1)]
    features = chance.sample(list(FEATURES), chance.randrange(1, 5))
    features = [f"{name}:{SETTINGS[name]}" if name in SETTINGS else name for name in features]
    latents = {name: round(chance.gauss(0, 1), 3) for name in "abc"[: chance.randrange(4)]}
    axes, inputs = ("x", "y"), dict(latents)
    if latents and chance.random() < 0.4:
        axes = chance.choice((("a", "y"), ("x", "a")))
        inputs = {"x": 0.4, "y": -0.7} | inputs
        inputs = {name: at for name, at in inputs.items() if name not in axes}
    limits = round(chance.uniform(-3, 0), 2), round(chance.uniform(0.1, 3), 2)
    picture = Picture(
        (chance.randrange(1, 81), chance.randrange(1, 81)),
        (round(chance.gauss(0, 1), 3), round(chance.gauss(0, 1), 3)),
        float(f"{10 ** chance.uniform(-1.5, 1):.3g}"),
        round(chance.choice((0, chance.uniform(-180, 180))), 2),
        axes, inputs,
        palette=chance.choice(("gray", "rgb", RAMP)),
        contrast=chance.choice(("off", limits)),
        units=bool(widths) and chance.random() < 0.15,
        gamma=chance.choice((1, 1, 1, 2.2, 0.6)),
        invert=chance.random() < 0.2,
        posterize=chance.choice((0, 0, 0, 0, 2, 7)),
        samples=chance.choice((1, 1, 1, 2, 3)),
    )  # fmt: skip
    is_rgb = picture.palette == "rgb"
    options = {
        "widths": ",".join(map(str, widths)) if widths else None,
        "layers": None if widths else "0",
        "activation": ",".join(names) if widths else None,
        "features": ",".join(features),
        "distribution": chance.choice(DISTRIBUTIONS),
        "weight-scale": chance.choice(("auto", "1", f"{chance.uniform(0.3, 2):.2f}")),
        "bias-scale": chance.choice(("auto", "same", "0", f"{chance.uniform(0, 2):.2f}")),
        "mix": chance.choice((f"{chance.getrandbits(64)}", "7:0.6,42:-0.8,11:0.25")),
        "outputs": chance.choice("345") if is_rgb else chance.choice("13"),
        "latent": ",".join(f"{name}={at}" for name, at in (latents | inputs).items()) or None,
        "axes": ",".join(axes),
        "center": "{},{}".format(*picture.center),
        "radius": str(picture.radius),
        "rotate": str(picture.rotate),
        "palette": picture.palette if picture.palette != RAMP else f"ramp:{RAMP_TEXT}",
        "contrast": "off" if picture.contrast == "off" else "{}:{}".format(*limits),
        "gamma": str(picture.gamma),
        "invert": "" if picture.invert else None,
        "posterize": str(picture.posterize),
        "samples": str(picture.samples),
    }
    if picture.units:
        layer = chance.randrange(depth)
        units = [chance.randrange(widths[layer]) for _ in range(3 if is_rgb else 1)]
        options["units"] = ",".join(f"{layer + 1}.{unit + 1}" for unit in units)
        return Drawing(_words(options), picture, None)
    if picture.contrast == "off":
        options["output-activation"] = chance.choice(list(ACTIVATIONS))
    if not is_rgb and chance.random() < 0.3:
        options |= {"outputs": "4", "output": str(chance.randrange(4) + 1)}
    layer = chance.choice((None, None, depth, chance.randrange(depth + 1)))
    if depth and chance.random() < 0.15:
        layer = chance.randrange(depth) + 0.25
    return Drawing(_words(options), picture, layer)


def _words(options: dict[str, str | None]) -> list[str]:
    return [
        f"--{name}={text}".removesuffix("=") for name, text in options.items() if text is not None
    ]


def run(*words: str) -> None:
    """Runs a command of netart, which must end well."""
    with patch("sys.argv", ["netart", *words]):
        try:
            netart()
        except SystemExit as end:
            assert not end.code, words


def heads(one: Drawing, folder: Path) -> list[tuple[Network, float]]:
    """The network as netart writes it, or the two whose read-outs are mixed, and their shares."""
    path, found = folder / "network.npz", []
    layers: list[tuple[float | None, float]] = [(one.layer, 1.0)]
    if one.layer is not None and one.layer % 1:
        layers = [(one.layer // 1, 1 - one.layer % 1), (one.layer // 1 + 1, one.layer % 1)]
    for layer, share in layers:
        chosen = [] if layer is None else [f"--layer={layer:g}"]
        run("network", *one.options, *chosen, "-o", str(path))
        found.append((Network.read(path), share))
    return found


def drawn(one: Drawing, evaluator: str, folder: Path) -> Values:
    """The picture that netart draws."""
    path = folder / "drawn.npy"
    layer = [] if one.layer is None else [f"--layer={one.layer:g}"]
    size = "--size={}x{}".format(*one.picture.size)
    run("render", *one.options, *layer, size, "--quiet", f"--backend={evaluator}", "-o", str(path))
    return np.load(path).astype(np.float64)


def allowance(one: Drawing, found: list[tuple[Network, float]], exact: Values) -> Values:
    """(height, width): by how much an evaluator in float32 may be off."""
    spread = np.zeros(exact.shape[:2])
    for seed in range(DRAWS):
        with np.errstate(all="ignore"):
            noisy = draw(found, one.picture, Noise(NOISE, seed))
        spread = np.maximum(spread, np.nan_to_num(np.abs(noisy - exact), nan=1).max(axis=2))
    padded = np.pad(spread, 1, mode="edge")
    height, width = spread.shape
    around = [padded[i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return LAST + np.max(around, axis=0)


class Row:
    """What is found of an evaluator."""

    def __init__(self, evaluator: str) -> None:
        self.evaluator = evaluator
        self.pictures = self.pixels = self.beyond = 0
        self.largest, self.allowed, self.excess = 0.0, 0.0, 0.0

    def add(self, error: Values, allowed: Values) -> None:
        """Takes a picture's errors, and those that are allowed: (height, width)."""
        self.pictures += 1
        self.pixels += error.size
        self.beyond += int((error > allowed).sum())
        self.excess = max(self.excess, float((error / allowed).max()))
        if error.max() > self.largest:
            at = np.unravel_index(error.argmax(), error.shape)
            self.largest, self.allowed = float(error[at]), float(allowed[at])

    @property
    def cells(self) -> tuple[object, ...]:
        """As a row of the table."""
        return (
            self.evaluator, self.pictures, self.pixels, f"{self.largest:.1e}",
            f"{self.allowed:.1e}", self.beyond, f"{self.excess:.2f}",
        )  # fmt: skip


def compare(numbers: Iterable[int], evaluators: Iterable[str] = EVALUATORS) -> list[Row]:
    """Compares pictures of these numbers on these evaluators."""
    rows = [Row(evaluator) for evaluator in evaluators]
    with tempfile.TemporaryDirectory() as made, redirect_stdout(io.StringIO()):
        folder = Path(made)
        for number in numbers:
            one = drawing(number)
            found = heads(one, folder)
            with np.errstate(all="ignore"):
                exact = draw(found, one.picture, Noise())
            float32 = allowance(one, found, exact)
            has_gelu = any("gelu" in network.activations for network, _ in found)
            float64 = MIXED_ALLOWANCE if len(found) > 1 else REFERENCE_ALLOWANCE
            float64 += GELU_ALLOWANCE if has_gelu else 0
            for row in rows:
                error = np.abs(drawn(one, row.evaluator, folder) - exact).max(axis=2)
                error = np.nan_to_num(error, nan=1)
                is_exact = row.evaluator == "reference"
                row.add(error, np.full_like(error, float64) if is_exact else float32)
                if (error > (float64 if is_exact else float32)).any():
                    beyond = int((error > (float64 if is_exact else float32)).sum())
                    print(
                        f"picture {number}, {row.evaluator}: {beyond} pixels, {error.max():.1e}",
                        file=sys.stderr,
                    )
    return rows


def main() -> int:
    """Prints the table; 1 where a pixel is off by more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--only", type=int, metavar="K")
    asked = parser.parse_args()
    rows = compare(range(asked.count) if asked.only is None else [asked.only])
    if asked.only is not None:
        print(drawing(asked.only))
    print(markdown(TITLES, [row.cells for row in rows]))
    return int(any(row.beyond for row in rows))


if __name__ == "__main__":
    sys.exit(main())
