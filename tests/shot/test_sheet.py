"""Sheets as data: panels, grids, strict reading, and the tour's progressions."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise

import numpy as np
import pytest
import tomli_w

from netart.errors import NetartError
from netart.files.source import read_source
from netart.lens import heads
from netart.net.build import to_network
from netart.shot.sheet import Layout, Over, Sheet, best_columns, from_data, to_data
from tests.shots import over, shot, values


def also(**values) -> dict:
    """Tables of a sheet over one seed, and a further field that changes with it."""
    return {"over": [{"field": "seed", "values": "1", "also": [values]}]}


def sheet(*overs: str, **layout) -> Sheet:
    return Sheet(shot=shot(layers="4x6"), overs=tuple(map(over, overs)), layout=Layout(**layout))


def test_panels_count_from_one_row_by_row() -> None:
    two = sheet("depth=1..3", "seed=7,8")
    assert (len(two), two.grid) == (6, (3, 2))
    assert two.panel(1) == shot(two.shot, depth="1", seed="7")
    assert two.panel(3) == shot(two.shot, depth="3", seed="7")
    assert two.panel(4) == shot(two.shot, depth="1", seed="8")
    assert list(two.panels())[5] == two.panel(6)
    for number in (0, 7, -1):
        with pytest.raises(NetartError, match=f"panel {number}: the sheet has panels 1 to 6"):
            two.panel(number)


FIELDS = [
    "seed=1,2", "depth=1,2", "width=3,9", "layer=1,2.5", "weight_scale=0.4,1", "radius=1..2",
    "output=1..3", "activation=tanh;sin,relu,abs,tanh", "palette=corners:sun;ramp:#102030,white",
    "latent.a=-1..1", "center=0,0;1,1", "contrast=auto,off", "layers=1x2,3x4", "rotate=0,90",
    "units=1.1;1.1,1.2,1.3", "features=x,y;x,y,r", "bias-scale=same,0.2",
]  # fmt: skip


@pytest.mark.parametrize("over", FIELDS)
def test_any_field_may_vary(over: str) -> None:
    panels = list(sheet(over).panels())
    assert len(set(panels)) == len(panels) >= 2


@pytest.mark.parametrize(
    ("count", "columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (7, 4), (9, 3), (18, 6), (20, 5)]
)
def test_a_single_field_fills_the_page(count: int, columns: int) -> None:
    assert best_columns(count) == columns
    assert sheet(f"seed=1..{count}").grid == (columns, -(-count // columns))
    assert sheet(f"seed=1..{count}", columns=4).grid == (min(4, count), -(-count // 4))


@pytest.mark.parametrize(
    ("overs", "layout", "message"),
    [
        ([], {}, "0 fields, must be one or two"),
        (["seed=1", "depth=1", "width=1"], {}, "3 fields"),
        (["seed=1", "seed=2"], {}, "seed is varied twice"),
        (["seeds=1,2"], {}, "unknown field 'seeds': did you mean seed"),
        (["latents.a=1"], {}, "unknown field 'latents.a'"),
        (["radius.a=1"], {}, "unknown field 'radius.a'"),
        (["seed="], {}, "a value is missing"),
        (["seed=1,b"], {}, "seed 'b': must be a whole number"),
        (["seed=5..1"], {}, "runs backwards"),
        (["seed=0..99999"], {}, "more than 10,000 values"),
        (["seed=0..199", "depth=0..99"], {}, "20,000 panels"),
        (["seed=1..4"], {"columns": 0}, "sheet.columns = 0"),
        (["seed=1", "depth=1"], {"columns": 2}, "sheet.columns: has no meaning"),
        (["seed=1"], {"gutter": -1}, "sheet.gutter = -1"),
        (["seed=1"], {"background": "whit"}, "sheet.background = 'whit'"),
        (["seed=1"], {"background": "rgb(300,0,0)"}, "sheet.background = 'rgb"),
        (["seed=1"], {"background": f"rgb({'9' * 24},0,0)"}, "sheet.background = 'rgb"),
        (["seed=1"], {"panel": (-5, 3)}, "sheet.panel: size -5x3"),
    ],
)
def test_bad_sheets_are_refused(overs, layout, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        sheet(*overs, **layout)


def test_a_panel_that_is_no_shot_is_named() -> None:
    with pytest.raises(NetartError, match=r"panel 3: layer 5"):
        list(sheet("layer=1,2,5").panels())


def test_data_loses_nothing() -> None:
    one = sheet("palette=rgb;ramp:red,white", "radius=1..9*3:log", gutter=3, labels=True)
    data = to_data(one)
    for again in (json.loads(json.dumps(data)), tomllib.loads(tomli_w.dumps(data))):
        assert from_data(again, one.shot) == one
        assert from_data(again, one.shot).sha256 == one.sha256
    assert one.sha256 != sheet("palette=rgb;ramp:red,white", "radius=1..9*3").sha256


SPOTS = Over("center", ("0,0", "1,2", "3,0"), (Over("radius", ("1", "0.5", "0.25")),))


def test_fields_that_change_together_have_one_place_in_the_grid() -> None:
    one = Sheet(shot=shot(layers="4x6"), overs=(SPOTS, over("seed=7,8")))
    assert (len(one), one.grid) == (6, (3, 2))
    assert one.texts(5) == {"center": "1,2", "radius": "0.5", "seed": "8"}
    assert one.panel(5) == shot(one.shot, center="1,2", radius="0.5", seed="8")
    data = to_data(one)
    assert "also" not in data["over"][1]  # younger than the hash
    for again in (json.loads(json.dumps(data)), tomllib.loads(tomli_w.dumps(data))):
        assert from_data(again, one.shot) == one
    listed = {"field": "radius", "values": "1..3"}
    data["over"] = [data["over"][0] | {"also": [listed]}]
    assert from_data(data, one.shot).texts(3) == {"center": "3,0", "radius": "3"}


def test_old_sheets_keep_their_hash() -> None:
    """Written before fields changed together and labels were numbered."""
    hashes = {
        "tour-10": "cc02679ad6d7a2ac841b23879f6823d636f802c96e631f7d21b1b4453842c39d",
        "ginn-sweep": "ca83bbf55906bfd616482134fdba8a82948a97b4d1293998822522b0047f5727",
    }
    for name, sha256 in hashes.items():
        assert read_source(name).document.sha256 == sha256
    plain, labelled, numbered = (sheet("seed=1,2", labels=x) for x in (False, True, "numbered"))
    assert len({plain.sha256, labelled.sha256, numbered.sha256}) == 3
    assert from_data(to_data(numbered), numbered.shot) == numbered


def test_values_may_be_python_values() -> None:
    assert Over.of("depth", range(1, 4)) == over("depth=1..3")
    assert Over.of("center", [(0, 0.5), (1, 2)]).values == ("0,0.5", "1,2")
    assert Over.of("invert", [True, False]).values == ("true", "false")
    assert Over.of("palette", "all") == over("palette=all")
    for seeds in (3, "3", range(3), [0, 1, 2]):
        assert Over.of_seeds(seeds) == over("seed=0..2")
    assert len(Over.of_seeds(20_000).values) == 20_000  # of which the best may make a sheet
    with pytest.raises(NetartError, match=r"over depth: None: must be text, a number"):
        Over.of("depth", [None])
    with pytest.raises(NetartError, match="over depth: more than 10,000 values"):
        Over.of("depth", range(1 << 60))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "sheet: must be a table"),
        ({}, "0 fields"),
        ({"over": [{"field": "seed"}]}, r"sheet.over\[1\].*values"),
        ({"over": [{"field": "seed", "values": []}]}, "a field without values"),
        ({"over": [{"field": "sed", "values": "1"}]}, "did you mean seed"),
        ({"over": [{"field": "seed", "values": [[[1]]]}]}, "Expected `str`"),
        ({"over": [{"field": "seed", "values": 1 << 200}]}, "Expected `array`"),
        ({"over": [{"field": "seed", "values": "1", "step": 1}]}, r"sheet.over\[1\].step"),
        ({"over": [{"field": "center", "values": ["0,0"] * 10_001}]}, "values: more than 10,000"),
        ({"over": ["seed=1"]}, r"sheet.over\[1\]: must be a table"),
        ({"over": [{"field": "seed", "values": "1", "also": [3]}]}, r"over\[1\].also\[1\]: must"),
        (also(field="depth", values="1,2"), "depth: 2 values, must be as many as the 1 of seed"),
        (also(field="seed", values="1"), "seed is varied twice"),
        (also(field="sed", values="1"), "did you mean seed"),
        (also(field="depth", value="1"), r"over\[1\].also\[1\].value"),
        (
            also(field="depth", values="1", also=[]),
            r"unknown field 'sheet.over\[1\].also\[1\].also",
        ),
        (
            {"over": [{"field": "seed", "values": "1", "also": [{"field": "depth"}] * 5}]},
            r"over\[1\].also: more than 4 fields",
        ),
        ({"over": [{"field": "seed", "values": "1"}], "labels": "numbers"}, "sheet.labels"),
        ({"over": [{"field": "seed", "values": "1"}], "colums": 3}, "did you mean sheet.columns"),
        ({"over": [{"field": "seed", "values": "1"}], "columns": "3"}, "sheet.columns"),
    ],
)
def test_reading_is_strict(data, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        from_data(data, shot())


# What the tour says of its progressions.

PROGRESSIONS = {
    "tour-6": (3, 1), "tour-8": (3, 2), "tour-9": (10, 4), "tour-10": (3, 6), "tour-14": (4, 2),
    "tour-15": (3, 2), "tour-18": (3, 3), "tour-19": (3, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRESSIONS)
def test_progressions_have_the_originals_layout(name: str) -> None:
    found = read_source(name)
    assert found.document.grid == PROGRESSIONS[name]
    assert len(list(found.document.panels())) == len(found.document)


def detail(picture) -> float:
    """Mean change of the read-out's values, at 200 steps along four lines through the view."""
    r = picture.view.radius
    along = np.linspace(-r, r, 201)
    changes = []
    for offset in (-0.6, -0.2, 0.2, 0.6):
        z = values(picture, [(x, offset * r) for x in along])
        output = 1 / (1 + np.exp(-z))
        changes.append(np.abs(np.diff(output, axis=0)).mean())
    return float(np.mean(changes))


def test_figure_10_each_panel_is_the_start_of_the_next() -> None:
    panels = []
    for one in read_source("tour-10").document.panels():
        (head,) = heads(one)
        panels.append(to_network(one.network).until(*head))
    assert [network.depth for network in panels] == list(range(1, 19))
    for shallow, deep in pairwise(panels):
        for a, b in zip(shallow.layers[:-1], deep.layers, strict=False):
            assert np.array_equal(a.weight, b.weight)
            assert np.array_equal(a.bias, b.bias)
        assert np.array_equal(shallow.layers[-1].weight, deep.layers[-1].weight)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "times"), [("tour-10", 5), ("tour-15", 20), ("tour-19", 5)])
def test_detail_rises_along_the_figure(name: str, times: float) -> None:
    """Not with every panel, but over thirds of them, and by a factor over the whole."""
    found = np.array([detail(one) for one in read_source(name).document.panels()])
    thirds = found.reshape(3, -1).mean(axis=1)
    assert thirds[0] < thirds[1] < thirds[2]
    assert found[-1] > times * found[0]


def test_figure_18_far_out_the_picture_is_radial() -> None:
    """Along rays the outputs vary far less than around: at the first panel, not at the last."""
    ratios = []
    panels = read_source("tour-18").document
    for number in (1, 9):
        one = panels.panel(number)
        angles, reach = np.linspace(0, 2 * np.pi, 90, endpoint=False), one.view.radius
        radii = np.linspace(0.4, 1, 30) * reach
        points = [(r * np.cos(a), r * np.sin(a)) for a in angles for r in radii]
        output = 1 / (1 + np.exp(-values(one, points).reshape(90, 30, -1)))
        ratios.append(output.std(axis=1).mean() / output.std(axis=0).mean())
    assert ratios[0] < 0.4
    assert ratios[1] > 0.3 and ratios[1] > 1.2 * ratios[0]
    assert one.view.radius == 0.15625


def test_figure_19_scales_the_same_draws_weights_and_biases_together() -> None:
    panels = read_source("tour-19").document.panels()
    first, *_, last = map(lambda one: to_network(one.network), panels)
    for a, b in zip(first.layers, last.layers, strict=True):
        assert b.weight == pytest.approx(2 * a.weight, rel=1e-6)
        assert b.bias == pytest.approx(2 * a.bias, rel=1e-6)


def test_numbers_stand_for_the_texts_that_read_the_same() -> None:
    for field, listing, texts in (
        ("seed", [1, 2], ["1", "2"]),
        ("invert", [True, False], ["true", "false"]),
        ("center", [[0.5, 1], [2, 3]], ["0.5,1", "2,3"]),
        ("seed", 7, ["7"]),
        ("seed", "1..3", ["1", "2", "3"]),
    ):
        found = from_data({"over": [{"field": field, "values": listing}]}, shot())
        assert list(found.overs[0].values) == texts
