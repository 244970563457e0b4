"""Files of weights for tests: those that other programs wrote, what they compute, mutations."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from netart.evaluate.reference import forward
from netart.evaluate.request import Head
from netart.net.network import Network
from netart.net.ops import ACTIVATIONS

FILES = Path(__file__).parent / "data" / "weights"

SEVERAL_BYTES = (b"\xff", b"\x00", b"\x7f", b"\x80", b"\x01")


def outputs(network: Network, rows: Any) -> Any:
    """(N, outputs) float64 of rows (x, y, latents…), the last activation applied."""
    last = network.layers[-1]
    z = forward(network, (Head(network.depth, last),), rows.T.astype(np.float64)).outputs
    return ACTIVATIONS[last.activation].function(z)


def mutated(data: bytes, random: random.Random) -> bytes:
    """The data with a few bytes changed, cut, doubled, or made into extreme numbers."""
    made = bytearray(data)
    for _ in range(random.randint(1, 4)):
        if not made:
            break
        at, way = random.randrange(len(made)), random.random()
        if way < 0.6:
            made[at] = random.randrange(256)
        elif way < 0.75:
            width = random.choice((1, 2, 4, 8))
            made[at : at + width] = random.choice(SEVERAL_BYTES) * width
        elif way < 0.85:
            del made[at : at + random.randint(1, 40)]
        elif way < 0.95:
            made[at:at] = made[random.randrange(len(made)) :][: random.randint(1, 60)]
        else:
            del made[max(1, at) :]
    return bytes(made)


def with_other_inside(data: bytes, random: random.Random) -> bytes:
    """An archive with one of its members mutated, and its sums right."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as held, zipfile.ZipFile(file, "w") as made:
        chosen = random.choice(held.namelist())
        for name in held.namelist():
            inside = held.read(name)
            inside = mutated(inside, random) if name == chosen else inside
            made.writestr(zipfile.ZipInfo(name), inside)  # without the time of day
    return file.getvalue()
