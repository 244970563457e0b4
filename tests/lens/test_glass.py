"""The glass lens: windows, leads, and its drawing against its pixels."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.lens import draw, moves_with_view, plot, vector
from netart.lens.glass import INK, figure
from netart.net.build import to_network
from netart.net.recipe import Weights
from netart.pixels import Window
from netart.shot.fields import fewest_texts
from tests.shots import REFERENCE, drawn, shot

SIZE = (150, 110)
RELU = {"layers": "2x7", "activation": "relu", "seed": "7", "radius": "1"}
GLASS = shot(lens="glass", **RELU)


def test_windows_equal_the_picture() -> None:
    whole = drawn(REFERENCE, GLASS, SIZE)
    for window in (Window(0, 0, 31, 9), Window(77, 50, 60, 60), Window(149, 109, 1, 1)):
        left, top, width, height = window
        part = draw(GLASS, SIZE, window, REFERENCE)
        assert np.array_equal(part, whole[top : top + height, left : left + width])


def test_it_moves_with_the_view() -> None:
    assert moves_with_view(GLASS)
    assert not moves_with_view(shot(GLASS, beside="colour"))


def test_leads_lie_where_units_switch() -> None:
    """Widest on layer 1's lines; between them the picture is that of facets."""
    plain, leaded = (
        drawn(REFERENCE, shot(lens=n, **RELU), SIZE) for n in ("glass:facets", "glass")
    )
    changed = np.abs(plain - leaded).max(axis=2) > 0.02
    assert 0.02 < changed.mean() < 0.5
    assert (np.abs(leaded[changed] - INK) <= np.abs(plain[changed] - INK) + 1e-6).all()
    thick = drawn(REFERENCE, shot(lens="glass", leads="8", **RELU), SIZE)
    assert (np.abs(thick - INK).max(axis=2) < 1e-3).mean() > 0.05


def test_the_drawing_shows_the_pixels() -> None:
    """By matplotlib's own raster."""
    with plot.house_style():
        raster = plot.rasterise(figure(GLASS, SIZE, REFERENCE)) / 255
    off = np.abs(raster - drawn(REFERENCE, GLASS, SIZE)).max(axis=2)
    assert off.mean() < 0.015
    assert (off > 0.25).mean() < 0.01


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_drawings_are_the_same_bytes(form: str) -> None:
    one, other = (vector(GLASS, SIZE, REFERENCE, form, "") for _ in range(2))
    assert one == other


def test_a_path_bears_the_name_of_its_unit() -> None:
    text = vector(GLASS, SIZE, REFERENCE, "svg", "").decode()
    names = re.findall(r'id="unit-(\d+\.\d+)"', text)
    assert names == sorted(names, key=lambda name: [-int(n) for n in name.split(".")])
    assert "1.3" in names
    assert io.StringIO(text).read().count("<path") > 50


def test_facets_have_no_leads_and_are_named_so() -> None:
    facets = shot(lens="glass:facets", **RELU)
    assert facets.lens.name == "glass:facets"
    assert fewest_texts(facets, shot())["lens"] == "glass:facets"
    assert "unit-" not in vector(facets, SIZE, REFERENCE, "svg", "").decode()


@pytest.mark.parametrize("texts", [{"layer": "0"}, {"radius": "1e-9"}], ids=str)
def test_a_single_pane_has_no_leads(texts: dict[str, str]) -> None:
    one, bare = (shot(lens=name, **RELU | texts) for name in ("glass", "glass:facets"))
    picture = drawn(REFERENCE, one, SIZE)
    assert np.array_equal(picture, drawn(REFERENCE, bare, SIZE))
    assert np.ptp(picture.reshape(-1, 3), axis=0).max() == 0
    assert "<path" in vector(one, SIZE, REFERENCE, "svg", "").decode()


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"activation": "tanh"}, "layer 1: tanh bends lines into curves, .* add activation relu"),
        ({"activation": "relu,sin"}, "layer 2: sin bends"),
        ({"features": "x,xy"}, "feature xy: bends"),
        ({"leads": "-1"}, "leads -1.0: must be from 0 to 100"),
        ({"taper": "0"}, "taper 0.0: must be above 0"),
        ({"lens": "glass:facets", "taper": "0.5"}, "taper: there are no lines: add leads"),
    ],
)
def test_what_cannot_be_drawn_is_refused(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        shot(**{"lens": "glass", **RELU, **texts})


def test_explicit_weights_are_not_to_be_given_other_activations() -> None:
    """They were made for their own: nonsense would be drawn."""
    tanh = shot(**{**RELU, "activation": "tanh"})
    given = replace(tanh, network=Weights(content=to_network(tanh.network)))
    with pytest.raises(NetartError, match=r"keep them straight$"):
        shot(given, lens="glass")


def test_a_layer_that_is_not_read_may_be_curved() -> None:
    one = shot(lens="glass", **{**RELU, "activation": "relu,tanh"}, layer="1")
    assert drawn(REFERENCE, one, SIZE).shape == (110, 150, 3)


def test_a_half_layer_is_divided_by_the_one_above() -> None:
    half = shot(lens="glass", layer="1.5", **RELU)
    assert half.lens.depth(half.network) == 2
    unit = shot(lens="glass", units="2.3", **RELU)
    assert unit.lens.depth(unit.network) == 1
