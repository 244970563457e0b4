"""The layers of the package and what they import; draws docs/layers.svg: `make pictures`."""

from __future__ import annotations

import ast
from html import escape
from pathlib import Path

import netart

PACKAGE = Path(netart.__file__).parent
DRAWING = PACKAGE.parent / "docs" / "layers.svg"
# Each may import those before it. What lies at the bottom is a module, the layers are folders.
BOTTOM = ("version", "errors", "arguments", "assets", "fonts", "pixels")
LAYERS = ("net", "shot", "evaluate", "farm", "lens", "draw", "files", "api", "live", "web", "cli")
ABOVE = ("__init__", "__main__")  # the Python API and the program stand above all layers

# In pixels of the drawing.
LEFT, TOP, ROW, CELL = 16, 16, 40, 34
NAME_WIDTH, LETTER = 86, 7
CAPTION = "A line leads from each layer down to those that it imports."


def imported(source: str) -> set[str]:
    """Every module of netart that the source names in an import, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                part = node.module == "netart" and _is_part(alias.name)
                found.add(f"netart.{alias.name}" if part else str(node.module))
    return {name for name in found if name.partition(".")[0] == "netart"}


def _is_part(name: str) -> bool:
    """Whether the package has a folder or module of this name."""
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()


def layers(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Name of each folder and module of the package → those that it imports, itself left out."""
    found: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).with_suffix("").parts[0]
        if name not in ABOVE:
            found.setdefault(name, set()).update(imported(path.read_text(encoding="utf-8")))
    names = {name: {other.split(".")[1] for other in found[name] if "." in other} for name in found}
    return {name: others & found.keys() - {name} for name, others in names.items()}


def checked(layers: dict[str, set[str]]) -> list[str]:
    """The layers from bottom to top. Raises ValueError for one that has no place, or that imports
    one above it.
    """
    places = (*BOTTOM, *LAYERS)
    if unknown := layers.keys() - {*places}:
        raise ValueError(f"not among the layers: {', '.join(sorted(unknown))}")
    order = [name for name in places if name in layers]
    for k, name in enumerate(order):
        if above := layers[name] & {*order[k:]}:
            raise ValueError(f"{name} imports {', '.join(sorted(above))}, above it")
    return order


def purpose(name: str, package: Path = PACKAGE) -> str:
    """The first sentence of what the layer says of itself."""
    folder = package / name / "__init__.py"
    path = folder if folder.exists() else package / f"{name}.py"
    lines = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")
    sentence = " ".join(lines[0].split()).partition(". ")[0]
    return sentence.removesuffix(".") + "."


def drawing(package: Path = PACKAGE) -> str:
    """The SVG: a row for each layer, and a line from each down to the layers that it imports."""
    below = layers(package)
    order = checked(below)[::-1]
    texts = {name: purpose(name, package) for name in order}
    grid = LEFT + NAME_WIDTH + LETTER * max(map(len, texts.values()))
    width = grid + CELL * len(order) + LEFT
    height = TOP + ROW * len(order) + ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="13">',
        f"<title>{CAPTION}</title>",
        f'<rect width="{width}" height="{height}" fill="#f7f3ea"/>',
    ]
    middles = {name: TOP + ROW * k + ROW // 2 for k, name in enumerate(order)}
    for k, name in enumerate(order):
        y, x = middles[name], grid + CELL * k + CELL // 2
        parts.append(
            f'<rect x="{LEFT}" y="{y - 17}" width="{width - 2 * LEFT}" height="34" rx="4" '
            f'fill="#{"e9e1d0" if k % 2 else "efe9db"}"/>'
        )
        parts.append(
            f'<text x="{LEFT + 12}" y="{y + 5}" font-weight="bold" fill="#7a2f1d">{name}</text>'
            f'<text x="{LEFT + NAME_WIDTH}" y="{y + 5}" fill="#33302a">'
            f"{escape(texts[name], quote=False)}</text>"
        )
    for k, name in enumerate(order):
        y, x = middles[name], grid + CELL * k + CELL // 2
        found = [middles[other] for other in order if other in below[name]]
        if found:
            parts.append(f'<path d="M{x} {y}V{max(found)}" stroke="#8d8472" stroke-width="1.5"/>')
        parts += [f'<circle cx="{x}" cy="{at}" r="4" fill="#33302a"/>' for at in found]
        parts.append(f'<rect x="{x - 7}" y="{y - 7}" width="14" height="14" fill="#7a2f1d"/>')
    parts.append(f'<text x="{LEFT + 12}" y="{height - 16}" fill="#6b6456">{CAPTION}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    DRAWING.write_text(drawing(), encoding="utf-8")
