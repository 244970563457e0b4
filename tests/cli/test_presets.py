"""Presets from the command line, and shots as text to edit."""

from __future__ import annotations

from pathlib import Path

import pytest

import netart as package
from netart.errors import NetartError
from netart.files.source import preset_groups, preset_names, read_source
from netart.lens import explicit
from netart.shot.shot import Shot
from tests.program import SMALL, Run, pixels

TOUR = [name for name in preset_names() if name.startswith("tour-")]


def test_every_preset_has_a_line(netart: Run) -> None:
    lines = netart("presets").out.decode().splitlines()
    groups = preset_groups()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert listed == [name for names in groups.values() for name in names]
    assert [line for line in lines if not line.startswith(" ")] == [f"{name}:" for name in groups]
    films = netart("presets", "--group", "films", "--json").json
    assert list(films) == groups["films"]
    assert len(preset_names()) - len(TOUR) >= 18 + 2
    assert {"neuralart", "cppn"} <= set(preset_names())


def test_a_retired_name_draws_what_it_drew(netart: Run) -> None:
    retired = set(preset_names(retired=True)) - set(preset_names())
    assert {"eye", "papercut", "lanterns"} <= retired
    assert netart("render", "eye", *SMALL, "-o", "eye.png").status == 0
    assert "eye" not in netart("presets", "--json").json


def test_presets_differ_in_kind() -> None:
    """In lens, features, activation, palette, distribution or depth: no two in all of them."""
    kinds = set()
    documents = [read_source(name).document for name in preset_groups()["pictures"]]
    stills = [document for document in documents if isinstance(document, Shot)]
    assert len(stills) >= 18 + 2
    for one in stills:
        recipe = one.network
        kinds.add(
            (one.lens.name, recipe.features, recipe.activations, explicit(one).look.palette,
             recipe.distribution, recipe.depth, recipe.outputs, one.look.light)
        )  # fmt: skip
    assert len(kinds) == len(stills)


def test_a_saved_shot_is_the_shot(netart: Run) -> None:
    for name in ("silk", "stained-glass", "cppn"):
        ran = netart("render", name, "--radius", "0.7", "--save", "mine.toml")
        assert (ran.status, str(ran.path)) == (0, "mine.toml"), ran.err
        assert not Path(f"{name}.png").exists()
        again = netart("render", "mine.toml", *SMALL, "-o", "a.png")
        direct = netart("render", name, "--radius", "0.7", *SMALL, "-o", "b.png")
        assert again.status == direct.status == 0
        assert (pixels(Path("a.png")) == pixels(Path("b.png"))).all()
        assert netart("info", "mine.toml", "--json").json["about"] == read_source(name).about


def test_a_saved_size_is_kept(netart: Run) -> None:
    netart("render", "silk", "--size", "30x20", "--save", "mine.toml")
    assert netart("render", "mine.toml", "--backend", "cpu", "-o", "a.png").status == 0
    assert pixels(Path("a.png")).shape == (20, 30, 3)


def test_sheets_are_no_shots_but_their_panels_are() -> None:
    assert package.new("tour-18#9").view.radius == 0.15625
    with pytest.raises(NetartError, match="tour-18 is a sheet"):
        package.new("tour-18")
