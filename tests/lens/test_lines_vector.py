"""Lines as paths: of any network, where its units are 0, in the colours of the raster."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from netart.evaluate.reference import Reference, forward
from netart.evaluate.request import Head
from netart.lens import plot, regions, vector
from netart.lens.lines import figure
from netart.lens.lines_vector import boundaries, switching_lines
from netart.net.build import to_network
from netart.pixels import Size
from netart.shot.shot import Shot
from netart.shot.view import affine
from tests.shots import REFERENCE, drawn, shot

SIZE = (160, 120)
NAMESPACE = "{http://www.w3.org/2000/svg}"
RELU = shot(lens="lines", layers="3x6", activation="relu", seed="3", radius="1")
TANH = shot(lens="lines", layers="3x6", activation="tanh", seed="3", radius="2")


def unit_values(one: Shot, layer: int, unit: int, uv: np.ndarray) -> tuple:
    """Pre-activations at points, and the lengths of their slopes to u and v."""
    network, exact = to_network(one.network), Reference().convert
    rows = affine(one.view, network.inputs)
    at = (rows[:, 0] + uv @ rows[:, 1:].T).T
    head = Head(layer - 1, exact(network.layers[layer - 1].only((unit - 1,))))
    found = forward(network.map_layers(exact), (head,), at, along=rows[:, 1:])
    return found.outputs[:, 0], np.hypot(*found.slopes[..., 0])


def all_units(one: Shot) -> list[tuple[int, int]]:
    return [(k, u) for k, n in enumerate(one.network.widths, 1) for u in range(1, n + 1)]


@pytest.mark.parametrize("one", [RELU, TANH], ids=["relu", "tanh"])
def test_units_are_zero_on_their_lines(one: Shot) -> None:
    found = switching_lines(one, SIZE, all_units(one))
    assert len(found) > 8
    for (layer, unit), lines in found.items():
        z, steep = unit_values(one, layer, unit, np.concatenate(lines))
        off = np.abs(z) / steep
        assert np.median(off) < 1e-12
        assert off.max() < 1e-4  # a hundredth of a pixel, where a unit is nearly a jump


def test_layers_before_the_first_curve_are_exact() -> None:
    """Of a network whose second layer is tanh, layers 1 and 2 have straight pieces."""
    mixed = shot(TANH, activation="relu,tanh,tanh")
    found = switching_lines(mixed, SIZE, all_units(mixed))
    longest = {k: max(len(line) for (n, _), ls in found.items() if n == k for line in ls)
               for k in (1, 2, 3)}  # fmt: skip
    assert longest[1] == 2
    assert longest[2] < 12
    assert longest[3] > 20


def test_layer_1_of_curved_features_is_traced() -> None:
    round_ = shot(TANH, features="r", layers="1x6")
    found = switching_lines(round_, SIZE, all_units(round_))
    for (layer, unit), lines in found.items():
        for line in lines:
            z, steep = unit_values(round_, layer, unit, line)
            assert (np.abs(z) <= 1e-9 * steep).all()
            assert np.ptp(np.hypot(*line.T)) < 1e-9


@pytest.mark.parametrize(
    "one",
    [
        RELU,
        TANH,
        shot(RELU, backdrop="night", line_colour="unit", line_width="3"),
        shot(TANH, backdrop="colour", palette="corners:frost", line_layers="2"),
        shot(TANH, backdrop="regions", units="3.1,2.4"),
    ],
    ids=["relu", "tanh", "night", "colour", "regions"],
)
def test_the_drawing_shows_the_pixels(one: Shot) -> None:
    size = 2 * SIZE[0], 2 * SIZE[1]
    with plot.house_style():
        raster = plot.rasterise(figure(one, size, REFERENCE)) / 255
    picture = drawn(REFERENCE, one, size)
    off = np.abs(raster - picture).max(axis=2)
    inked = np.abs(picture - np.median(picture, axis=(0, 1))).max(axis=2) > 0.1
    assert inked.mean() > 0.02
    assert off.mean() < 0.03
    assert (off > 0.35).mean() < 0.004


def outputs_at(one: Shot, uv: np.ndarray) -> np.ndarray:
    network, exact = to_network(one.network), Reference().convert
    rows = affine(one.view, network.inputs)
    at = (rows[:, 0] + uv @ rows[:, 1:].T).T
    found = tuple(head._replace(layer=exact(head.layer)) for head in regions.heads(one))
    return forward(network.map_layers(exact), found, at).outputs


def test_between_regions_the_two_largest_are_equal() -> None:
    one = shot(lens="regions", layers="2x9", outputs="3", seed="4", radius="3")

    def margins(z: np.ndarray) -> np.ndarray:
        rest = [np.delete(z, k, axis=1).max(axis=1) for k in range(3)]
        return z - np.stack(rest, axis=1)

    found = boundaries(one, SIZE, regions.heads(one), margins)
    assert found
    z = np.sort(outputs_at(one, np.concatenate(found)), axis=1)
    assert np.median(z[:, -1] - z[:, -2]) < 1e-12
    assert np.percentile(z[:, -1] - z[:, -2], 99) < 1e-3


@pytest.mark.parametrize("outputs", ["1", "2", "4"])
def test_drawings_of_regions_show_their_pixels(outputs: str) -> None:
    one = shot(lens="regions", layers="2x9", outputs=outputs, seed="4", radius="3", boundary="3")
    size = 4 * SIZE[0], 4 * SIZE[1]
    with plot.house_style():
        raster = plot.rasterise(regions.figure(one, size, REFERENCE)) / 255
    off = np.abs(raster - drawn(REFERENCE, one, size)).max(axis=2)
    assert off.mean() < 0.01
    assert (off > 0.5).mean() < 5e-4


@pytest.mark.parametrize("one", [RELU, TANH], ids=["relu", "tanh"])
def test_svg_is_xml_with_a_path_a_unit(one: Shot, size: Size = SIZE) -> None:
    text = vector(one, size, REFERENCE, "svg", "").decode()
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("160", "120")
    groups = {group.get("id"): group for group in root.iter(f"{NAMESPACE}g")}
    found = switching_lines(one, size, all_units(one))
    assert {f"unit-{k}.{u}" for k, u in found} == {n for n in groups if n.startswith("unit")}
    for (layer, unit), lines in found.items():
        (path,) = groups[f"unit-{layer}.{unit}"].iter(f"{NAMESPACE}path")
        assert path.get("d").count("M") == len(lines)
        assert "fill: none" in path.get("style")
    assert "<image" not in text
    assert vector(one, size, REFERENCE, "svg", "").decode() == text


def test_lines_of_later_layers_are_above_those_of_earlier_ones() -> None:
    text = vector(RELU, SIZE, REFERENCE, "svg", "").decode()
    layers = [int(n) for n in re.findall(r'id="unit-(\d)\.', text)]
    assert layers == sorted(layers)
    assert set(layers) == {1, 2, 3}
