"""Values that programs stumble over, and trees of plain data with a few of them put in."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

NUMBERS = (
    0, 1, -1, 2, 3, 16, 255, 256, 257, 4095, 4096, 4097, 65_535, 65_536, 1_000_000, 2**31 - 1,
    2**31, -(2**31), 2**32, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64 - 1, 2**64, 10**30,
    10**31, 10**40, 10**400, -(10**400), 0.0, -0.0, 0.5, 1.5, -0.3, 1e-7, 5e-324, -5e-324, 1e-300,
    1e-40, 1e7, 1e16, 1e30, 1.0001e30, 1e38, 3.5e38, 1e300, -1e300, 1.7976931348623157e308,
    -1.7976931348623157e308, float("inf"), float("-inf"), float("nan"),
)  # fmt: skip
# Of numbers, and of lists and ranges of them.
NUMERIC_TEXTS = (
    "0", "1", "-1", "+1", "-0", "0x10", "1_000", "1e5", "1e308", "-1e308", "1e309", "1e-400",
    "nan", "inf", "-Infinity", "1e999999999", "-1e-999999999", "1e-999999999", "1e10000000", "1/0",
    "1/3", "30000/1001", "29.97", "1e9/1e-9", "9" * 40, "9" * 400, "9" * 5000, "0." + "3" * 60,
    "0." + "1" * 2001, "1e-999999999/1e999999999", "٣", "１２", "½", "1..18", "1..1e5", "0..1e999",
    "0.4..0.8*9", "40..0.15625*9:log", "1..2*100000:log", "9..1", "1..99999999",
    "1e-999..1e999*99999:log", "0..48;7", "5..5*2", "1..2*99999", "1e-30..1e30*9:log", "20x30",
    "0x0", "99999x99999", "4x16,8", "1x1x1", "4096x1", "9999999999x1", "1.1,1.2", "99.1",
    "1e999999999.1", "7:0.6,42:0.8", "7:nan", "7:1e308,8:1e308", "18446744073709551616:1",
    "7:1,7:1", "-1:1", "1:-1", "0:0", "-inf:inf", "1e-320:1e-321", "-1e308:1e308", "1,2,3", "1;2",
    "0,1e-2000", "1e30,-1e30", "1e-9999999,0",
)  # fmt: skip
TEXTS = (
    "", " ", ",", ":", ";", ".", "=", "-", "#", "..", "/", "x", "a", "a,b", "a,b,c", "²", "auto",
    "eased", "off", "random", "all", "same", "none", "true", "false", "null", "True", "x,y", "y,x",
    "x,x", "x,y,r", "a=1", "a=1,b=2", "a=1,a=2", "x=0.5", "größe=1", "0.0", "x30", "20x", "3x",
    "-1x5", "7:", ":7", "smooth", "bezier:0,0,1,1", "bezier:9e9,-9e9,1,2", "bezier:1,2,3", "hold",
    "linear", "pinned", "short", "tanh", "sign", "relu", "swirl:3", "swirl:1e308/0/-5",
    "swirl:3/8/13", "ring:3", "ring:1e400", "sin:", "warp:", "ramp:red,blue", "ramp:#102030",
    "ramp:" + "red," * 99 + "red", "corners:sun", "map:batlow", "map:", "ramp:",
    "corners:red,green,blue,white", "rgb(300,0,0)", "rgb(999999999999999999999999,0,0)",
    "hsl(0,1e99%,0%)", "#fff", "#12345678", "#zzz", "red", "transparent", "hsv(360,100%,100%)",
    "rgb(1,2,3,4)", "zero.npz", "pipe.npz", "folder.npz", "net.npz", "small.run", "pipe.run",
    "big.npz", "missing.npz", "net.npz\0", "../net.npz", "/dev/zero", "/etc/passwd", "net.npz\n",
    "~", "a" * 300 + ".npz", "-1,1:iVBORw0KGgo=", "\0", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07",
    "\u202eevil", "\u2066", "\x9b31m", "\x85", "\x7f", "\ufeff", "\ufffe", "\u2028", "🦊", "é",
    "e\u0301", "İ", "ß", "\ud7ff", "a" * 100, "a" * 3000, "a " * 3000, "1." * 3000, "," * 2000,
    "<b>&amp;</b>", "%s%n%x", "{0}", "{}", "$(id)", "`id`", '"', "'", "\\", "\\u0000", "]]>", "--",
)  # fmt: skip

FILES = (
    "net.npz", "small.run", "zero.npz", "pipe.npz", "pipe.run", "folder.npz", "big.npz",
    "page.png", "missing.npz", "net.npz\0", "\0.run", "../net.npz", "/dev/zero", "..", ".", "",
    "a" * 300 + ".npz", "~/net.npz", "net.npz#1", "small.run@5", "\ud800.npz", "NET.NPZ", "net.pt",
    "a\nb.npz", ".npz",
)  # fmt: skip
COLOURS = (
    "#102030", "#fff", "red", "rgb(1,2,3)", "rgb(300,0,0)", "rgb(999999999999999999999999,0,0)",
    "hsl(9,9%,9%)", "hsl(0,1e99%,0%)", "hsl(999999999999,100%,50%)", "hsv(-5,100%,100%)", "#zzz",
    "#12345678", "transparent", "rgb(1,2,3,4)", "rgb(-1,0,0)", "rgb(100%,0%,999%)",
    "cmyk(1,2,3,4)",
)  # fmt: skip

# Stand in a tree for text that no tree holds; `spelled` puts that in their place.
DEEP, DIGITS = "@deep {}@", "@digits {}@"
LISTS, OBJECTS, TABLES = ("[", "", "]"), ('{"a":', "0", "}"), ("{a=", "0", "}")
MAX_TEXT = 500_000  # characters
DEPTHS = 10, 90, 300, 1000, 5000, 100_000

Tree = Any  # of dictionaries, lists, texts, numbers, booleans and None
Place = tuple[Any, Any]  # a dictionary or a list, and where in it


def count(chance: Random, few: int, many: int, most: int) -> int:
    """How often something is repeated: mostly up to a few times, in a hundredth of cases more."""
    way = chance.random()
    if way < 0.99:
        return chance.randrange(1, few if way < 0.9 else many)
    return chance.randrange(many, most)


def number(chance: Random) -> int | float:
    """Any number, mostly an odd one."""
    way = chance.random()
    if way < 0.7:
        return chance.choice(NUMBERS)
    if way < 0.85:
        return chance.randrange(-20, 2000)
    return chance.gauss(0, 1) * 10.0 ** chance.randrange(-12, 13)


def text(chance: Random) -> str:
    """Any text, mostly an odd one."""
    way = chance.random()
    if way < 0.3:
        return chance.choice(NUMERIC_TEXTS)
    if way < 0.8:
        return chance.choice(TEXTS)
    if way < 0.82:
        return chance.choice("a9.,:;- #(=") * count(chance, 100, 3000, 100_000)
    if way < 0.9:
        return chance.choice(TEXTS) + chance.choice(TEXTS)
    some = [chance.choice((chance.randrange(128), chance.randrange(0xD7FF))) for _ in range(9)]
    return "".join(map(chr, some))


def value(chance: Random) -> Tree:
    """A value of any type."""
    way = chance.random()
    if way < 0.4:
        return number(chance)
    if way < 0.75:
        return text(chance)
    if way < 0.82:
        return chance.random() < 0.5
    if way < 0.88:
        return [value(chance) for _ in range(chance.randrange(4))]
    if way < 0.94:
        return {text(chance): value(chance) for _ in range(chance.randrange(3))}
    if way < 0.98:
        return DEEP.format(chance.choice(DEPTHS))
    return DIGITS.format(chance.choice(DEPTHS))


def spelled(text: str, nest: tuple[str, str, str]) -> str:
    """The text of a tree with what stands for depth and digits spelled out.

    nest: what opens a level, what is inside the innermost, what closes a level.
    """
    if '"@d' not in text:
        return text
    opened, inside, closed = nest
    for depth in DEPTHS:
        text = text.replace(f'"{DEEP.format(depth)}"', opened * depth + inside + closed * depth)
        text = text.replace(f'"{DIGITS.format(depth)}"', "9" * depth)
    return text


def places(tree: Tree) -> list[Place]:
    """Where values stand in a tree, at all depths."""
    found: list[Place] = []
    waiting = [tree]
    while waiting and len(found) < 5000:
        one = waiting.pop()
        if isinstance(one, dict):
            found += [(one, name) for name in one]
            waiting += one.values()
        elif isinstance(one, list):
            found += [(one, k) for k in range(len(one))]
            waiting += [item for item in one if isinstance(item, (dict, list))]
    return found


def change(tree: Tree, chance: Random, borrow: Callable[[str], Tree]) -> None:
    """Changes a tree in a few places. borrow: a value that another tree has under a name."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        found = places(tree)
        if found:
            _change_at(*chance.choice(found), chance, borrow)


def _change_at(within: Any, key: Any, chance: Random, borrow: Callable[[str], Tree]) -> None:
    old, way = within[key], chance.random()
    if way < 0.3:
        within[key] = _alike(old, chance)
    elif way < 0.45:
        within[key] = value(chance)
    elif way < 0.65 and isinstance(key, str):
        within[key] = borrow(key)
    elif way < 0.72:
        del within[key]
    elif way < 0.78:
        within[key] = [old] if chance.random() < 0.5 else {text(chance): old}
    elif way < 0.84 and isinstance(within, dict):
        name = text(chance) if chance.random() < 0.3 else key + chance.choice("sx_-\n ")
        within[name] = within.pop(key) if chance.random() < 0.5 else value(chance)
    elif way < 0.9 and isinstance(within, dict):
        other = borrow("")
        within[chance.choice(list(other) or ["a"])] = chance.choice(list(other.values()) or [0])
    elif isinstance(within, list):
        _change_list(within, key, chance)
    else:
        within[key] = _alike(old, chance)


def _change_list(items: list[Any], k: int, chance: Random) -> None:
    way = chance.random()
    if way < 0.5:
        many = count(chance, 30, 300, 20_000)
        items[k:k] = [json.loads(json.dumps(items[k])) for _ in range(many)]
    elif way < 0.75:
        chance.shuffle(items)
    else:
        items.insert(k, value(chance))


def _alike(old: Tree, chance: Random) -> Tree:
    """Another value of the type of the old one."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, (int, float)):
        near = (
            old + 1,
            -old,
            old * 10,
            old * 1e6 if abs(old) < 1e300 else 0,
            float(old) if abs(old) < 1e300 else 0,
        )
        return chance.choice(near) if chance.random() < 0.3 else number(chance)
    if isinstance(old, str):
        return _other_text(old, chance)
    return value(chance)


def _other_text(old: str, chance: Random) -> str:
    way, at = chance.random(), chance.randrange(len(old) + 1)
    if old[:1].isdecimal() and way < 0.6:
        return chance.choice((chance.choice(NUMERIC_TEXTS), str(chance.gauss(0, 1))))
    if way < 0.5:
        return text(chance)
    if way < 0.7:
        return old[:at] + text(chance) + old[at:]
    if way < 0.8:
        return old[:at] + old[at + 1 :]
    if way < 0.9:
        return chance.choice((old.upper(), old * 2, old * 50, old[::-1], f" {old} ", old + "\n"))
    return chance.choice(",;:").join([old] * count(chance, 10, 100, 3000))[:MAX_TEXT]
