"""Inputs that hold documents: TOML, notes in pictures and films, the window's session."""

from __future__ import annotations

import json
from random import Random
from typing import get_args

import tomli_w

from netart.files.metadata import PLAIN
from netart.shot.fields import FIELDS
from netart.shot.timeline import Loop
from tests.campaign import seeds
from tests.campaign.containers import CONTAINERS, Bend
from tests.campaign.values import (
    COLOURS,
    FILES,
    LISTS,
    NUMERIC_TEXTS,
    OBJECTS,
    TABLES,
    Tree,
    change,
    count,
    number,
    spelled,
    text,
)
from tests.weights import mutated


def toml_tree(chance: Random) -> tuple[str, bytes]:
    """A document's tables with some of them changed."""
    return "a.toml", _toml(_changed(chance), chance)


def toml_bytes(chance: Random) -> tuple[str, bytes]:
    """The text of a TOML file with some of its bytes changed."""
    data = seeds.PRESETS[chance.randrange(len(seeds.PRESETS))].read_bytes()
    way = chance.random()
    if way < 0.5:
        return "a.toml", mutated(data, chance)
    if way < 0.8:
        lines = data.splitlines(keepends=True)
        other = chance.choice(seeds.PRESETS).read_bytes().splitlines(keepends=True)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(lines) + 1)
            lines[at : at + chance.randrange(2)] = chance.choices(
                other, k=chance.choice((1, 1, 2, 99))
            )
        return "a.toml", b"".join(lines)
    if way < 0.9:
        coding = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "utf-32", "latin-1"))
        return "a.toml", data.decode().encode(coding, "replace").replace(
            b"\n", chance.choice((b"\n", b"\r\n"))
        )
    at = chance.randrange(len(data))
    odd = chance.choice(
        (
            b"a",
            b"9",
            b"[",
            b"{a=",
            b"'",
            b'"""',
            b"a.",
            b"_",
            b"-",
            b"\0",
            b"\xff",
            b"# ",
            b"[[a]]\n",
        )
    )
    return "a.toml", data[:at] + odd * chance.choice((3, 99, 3000, 100_000)) + data[at:]


def note(chance: Random) -> tuple[str, bytes]:
    """A note with some of it changed, in a sound container."""
    tree = json.loads(chance.choice(seeds.notes()))
    change(tree, chance, seeds.borrower(chance))
    return _contained(tree, chance)


def note_with_hash(chance: Random) -> tuple[str, bytes]:
    """The note of a changed document, whose hash is that of what was changed."""
    tree = seeds.note(_changed(chance))
    if chance.random() < 0.2:
        tree["size"] = chance.choice(
            ([0, 1], [-5, 3], [10**9, 10**9], [3, 2, 1], [1 << 62, 1], ["3", 2])
        )
    return _contained(tree, chance)


def bent(chance: Random) -> tuple[str, bytes]:
    """A sound note in a container some of whose parts are wrong."""
    suffix, text = chance.choice(list(CONTAINERS)), chance.choice(seeds.small_notes()).encode()
    data = CONTAINERS[suffix](text, Bend(chance, chance.choice((0.02, 0.05, 0.2))))
    return f"a{suffix}", mutated(data, chance) if chance.random() < 0.2 else data


def carrier_bytes(chance: Random) -> tuple[str, bytes]:
    """A picture or a film with some of its bytes changed, or spliced with another."""
    carriers = seeds.carriers()
    suffix = chance.choice(list(carriers))
    data = chance.choice(carriers[suffix])
    way, at = chance.random(), chance.randrange(len(data))
    if way < 0.1:
        other = chance.choice(carriers[chance.choice(list(carriers))])
        return f"a{suffix}", data[:at] + other[chance.randrange(len(other)) :]
    if way < 0.15:
        return f"a{suffix}", data[:at] + bytes(chance.choice((9, 999, 99_999))) + data[at:]
    if way < 0.5:  # where the structure is
        head = data[: chance.choice((40, 300))]
        return f"a{suffix}", mutated(head, chance) + data[len(head) :]
    return f"a{suffix}", mutated(data, chance)


def session(chance: Random) -> tuple[str, bytes]:
    """A session of the window with some of it changed."""
    shots = [seeds.document(chance)["shot"] for _ in range(chance.choice((1, 2, 4)))]
    tree = {"size": [640, 480], "shot": shots[0], "favourite": shots[1:]}
    change(tree, chance, seeds.borrower(chance))
    if chance.random() < 0.02 and isinstance(tree.get("favourite"), list):
        tree["favourite"] *= 300
    data = _toml(tree, chance)
    return "live.toml", mutated(data, chance) if chance.random() < 0.2 else data


def _changed(chance: Random) -> Tree:
    """A document with some of it changed: in its parts, by parts of others, or grown large."""
    tree, way = seeds.document(chance), chance.random()
    if way < 0.1:
        other = seeds.document(chance)
        tree |= {name: other[name] for name in other if chance.random() < 0.5}
    elif way < 0.25:
        _grow(tree, chance)
    if way > 0.18:
        change(tree, chance, seeds.borrower(chance))
    return tree


def _grow(tree: Tree, chance: Random) -> None:
    """Makes one of the lists of a document long, of values that are sound each."""
    many = count(chance, 40, 400, 20_000)
    shot = tree["shot"]
    network, view, look = (shot.setdefault(name, {}) for name in ("network", "view", "look"))
    if not all(isinstance(part, dict) for part in (network, view, look)):
        return
    numbers = range(many)
    names = [f"{chance.choice(list(FIELDS))}" for _ in numbers]
    keys = [{"t": k / many, "value": str(1 + k / 9)} for k in numbers]
    ways = (
        lambda: network.update(widths=[chance.choice((1, 2, 30)) for _ in numbers]),
        lambda: network.update(widths=[many] * chance.choice((1, 2, 9))),
        lambda: network.update(mix={str(k): 0.1 for k in numbers}),
        lambda: network.update(latents=[f"t{k}" for k in numbers]),
        lambda: network.update(features=[f"ring:{k + 1}" for k in numbers]),
        lambda: network.update(features=["x", "y"] * (many // 2)),
        lambda: network.update(outputs=many),
        lambda: network.update(activations=["sin", "tanh"] * (many // 2), widths=[3] * many),
        lambda: network.update(distribution="orthogonal", widths=[many, many]),
        lambda: look.update(palette="ramp:" + ",".join(f"#{k % 4096:03x}" for k in numbers)),
        lambda: look.update(contrast=[[-k - 1.0, k] for k in numbers]),
        lambda: view.update(centre=["0." + "7" * many, "0"]),
        lambda: shot.update(marks={"points": [[k / 9, -k, 1 + k % 7] for k in numbers]}),
        lambda: shot.update(lens={"kind": "lines", "units": [[1, k] for k in numbers]}),
        lambda: shot.update(lens={"kind": "curves", "family": list(numbers)}),
        lambda: tree.update(sheet={"over": [{"field": "seed", "values": f"1..{many}"}]}),
        lambda: tree.update(
            sheet={"over": [{"field": name, "values": f"1..{many}"} for name in ("seed", "depth")]}
        ),
        lambda: tree.update(timeline={"track": [{"field": "radius", "keys": keys}]}),
        lambda: tree.update(
            timeline={"track": [{"field": name, "keys": keys[:2]} for name in sorted(set(names))]}
        ),
        *[lambda: tree.update(timeline=_film(chance))] * 3,
        lambda: tree.update(sheet=_sheet(chance)),
        lambda: tree.update(size=[number(chance), chance.choice((1, number(chance)))]),
        lambda: shot.update(network={"kind": "weights", "file": chance.choice(FILES)}),
        lambda: shot.update(network={"kind": "run", "runs": [{"file": chance.choice(FILES)}]}),
        lambda: tree.update(about=text(chance) * many),
    )  # fmt: skip
    chance.choice(ways)()


def _film(chance: Random) -> Tree:
    """A timeline of fields that move between odd values."""
    names = chance.sample(list(FIELDS), chance.randrange(1, 4))
    tracks = [
        {"field": name, "keys": [{"t": t, "value": _value(chance)} for t in (0, 1)]}
        for name in (*names, chance.choice(("radius", "rotate", "azimuth", "gamma", "step")))
    ]
    return {
        "frames": chance.choice((1, 2, 100, number(chance))),
        "rate": chance.choice(("25", chance.choice(NUMERIC_TEXTS))),
        "loop": chance.choice(get_args(Loop)),
        "track": tracks[chance.randrange(len(tracks)) :],
    }


def _sheet(chance: Random) -> Tree:
    """A sheet of which one setting is odd."""
    made = {"over": [{"field": "rotate", "values": "1..3"}], "panel": [9, 9], "background": "red"}
    made |= {"gutter": 2, "columns": 2, "labels": True}
    name = chance.choice(list(made))
    made[name] = {
        "over": [{"field": chance.choice(list(FIELDS)), "values": chance.choice(NUMERIC_TEXTS)}],
        "panel": [number(chance), number(chance)],
    }.get(name, chance.choice((text(chance), chance.choice(COLOURS), number(chance))))
    return made


def _value(chance: Random) -> str:
    found = number(chance)
    is_huge = isinstance(found, int) and abs(found) > 10**300
    return chance.choice((chance.choice(NUMERIC_TEXTS), "1" if is_huge else str(found)))


def _contained(tree: Tree, chance: Random) -> tuple[str, bytes]:
    suffix = chance.choice(list(CONTAINERS))
    note = json.dumps(tree, separators=(",", ":")).translate(PLAIN)
    note = spelled(note, chance.choice((LISTS, OBJECTS)))
    return f"a{suffix}", CONTAINERS[suffix](note.encode(), Bend(chance, 0))


def _toml(tree: Tree, chance: Random) -> bytes:
    """The text of a tree, which may hold what TOML does not."""
    text = tomli_w.dumps(tree)
    return spelled(text, chance.choice((LISTS, TABLES))).encode("utf-8", "surrogatepass")
