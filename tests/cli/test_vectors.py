"""Command lines that draw SVG and PDF, and those that cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import Run, files

DRAW = "render --lens curves --features x --size 300x200 --backend cpu --quiet"


def test_the_program_draws_vectors(netart: Run, tmp_path: Path) -> None:
    for name in ("a.svg", "a.pdf"):
        assert netart(*DRAW.split(), "-o", name).path == Path(name)
    assert files(tmp_path) == {"a.pdf", "a.svg"}
    stream = netart(*DRAW.split(), "--format", "svg", "-o", "-").out
    assert stream == (tmp_path / "a.svg").read_bytes()
    assert b'[shot.lens]\nkind = "curves"' in netart("info", "a.svg").out
    assert netart("render", "a.pdf", "-o", "b.svg", "--quiet").status == 0
    assert (tmp_path / "b.svg").read_bytes() == stream


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("render -o a.svg", "a.svg: svg holds lines and text: the lens colour draws pixels"),
        ("render --lens diagram --bits 8 -o a.svg", "--bits: svg holds lines and text"),
        ("render --lens diagram --format pdf -o a.svg", "says svg, --format pdf"),
        ("sheet --lens diagram --seeds 1..2 -o a.svg", "svg holds a single shot"),
        ("spin --lens warp --layers 2x3 -o a-##.svg", "unknown suffix '.svg'"),
        ("render --lens curves -o a.svg", "for a cut along one add --axes x"),
    ],
)
def test_the_program_says_what_it_cannot_draw(
    netart: Run, tmp_path: Path, words: str, message: str
) -> None:
    ran = netart(*words.split())
    assert ran.status == 2
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1
    assert files(tmp_path) == set()


def test_one_member_after_another_is_a_film(netart: Run, tmp_path: Path) -> None:
    words = "morph --lens curves --features x --seeds 0..3 --easing hold --frames 4 --size 64x48"
    assert netart(*words.split(), "-o", "a-#.png", "--backend", "cpu", "--quiet").status == 0
    drawn = [(tmp_path / f"a-{k}.png") for k in range(1, 5)]
    for k, path in enumerate(drawn):
        assert f"{k} = 1.0" in netart("info", path).out.decode()
