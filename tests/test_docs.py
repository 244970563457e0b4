"""The documents beside the code: their drawing is of today, what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from netart.cli import cli
from tests.layers import DRAWING, checked, drawing, layers
from tests.runs import learned_run, written

CHECKOUT = Path(__file__).parent.parent
TEXTS = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md")])


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def headings(path: Path) -> set[str]:
    """The anchors that a page of documents makes of the headings in it."""
    lines = re.findall(r"^#+ (.*)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line).lower().replace(" ", "-") for line in lines}


def test_the_drawing_of_the_layers_is_of_today() -> None:
    assert DRAWING.read_text(encoding="utf-8") == drawing(), "draw it: python -m tests.layers"


@pytest.mark.parametrize(
    ("sources", "error"),
    [
        ({"net": "import netart.errors", "shot": "from netart import net"}, ""),
        (
            {"net": "def f():\n    from netart.shot import shot", "shot": ""},
            "net imports shot, above",
        ),
        ({"net": "", "nets": "import netart.net"}, "not among the layers: nets"),
    ],
    ids=["down", "up", "unknown"],
)
def test_layers_have_one_order(tmp_path: Path, sources: dict[str, str], error: str) -> None:
    for name, source in sources.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "part.py").write_text(source)
    if error:
        with pytest.raises(ValueError, match=error):
            checked(layers(tmp_path))
    else:
        assert checked(layers(tmp_path)) == [*sources]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_lead_to_what_is_there(path: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", text(path)):
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_files_that_are_named_are_there(path: Path) -> None:
    """`netart/…`, `shaders/…` and the like in code marks, from the top of the checkout."""
    tops = "netart|shaders|presets|tests|docs|examples"
    for name in re.findall(rf"`((?:{tops})/[\w./-]*)`", text(path)):
        assert (CHECKOUT / name).exists(), name


BLOCKS = [(path, k) for path in TEXTS for k in range(text(path).count("```toml\n"))]


@pytest.mark.parametrize(("path", "number"), BLOCKS, ids=lambda part: getattr(part, "stem", part))
def test_texts_to_edit_can_be_read(path: Path, number: int, tmp_path: Path) -> None:
    block = re.findall(r"```toml\n(.*?)```", text(path), re.DOTALL)[number]
    written(tmp_path, learned_run("ring"))
    (tmp_path / "block.toml").write_text(block, encoding="utf-8")
    result = CliRunner().invoke(cli, ["info", str(tmp_path / "block.toml")])
    assert result.exit_code == 0, result.output
