"""Shots: values, hashes, text without loss, strict reading, fields."""

from __future__ import annotations

import json
import tomllib
from functools import partial
from pathlib import Path

import msgspec
import pytest
import tomli_w

from netart.errors import NetartError
from netart.files.beside import read_beside
from netart.files.weights import npz
from netart.net.build import to_network
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe, Weights
from netart.shot.fields import FIELDS, apply, parse
from netart.shot.lens import LENSES
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from tests.shots import shot

WEIGHTS = {
    "kind": "weights",
    "layers": [{"weight": [[0.4, 1.0]], "bias": [-0.3], "activation": "sigmoid"}],
}

SHOTS = [
    Shot(),
    shot(seed=str(2**64 - 1), layers="3x5", activation="tanh,relu,sin"),
    shot(mix="42:0.8,7:0.6", weight_scale="0.7", bias_scale="same", distribution="he_normal"),
    shot(latent="a=0.30,b=-1e-40", axes="x,a", center="0.1,0.2", rotate="33", layer="2"),
    shot(layers="0", outputs="1", features="sin_x:3,r", palette="gray", contrast="off"),
    shot(contrast="-1:1,0:2,0.1:0.1", palette="corners:coast"),
    from_text({"network": WEIGHTS}),
    shot(from_text({"network": WEIGHTS}), weight_scale="2", output_activation="tanh",
         contrast="off"),
    shot(layer="2.125", output="2", samples="3", dither="true", palette="cosine:7"),
    shot(units="3.1,3.2,3.16", palette="oklch:0.3,0.1"),
]  # fmt: skip


@pytest.mark.parametrize("one", SHOTS)
def test_text_loses_nothing(one: Shot) -> None:
    text = to_text(one)
    for again in (json.loads(json.dumps(text)), tomllib.loads(tomli_w.dumps(text))):
        assert from_text(again) == one
        assert from_text(again).sha256 == one.sha256
        assert to_network(from_text(again).network).sha256 == to_network(one.network).sha256
        assert to_text(from_text(again)) == text


@pytest.mark.parametrize("kind", LENSES)
def test_defaults_are_written_as_they_are_read(kind: str) -> None:
    lens = LENSES[kind]()
    written = json.dumps(msgspec.to_builtins(lens))
    assert json.dumps(msgspec.to_builtins(msgspec.json.decode(written, type=type(lens)))) == written


def test_shots_are_values() -> None:
    assert len({*SHOTS, *SHOTS}) == len(SHOTS)
    assert len({one.sha256 for one in SHOTS}) == len(SHOTS)
    assert shot() == Shot()
    with pytest.raises(AttributeError):
        Shot().view = None


# Old hashes stay: a new field's default must not change them.
HASHES = {
    0: "5a9c5d5bfddf20824383754ced5e0bec2889f9383139a114f13ce899808b252b",
    2: "93cf7e74db777c24a5482bdba7440f0e371c0a6c4b531c396642a544901d6239",
    3: "210ce0bef12a44c2f518ee23c4cfa1a3b4f5e584cd419f5110d10dd7f3b5c395",
    6: "18aaeda5c5b64927f833e43b65fe56d61bd4b28ed9a1113c5092009d67fc18d6",
}


@pytest.mark.parametrize("number", HASHES)
def test_hashes_are_the_published_ones(number: int) -> None:
    assert SHOTS[number].sha256 == HASHES[number]


def test_every_field_is_written() -> None:
    text = to_text(SHOTS[3])
    assert set(text["network"]) == {"kind", *Recipe.__struct_fields__}
    assert text["view"]["centre"] == ("0.1", "0", "0.2", "-1E-40")


def test_values_may_be_written_as_options_write_them() -> None:
    written = from_text(
        {
            "network": {"mix": "7:0.6,42:0.8", "widths": "3x5,7", "features": "x,r"},
            "view": {"centre": "0.1,0.2", "frame": 90, "radius": 1},
            "look": {"contrast": "-1:1"},
        }
    )
    assert written == shot(
        mix="7:0.6,42:0.8", widths="5,5,5,7", features="x,r", center="0.1,0.2", rotate="90",
        radius="1", contrast="-1:1",
    )  # fmt: skip


BAD = [
    ({"view": {"radius": -1}}, "view.radius = -1.0: must be a finite number above 0"),
    ({"view": {"radius": "wide"}}, "view.radius = 'wide': must be a number"),
    ({"view": {"radus": 1}}, "unknown field 'view.radus': did you mean view.radius?"),
    ({"view": {"center": "0,0"}}, "unknown field 'view.center': in files it is view.centre"),
    ({"network": {"seed": 5}}, "unknown field 'network.seed': in files it is network.mix"),
    ({"veiw": {}}, "unknown field 'shot.veiw': did you mean shot.view?"),
    ({"network": {"kind": "recipe", "widths": [1.5]}}, "network.widths"),
    ({"network": {"kind": "trained"}}, "network"),
    ({"network": {"mix": {"seven": 1}}}, "network.mix: names are seeds"),
    ({"network": {"latents": ["x"]}}, "latent 'x'"),
    ({"network": 5}, "network: must be a table"),
    ([], "shot: must be a table"),
    ({"lens": {"layer": 17}}, "lens.layer = 17: the network has hidden layers 1 to 16"),
    ({"lens": {"kind": "seascape"}}, "lens"),
    ({"look": {"palette": "gary"}}, "did you mean gray?"),
    ({"look": {"gamma": 0}}, "look.gamma = 0.0: must be from 0.01 to 100"),
    ({"look": {"posterize": 1}}, "look.posterize = 1: must be from 2 to 256"),
    ({"look": {"invert": "maybe"}}, "look.invert = 'maybe': must be true or false"),
    ({"look": {"contrast": [[1, 0]]}}, "lower limit first"),
    ({"look": {"contrast": [[0, 1], [0, 1]]}}, "2 pairs for 3 outputs"),
    ({"look": {"palette": "rgb"}, "network": {"outputs": 2}}, "corners, ramp, map, cosine, gray"),
    ({"view": {"axes": ["x", "t"]}}, "unknown input 't'"),
    ({"view": {"centre": ["0", "0", "1"]}}, "3 numbers for 2 inputs"),
    ({"network": WEIGHTS | {"sha256": "00"}}, "not those that were drawn"),
    ({"network": WEIGHTS | {"file": "a.npz"}}, "either `layers` or a `file`"),
    ({"network": {"kind": "weights", "file": "a.npz"}}, "no folder to look in"),
    ({"network": {"kind": "weights"}}, "either `layers` or a `file`"),
    ({"network": {"weight_scale": 0}}, "radius: must be given"),
    ({"network": {"weight_scale": 0.5, "detail": 2}}, "network.detail = 2.0: multiplies"),
]


@pytest.mark.parametrize(("data", "message"), BAD)
def test_reading_is_strict(data, message: str) -> None:
    with pytest.raises(NetartError) as caught:
        from_text(data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_may_stand_in_a_file_next_to_the_text(tmp_path: Path) -> None:
    content = to_network(Shot().network)
    with (tmp_path / "net.npz").open("wb") as file:
        npz.write(file, content, {})
    data = {"network": {"kind": "weights", "file": "net.npz", "sha256": content.sha256}}
    read = partial(read_beside, tmp_path)
    assert to_network(from_text(data, read).network).sha256 == content.sha256
    with (tmp_path / "net.npz").open("wb") as file:
        npz.write(file, to_network(shot(seed="8").network), {})
    with pytest.raises(NetartError, match="not those that were drawn"):
        from_text(data, read)


def test_large_weights_travel_by_name() -> None:
    content = to_network(shot(layers="4x80").network)
    text = to_text(Shot(network=Weights(content=content, name="big.npz")))
    assert text["network"]["file"] == "big.npz"
    assert "layers" not in text["network"]


# Fields.


def test_an_unset_radius_is_one_over_the_weight_scale() -> None:
    assert shot(weight_scale="-0.5").view.radius == 2
    assert shot(layers="18x30").view.radius == 1 / 0.599
    assert from_text({"network": WEIGHTS}).view.radius == 1


def test_detail_does_not_move_the_view() -> None:
    """A shallow network in a view that shrinks as its weights grow would look the same."""
    fine = shot(layers="18x30", detail="2")
    assert fine.view == shot(layers="18x30").view
    assert fine == shot(shot(layers="18x30"), detail="2")


def test_a_weight_scale_that_is_a_number_leaves_no_detail() -> None:
    fine = shot(detail="2")
    assert shot(fine, weight_scale="0.5") == shot(shot(), weight_scale="0.5")
    assert shot(fine, weight_scale="auto") == fine


def test_layers_keep_the_width_and_the_activations() -> None:
    base = shot(widths="5,6,7", activation="sin,cos,relu")
    deeper, shallower = shot(base, layers="5"), shot(base, layers="2")
    assert deeper.network.widths == (5, 6, 7, 7, 7)
    assert deeper.network.activations == ("sin", "cos", "relu", "relu", "relu")
    assert shallower.network.widths == (5, 6)
    assert shallower.network.activations == ("sin", "cos")
    none = shot(base, layers="0")
    assert none.network.widths == ()
    assert shot(none, layers="2").network.widths == (16, 16)


def test_latents_are_appended_in_the_order_given() -> None:
    one = shot(latent="b=1,a=2")
    assert one.network.latents == ("b", "a")
    again = shot(one, latent="a=3,c=4")
    assert again.network.latents == ("b", "a", "c")
    assert [str(number) for number in again.view.centre] == ["0", "0", "1", "3", "4"]


def test_center_sets_the_spanned_inputs() -> None:
    one = shot(shot(latent="a=5"), axes="a,y", center="1,2", latent="x=7")
    assert [str(number) for number in one.view.centre] == ["7", "2", "1"]


REFUSED = [
    ({"latent": "x=1"}, "latent x: the picture spans x"),
    ({"seed": "1", "mix": "2:1"}, "seed: says the same thing as mix"),
    ({"layers": "3", "widths": "4"}, "layers: says the same thing as widths"),
    ({"output_activation": "tanh"}, "output_activation: the palette reads"),
    ({"weight_scale": "0.5", "detail": "2"}, "detail: multiplies the weight scale of auto"),
    ({"layer": "17"}, "layer 17: the network"),
    ({"axes": "x,t"}, "unknown input 't'"),
]


@pytest.mark.parametrize(("texts", "message"), REFUSED)
def test_fields_that_cannot_apply_are_refused_by_name(texts, message: str) -> None:
    with pytest.raises(NetartError) as caught:
        shot(**texts)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["seed", "mix", "layers", "widths", "depth", "width", "distribution", "features", "outputs"],
)
def test_explicit_weights_have_no_recipe(name: str) -> None:
    text = {"seed": "1", "mix": "1:1", "distribution": "normal", "features": "x"}.get(name, "2")
    with pytest.raises(NetartError, match=f"{name}: the network's weights are explicit"):
        shot(SHOTS[6], **{name: text})


UNPARSED = [
    ("seed", "x", "seed 'x': must be a whole number"),
    ("seed", "1.5", "whole number"),
    ("layers", "5y3", "DEPTH or DEPTHxWIDTH"),
    ("layers", "-1", "from 0 to"),
    ("layers", "99999999", "from 0 to"),
    ("center", "1,2,3", "write X,Y"),
    ("center", "1,b", "'b' is not a number"),
    ("latent", "a", "write NAME=VALUE"),
    ("contrast", "high", "write auto, eased, off, or LO:HI"),
    ("radius", "big", "radius 'big': must be a number"),
    ("axes", "x,y,z", "two names"),
]


@pytest.mark.parametrize(("name", "text", "message"), UNPARSED)
def test_errors_name_the_field_and_its_text(name: str, text: str, message: str) -> None:
    with pytest.raises(NetartError) as caught:
        parse(name, text)
    assert message in str(caught.value)


def test_an_unknown_field_offers_the_nearest() -> None:
    with pytest.raises(NetartError, match="did you mean weight_scale"):
        apply(Shot(), {"weigth_scale": 1.0})


def test_every_place_of_the_table_exists() -> None:
    for field in FIELDS.values():
        if field.place:
            part, dot, name = field.place.partition(".")
            if not dot:
                assert part in Shot.__struct_fields__
                continue
            kinds = {"lens": LENSES.values(), "network": (Recipe, Trained)}.get(
                part, (type(getattr(Shot(), part)),)
            )
            assert any(name in kind.__struct_fields__ for kind in kinds)


def test_equal_shots_have_one_hash() -> None:
    for one, other in (
        (shot(contrast="-0:1"), shot(contrast="0:1")),
        (shot(bias_scale="-0"), shot(bias_scale="0")),
        (shot(mix="1:-0,2:1"), shot(mix="1:0,2:1")),
    ):
        assert one == other
        assert one.sha256 == other.sha256


def test_a_network_takes_its_latents_along() -> None:
    other = shot(layers="2x5", outputs="1", latent="t=2.5")
    made = apply(shot(palette="rgb", radius="3"), {"palette": "gray"}, other)
    assert made.network == other.network
    assert [str(number) for number in made.view.centre] == ["0", "0", "2.5"]
    assert (made.view.radius, made.look.palette) == (3, "gray")


def test_a_file_named_in_text_brings_its_latents(tmp_path: Path) -> None:
    one = shot(layers="2x5", latent="t=2.5")
    with (tmp_path / "net.npz").open("wb") as file:
        npz.write(file, to_network(one.network), {"t": 2.5})
    read = from_text(
        {"network": {"kind": "weights", "file": "net.npz"}}, partial(read_beside, tmp_path)
    )
    assert str(read.view.centre[2]) == "2.5"


def test_explicit_layers_that_cannot_be_read_out_are_refused_when_made() -> None:
    layers = [
        {"weight": [[1, 0], [0, 1], [1, 1]], "bias": [0, 0, 0], "activation": "tanh"},
        {"weight": [[1, 1, 1]] * 2, "bias": [0, 0], "activation": "tanh"},
        {"weight": [[1, 1]], "bias": [0], "activation": "tanh"},
    ]
    data = {"network": {"kind": "weights", "layers": layers}, "lens": {"layer": 1}}
    with pytest.raises(NetartError, match="layer 1: is 3 wide"):
        from_text(data)
