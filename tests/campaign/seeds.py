"""Sound files of every kind, from which campaigns make others. Each is made when it is needed."""

from __future__ import annotations

import io
import json
import os
import tempfile
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from netart.assets import folder
from netart.evaluate.numbers import convert
from netart.files.runs import write_run
from netart.files.stills.formats import IMAGE_FORMATS
from netart.files.stills.image import draw_to_stream
from netart.files.stills.plan import ImageEncoding, plan_image
from netart.files.weights import npz
from netart.net.build import to_network
from netart.net.learning.data import PictureData
from netart.net.learning.run import State
from netart.shot.document import from_tables, shot_of, to_tables
from netart.shot.fields import FIELDS, text_of
from netart.shot.run_shot import shot_of_run
from netart.shot.target import spell_target
from netart.shot.text import from_text
from tests.campaign.containers import CONTAINERS, Bend
from tests.campaign.values import Tree
from tests.films import write
from tests.runs import made_run
from tests.shots import explicit_network, shot
from tests.weights import FILES

PRESETS = sorted(folder("presets").glob("*/*.toml"))
FILMS = "a.mp4", "a.mov", "a.mkv", "a.webm", "a.gif", "a.apng", "a.webp"
SHOT = shot(seed="5", layers="1x4")  # in pictures
PICTURES = "BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP", "AVIF"  # that Pillow writes


@cache
def documents() -> list[str]:
    """The tables of documents, as JSON: those of the presets, and some that these lack."""
    found = [json.dumps(tomllib.loads(path.read_text())) for path in PRESETS]
    return [*found, *map(json.dumps, (*FURTHER, *_written_out()))]


def _written_out() -> list[Tree]:
    """A run and a picture to learn, which stand in their documents."""
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3, 1) * 40
    target = spell_target(PictureData("a", pixels, (-1.0, 1.0)))
    lens = {"kind": "lines", "backdrop": "target"}
    network = {"widths": [3], "activations": ["relu"]}
    learned = {"network": network, "lens": lens, "marks": {"target": target}}
    return [to_tables(shot_of_run(made_run())), {"shot": learned}]


def document(chance: Random) -> Tree:
    """A copy of the tables of a document."""
    return json.loads(chance.choice(documents()))


def borrower(chance: Random) -> Any:
    """Gives the value that any document has under a name, or a whole table for the name ''."""

    def borrow(name: str) -> Tree:
        shared = _named().get(name) if name else None
        if shared:
            return json.loads(chance.choice(shared))
        return chance.choice([*document(chance).values(), {}]) if name else _table(chance)

    return borrow


@cache
def texts() -> dict[str, list[str]]:
    """Field → values that documents have, as its option writes them."""
    found: dict[str, set[str]] = {name: set(row.choices) for name, row in FIELDS.items()}
    for tables in map(json.loads, notes()):
        shot = from_text(tables["shot"])
        for name in FIELDS:
            if value := text_of(shot, name):
                found[name].add(value)
    return {name: sorted(values) for name, values in found.items() if values}


def _table(chance: Random) -> Tree:
    tables = [one for one in document(chance)["shot"].values() if isinstance(one, dict)]
    return chance.choice(tables or [{}])


@cache
def _named() -> dict[str, list[str]]:
    """Name → the values that documents have under it, as JSON."""
    found: dict[str, set[str]] = {}
    waiting = [json.loads(text) for text in documents()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for name, inside in one.items():
                found.setdefault(name, set()).add(json.dumps(inside))
        waiting += (
            x
            for x in (one.values() if isinstance(one, dict) else one)
            if isinstance(x, (dict, list))
        )
    return {name: sorted(values) for name, values in found.items()}


def note(tables: Tree) -> Tree:
    """What a picture of the document carries, the hash right where the document is one."""
    made = {name: table for name, table in tables.items() if name not in ("about", "size")}
    made |= {"size": tables.get("size", [3, 2]), "sha256": "0" * 64, "weights": "0" * 64}
    try:
        found = from_tables(
            {name: made[name] for name in tables if name in ("shot", "sheet", "timeline")}
        )
        made["sha256"] = found.sha256
        made["weights"] = to_network(shot_of(found).network).sha256
    except Exception:  # whatever it is: what reads the note will meet it too
        pass
    return made


@cache
def notes() -> list[str]:
    """The notes of all documents that need no file, as JSON."""
    found = [json.dumps(note(json.loads(text))) for text in documents()]
    return [text for text in found if _is_right(text)]


@cache
def hashes() -> frozenset[str]:
    """Of the documents in small notes and in pictures."""
    noted = {json.loads(text)["sha256"] for text in small_notes()}
    return frozenset({*noted, SHOT.sha256})


@cache
def small_notes() -> list[str]:
    """Notes of small networks, which are quick to read."""
    return [text for text in map(json.dumps, map(note, FURTHER[1:])) if _is_right(text)]


def _is_right(text: str) -> bool:
    return '"sha256": "' + "0" * 64 not in text


@cache
def picture(name: str) -> bytes:
    """A picture of this format."""
    stream, blank = io.BytesIO(), convert([np.zeros((2, 3, 3), np.float32)])
    spec = plan_image(None, SHOT, (3, 2), ImageEncoding(name))
    draw_to_stream(stream, spec, blank)
    return stream.getvalue()


@cache
def film(name: str) -> bytes:
    """A film of this name's format, of three frames."""
    with tempfile.TemporaryDirectory() as made:
        text = small_notes()[0]
        return write(Path(made) / name, (64, 64), 3, text=text).read_bytes()


@cache
def carriers() -> dict[str, list[bytes]]:
    """Suffix → files that carry a document, written by encoders or by hand."""
    straight = Bend(Random(1), 0)
    text = small_notes()[0].encode()
    found = {suffix: [build(text, straight)] for suffix, build in CONTAINERS.items()}
    for form in IMAGE_FORMATS.values():
        if form.find_text:
            found[form.suffixes[0]].append(picture(form.name))
    for name in FILMS:
        found[Path(name).suffix].append(film(name))
    return found


@cache
def arrays() -> list[dict[str, Any]]:
    """What is in files of weights: name → array."""
    found = []
    for network in (explicit_network(3), explicit_network(2, 4, latents=("t", "u"))):
        file = io.BytesIO()
        npz.write(file, network, dict.fromkeys(network.latents, 0.5))
        found.append(_loaded(file))
    found.append({name: one for name, one in found[0].items() if name != "meta"})
    return [*found, *(_loaded(io.BytesIO(data)) for data in weights(".npz"))]


@cache
def run_arrays() -> list[dict[str, Any]]:
    """What is in runs: name → array."""
    found = []
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "a.run"
        begun = made_run()
        begun = replace(begun, state=State(begun.last, *begun.weights))
        for one in (begun, made_run(precision="float64", widths=(2, 3))):
            write_run(path, one)
            found.append(_loaded(io.BytesIO(path.read_bytes())))
    for path in sorted(folder("presets").glob("*/*.run")):
        if path.stat().st_size < 10_000:
            found.append(_loaded(io.BytesIO(path.read_bytes())))
    return found


def _loaded(file: io.BytesIO) -> dict[str, Any]:
    file.seek(0)
    with np.load(file) as held:
        return {name: held[name] for name in held.files}


@cache
def weights(suffix: str) -> list[bytes]:
    """Files of weights that other programs wrote."""
    return [path.read_bytes() for path in sorted(FILES.iterdir()) if path.suffix == suffix]


@cache
def plain_picture(name: str) -> bytes:
    """A picture without a document, as Pillow writes it."""
    from PIL import Image

    x, y = np.meshgrid(np.arange(16), np.arange(9))
    pixels = np.stack([x * 16, y * 28, (x * y) % 256], axis=2).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, name)
    return file.getvalue()


def lay_out(folder: Path) -> None:
    """Files beside the input that it may name, sound and hostile."""
    from tests.runs import written

    with (folder / "net.npz").open("wb") as file:
        npz.write(file, explicit_network(3), {})
    (folder / "big.npz").write_bytes(b"PK\5\6".rjust(1 << 20, b"\0"))
    written(folder, made_run("small"))
    sheet = next(text for text in small_notes() if '"sheet"' in text)
    (folder / "page.png").write_bytes(CONTAINERS[".png"](sheet.encode(), Bend(Random(1), 0)))
    (folder / "zero.npz").symlink_to("/dev/zero")
    (folder / "folder.npz").mkdir()
    for name in ("pipe.npz", "pipe.run"):
        os.mkfifo(folder / name)


LAYERS = [
    {"weight": [[0.4, 1.0, -0.5], [0.3, -2.0, 1.5]], "bias": [-0.3, 0.1], "activation": "tanh"},
    {"weight": [[1.0, 0.5], [-1.0, 2.0]], "bias": [0.0, 0.1], "activation": "sin"},
]
FURTHER: list[Tree] = [
    {"shot": {}},
    {"shot": {"network": {"kind": "weights", "latents": ["t"], "layers": LAYERS}}, "size": [9, 8]},
    {"shot": {"network": {"kind": "weights", "file": "net.npz"}}},
    {"shot": {"network": {"kind": "run", "runs": [{"file": "small.run"}], "step": 10}}},
    {
        "shot": {"network": {"widths": [4, 4], "mix": {"7": 0.6, "42": 0.8}}},
        "sheet": {
            "over": [{"field": "seed", "values": "1..9"}, {"field": "rotate", "values": ["0"]}],
            "panel": [20, 10],
            "background": "rgb(1,2,3)",
            "labels": True,
        },
    },
    {
        "shot": {"network": {"widths": [4]}},
        "sheet": {
            "over": [
                {
                    "field": "center",
                    "values": ["0,0", "0.1,-0.2"],
                    "also": [{"field": "radius", "values": ["1", "0.05"]}],
                }
            ],
            "labels": "numbered",
        },
    },
    {
        "shot": {"network": {"widths": [4], "latents": ["t"]}, "view": {"centre": ["0", "0", "1"]}},
        "timeline": {
            "frames": 9,
            "rate": "30000/1001",
            "loop": "bounce",
            "track": [
                {"field": "radius", "keys": [{"t": 0, "value": "1"}, {"t": 1.0, "value": "1e-9"}]},
                {"field": "rotate", "way": "short", "keys": [{"t": 0.5, "value": "350"}]},
                {"field": "latent.t", "keys": [{"t": 0.1, "value": "-1", "easing": "sine"}]},
                {"field": "center", "way": "pinned", "keys": [{"t": 0, "value": "0.1,0.2"}]},
            ],
        },
    },
    {
        "shot": {
            "network": {"widths": [4, 4], "activations": ["relu"]},
            "lens": {"kind": "lines", "line_layers": [1, 2]},
            "marks": {"points": [[0.5, -1, 1], [0, 0.25, 2]], "point_size": 2.0},
        }
    },
    {"shot": {"network": {"features": ["x"]}, "lens": {"kind": "curves", "family": [1, 2, 9]}}},
    {"shot": {"lens": {"kind": "landscape", "output": 1}, "beside": {"kind": "diagram"}}},
]  # fmt: skip
