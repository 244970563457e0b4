"""The colour lens: contrast, palettes, strips, and what the tour of random networks claims."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from msgspec.structs import replace

from netart import lens
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.gpu import Gpu
from netart.lens import explicit, measured, strips
from netart.net.build import to_network
from netart.pixels import PREVIEW
from netart.shot.colours import CORNERS, RAMPS
from netart.shot.look import Look
from netart.shot.oklab import (
    chroma_limit,
    display_from_oklab,
    gamut,
    linear_from_oklab,
    map_to_gamut,
    oklab_from_display,
    srgb_decode,
    srgb_encode,
)
from netart.shot.palette import NAMES, SHORT_NAMES, palette, palette_for
from tests.shots import REFERENCE, drawn, shot, values

# Columns a, b, c, d of cosine:7 as first drawn: old pictures must stay.
COSINE_7 = [
    [0.4973678, 0.3795267, 0.4730851, 0.2938639],
    [0.4604404, 0.3438963, 0.5147982, 0.1573443],
    [0.4413496, 0.4912654, 0.5262162, 0.0208248],
]


# Corners that no list has any more, as they were.
FORMER = {
    "coast": "#0d2b45 #d08159 #1f6f78 #ffecd6",
    "neon": "#120a2a #ff4f79 #00b3c6 #fff3b0",
    "terra": "#24140f #c65d3b #3d6070 #f2dcc0",
}


def rgb(text: str) -> np.ndarray:
    return np.array(list(bytes.fromhex(text[1:]))) / 255


# Palettes.


def test_oklab_is_the_published_one() -> None:
    """Ottosson's own table of XYZ pairs, here for white and the sRGB primaries."""
    lab = oklab_from_display(np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1.0]]))
    expected = [
        [1, 0, 0],
        [0.628, 0.2249, 0.1258],
        [0.8664, -0.2339, 0.1795],
        [0.452, -0.0325, -0.3115],
    ]
    assert np.abs(lab.T - expected).max() < 2e-4


def test_colour_conversions_invert() -> None:
    display = np.random.default_rng(0).random((3, 500))
    assert np.abs(srgb_encode(srgb_decode(display)) - display).max() < 1e-12
    assert np.abs(display_from_oklab(oklab_from_display(display)) - display).max() < 1e-6


@pytest.mark.parametrize("name", CORNERS)
def test_corners_show_their_colours(name: str) -> None:
    chosen = palette(f"corners:{name}")
    t = np.array([[0, 1, 0, 1], [0, 0, 1, 1], [0.5] * 4])
    got = chosen.kind.function(t, chosen.table).T
    expected = [rgb(colour) for colour in CORNERS[name].split()]
    assert got == pytest.approx(np.array(expected), abs=2e-6)


def test_the_third_output_shifts_the_lightness() -> None:
    chosen = palette("corners:sun")
    t = np.array([[0.3] * 3, [0.6] * 3, [0, 0.5, 1]])
    lab = oklab_from_display(chosen.kind.function(t, chosen.table))
    assert np.diff(lab[0]) == pytest.approx([0.11, 0.11], abs=0.01)
    two = chosen.kind.function(t[:2], chosen.table)
    assert two[:, 0] == pytest.approx(chosen.kind.function(t, chosen.table)[:, 1])


def lab_of(name: str, t: np.ndarray, chroma: float) -> np.ndarray:
    chosen = palette(name, chroma)
    return oklab_from_display(chosen.kind.function(t, chosen.table))


@pytest.mark.parametrize("name", [f"corners:{name}" for name in CORNERS])
def test_chroma_comes_back_as_far_as_the_gamut_goes(name: str) -> None:
    """Towards the corners' own, mixed as they are; lightness and hue stay."""
    t = np.random.default_rng(0).random((2, 4000))
    before, power = lab_of(name, t, 0), 0.6
    after, most = lab_of(name, t, power), chroma_limit(before, gamut())
    s = t * (0.5 + t * (1.5 - t))
    shares = [(1 - s[0]) * (1 - s[1]), s[0] * (1 - s[1]), (1 - s[0]) * s[1], s[0] * s[1]]
    corners = oklab_from_display(np.array([rgb(colour) for colour in CORNERS[name[8:]].split()]).T)
    mixed = np.hypot(*corners[1:]) @ np.array(shares)
    own, found = np.hypot(*before[1:]), np.hypot(*after[1:])
    wanted = np.maximum(own, np.minimum(own ** (1 - power) * mixed**power, most))
    assert found == pytest.approx(wanted, abs=2e-3)  # clipped between the gamut's entries
    assert np.abs(found - wanted).mean() < 1e-4
    assert after[0] == pytest.approx(before[0], abs=2e-3)
    assert np.abs(before[1] * after[2] - before[2] * after[1]).max() < 1e-4
    assert (found - own).max() > 0.002


def test_chroma_begins_at_none() -> None:
    """A film from none to some does not jump, also where lightness leaves the gamut."""
    t = np.random.default_rng(0).random((3, 4000))
    plain, chosen = palette("corners:sun", 0), palette("corners:sun", 1e-6)
    assert plain.table.tobytes() == palette("corners:sun").table.tobytes()
    moved = chosen.kind.function(t, chosen.table) - plain.kind.function(t, plain.table)
    assert 0 < np.abs(moved).max() < 1e-4


def test_chroma_is_none_where_no_corners_lose_it() -> None:
    """One spelling for one picture: a ramp in place of corners has no chroma to keep."""
    corners = shot(palette="corners:sun", chroma="0.6")
    assert shot(corners, palette="ramp:ink") == shot(palette="ramp:ink")
    unset = replace(corners, look=replace(corners.look, palette=None))
    assert unset.look.chroma == shot(corners, palette="sun").look.chroma == 0.6
    assert shot(unset, output="1") == shot(output="1")
    assert shot(shot(outputs="1"), outputs="3", chroma="0.6").look.chroma == 0.6


def test_chroma_of_the_corners_themselves_stays() -> None:
    ends = np.array([[0, 1, 0, 1], [0, 0, 1, 1.0]])
    assert lab_of("corners:night", ends, 1) == pytest.approx(lab_of("corners:night", ends, 0))


def test_chroma_is_changed_without_a_compile(gpu: Gpu) -> None:
    size, base = (16, 12), shot(layers="2x9", chroma="0.3")
    drawn(gpu, shot(base, chroma="0"), size)
    before = gpu.device.compiles
    pictures = [drawn(gpu, shot(base, chroma=text), size) for text in ("0.3", "0.6", "1")]
    assert gpu.device.compiles == before
    assert all(np.abs(one - pictures[0]).max() > 0.01 for one in pictures[1:])


@pytest.mark.parametrize("name", RAMPS)
def test_ramps_pass_through_their_stops(name: str) -> None:
    chosen, stops = palette(f"ramp:{name}"), RAMPS[name].split()
    got = chosen.kind.function(np.linspace(0, 1, len(stops))[None], chosen.table).T
    assert got == pytest.approx(np.array([rgb(stop) for stop in stops]), abs=2e-6)
    assert got[[0, -1]] == pytest.approx(np.array([rgb(stops[0]), rgb(stops[-1])]), abs=2e-6)


def test_hsv_is_the_standard_librarys() -> None:
    t = np.random.default_rng(0).random((3, 200))
    got = palette("hsv").kind.function(t, palette("hsv").table).T
    assert np.abs(got - [colorsys.hsv_to_rgb(*column) for column in t.T]).max() < 1e-12


def test_only_chroma_is_changed_to_fit_the_gamut() -> None:
    """What is inside stays; what is outside keeps lightness and hue, and is then nearly inside."""
    random = np.random.default_rng(0)
    inside = oklab_from_display(random.random((3, 4000)))
    moved = np.abs(map_to_gamut(inside, gamut()) - inside).max(axis=0)
    assert moved.max() < 0.02  # at the very corners of the gamut, between the table's entries
    assert np.percentile(moved, 99) < 0.005
    wild = np.stack([random.random(4000), *(random.random((2, 4000)) - 0.5)])
    tamed = map_to_gamut(wild, gamut())
    assert (tamed[0] == wild[0]).all()
    assert np.abs(tamed[1] * wild[2] - tamed[2] * wild[1]).max() < 1e-12
    beyond = np.abs(linear_from_oklab(tamed) - 0.5).max(axis=0) - 0.5
    assert np.percentile(beyond, 99) < 1e-3
    most = linear_from_oklab(tamed * [[1], [1.2], [1.2]])
    assert (np.abs(most - 0.5).max(axis=0) > 0.5)[np.hypot(*wild[1:]) > 0.4].mean() > 0.99


def test_oklab_and_oklch_are_coordinates() -> None:
    t = np.array([[0.5] * 4, [0.1, 0.5, 0.5, 0.6], [0.5, 0.5, 0.4, 0.5]])
    lab, lch = palette("oklab"), palette("oklch:0.5,0.25")
    got = oklab_from_display(lab.kind.function(t, lab.table))
    assert got[0] == pytest.approx([0.54] * 4, abs=1e-3)
    assert got[1, 1:] == pytest.approx([0, 0, 0.05], abs=1e-3)
    assert got[2, 1:] == pytest.approx([0, -0.05, 0], abs=1e-3)
    got = oklab_from_display(lch.kind.function(np.array([[0.5], [0.2], [0.0]]), lch.table))
    assert got[:, 0] == pytest.approx([0.54, 0, 0.052], abs=1e-3)


def test_cosine_is_the_formula() -> None:
    own = palette("cosine:0.5,0.4,0.6,0.2,0.3,0.4,1,2,3,0,0.25,0.5")
    t = np.linspace(0, 1, 11)
    a, b, c, d = np.array([[0.5, 0.4, 0.6], [0.2, 0.3, 0.4], [1, 2, 3], [0, 0.25, 0.5]])[..., None]
    expected = np.clip(a + b * np.cos(2 * np.pi * (c * t + d)), 0, 1)
    assert own.kind.function(t[None], own.table) == pytest.approx(expected, abs=1e-5)


def test_cosines_drawn_from_a_seed_are_pinned() -> None:
    found = palette("cosine:7").table
    assert found == pytest.approx(np.array(COSINE_7), abs=1e-6)
    assert not np.array_equal(found, palette("cosine:8").table)


def test_maps_are_the_librarys() -> None:
    from cmap import Colormap

    for name in ("batlow", "cmocean:ice", "viridis_r"):
        found = palette(f"map:{name}")
        got = found.kind.function(np.linspace(0, 1, 256)[None], found.table).T
        assert np.abs(got - Colormap(name).lut(256)[:, :3]).max() < 0.004
    steps = palette("map:tab10").table
    assert len(np.unique(steps, axis=1).T) == 10


def test_colours_of_ones_own() -> None:
    ramp, corners = palette("ramp:#102030,#f0a040,white"), palette("corners:red,#00ff00,blue,black")
    got = ramp.kind.function(np.array([[0, 0.5, 1]]), ramp.table).T
    assert np.abs(got - [rgb("#102030"), rgb("#f0a040"), [1, 1, 1]]).max() < 1e-5
    got = corners.kind.function(np.array([[0, 1, 0, 1.0], [0, 0, 1, 1]]), corners.table).T
    assert np.abs(got - [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]).max() < 1e-4


def test_colours_are_of_css_in_any_case_and_of_three_or_six_digits() -> None:
    one, same = palette("ramp:#102030,White,RebeccaPurple"), "ramp:#102030 #FFF , #639"
    assert np.array_equal(one.table, palette(same).table)


@pytest.mark.parametrize(("name", "full_name"), SHORT_NAMES.items())
def test_a_name_without_its_kind_is_netarts_own(name: str, full_name: str) -> None:
    assert palette(name).name == full_name == Look(palette=name).palette
    assert np.array_equal(palette(name).table, palette(full_name).table)


def test_a_name_without_its_kind_may_be_a_maps() -> None:
    assert Look(palette="batlow") == Look(palette="map:batlow")


def test_no_new_name_hides_a_map() -> None:
    """Sheets and films keep names as they were typed: `batlow` must stay the map."""
    from cmap import Catalog

    hidden = SHORT_NAMES.keys() & set(Catalog().short_keys())
    assert hidden <= {"dusk", "ember", "gray", "hsv", "inferno", "neon", "viridis"}


@pytest.mark.parametrize("name", FORMER)
def test_palettes_that_left_the_lists_draw_what_they_drew(name: str) -> None:
    assert f"corners:{name}" not in NAMES
    colours = np.array([rgb(colour) for colour in FORMER[name].split()])
    assert (palette(f"corners:{name}").table == oklab_from_display(colours.T).astype("f4")).all()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ramp:#102030", "1 colour, must be 2 to 64"),
        ("ramp:red", "1 colour, must be 2 to 64"),
        ("ramp:#1020", "unknown colour '#1020': write #rgb"),
        ("ramp:red,,blue", "unknown colour '': write #rgb"),
        ("ramp:klmt", "did you mean klimt"),
        ("corners:klimt", "did you mean ramp:klimt"),
        ("rmp:klimt", "did you mean ramp:klimt"),
        ("rmp:red,blue", "unknown palette 'rmp': did you mean ramp"),
        ("klmt", "did you mean klimt"),
        ("batlo", "did you mean batlow"),
        ("zzz", "unknown palette 'zzz': one of abalone, .*, viridis$"),
        ("ramp:#10203,white", "unknown colour '#10203'"),
        ("ramp:whit,black", "did you mean white"),
        ("corners:red,green,blue", "3 colours, must be 4"),
        ("ramp:" + "red," * 65 + "red", "66 colours, must be 2 to 64"),
        ("rgb:red,green", "takes nothing after its name"),
        ("oklab:1", "takes nothing after its name"),
        ("ramp:", "a name is missing after the colon"),
        ("ramp", "unknown name ''"),
        ("oklch:1,2,3", "1 to 2 numbers"),
        ("oklch:nan", "1 to 2 numbers"),
        ("cosine", "a seed, or the twelve numbers"),
        ("cosine:1,2", "12 numbers"),
        ("cosine:18446744073709551616", "a seed"),
        ("map:batlo", "did you mean batlow"),
        ("map", "unknown map ''"),
    ],
)
def test_bad_colours_are_named(name: str, message: str) -> None:
    with pytest.raises(NetartError, match=message):
        palette(name)


OWN = (
    "map:batlow",
    "map:tab10",
    "cosine:4",
    "cosine:0.5,0.5,0.5,0.4,0.5,0.6,1,1,2,0,0.3,0.7",
    "oklch:1",
    "oklch:-0.3,0.1",
    "ramp:red,#00ff00,blue",
    "corners:red,lime,blue,white",
)


@pytest.mark.parametrize("name", [*NAMES, *OWN])
def test_palettes_have_a_twin_on_the_gpu(gpu: Gpu, cpu: Cpu, name: str) -> None:
    picture = shot(layers="4x14", palette=name, contrast="auto", outputs="4")
    size = (64, 48)
    exact = drawn(REFERENCE, picture, size)
    for evaluator in (cpu, gpu):
        assert (np.abs(drawn(evaluator, picture, size) - exact) < 1 / 255).mean() > 0.9999


@pytest.mark.parametrize("outputs", ["2", "3"])
@pytest.mark.parametrize("chroma", ["0.6", "1"])
@pytest.mark.parametrize("name", [f"corners:{name}" for name in CORNERS])
def test_chroma_has_a_twin_on_the_gpu(
    gpu: Gpu, cpu: Cpu, name: str, chroma: str, outputs: str
) -> None:
    picture, size = shot(layers="4x14", palette=name, chroma=chroma, outputs=outputs), (64, 48)
    exact = drawn(REFERENCE, picture, size)
    for evaluator in (cpu, gpu):
        assert (np.abs(drawn(evaluator, picture, size) - exact) < 1 / 255).mean() > 0.9999


def test_palettes_fit_the_outputs() -> None:
    assert palette_for(None, 1).name == "ramp:ember"
    assert palette_for(None, 2).name == "corners:sun"
    assert palette_for(None, 3).name == "corners:sun"


# Contrast.


def test_auto_contrast_is_the_percentiles_of_a_coarse_picture() -> None:
    picture = shot(layers="3x12")
    reach = (2 * np.arange(PREVIEW[0]) + 1 - PREVIEW[0]) / PREVIEW[0] * picture.view.radius
    z = values(picture, [(x, y) for y in reach for x in reach])
    expected = np.percentile(z, [2, 98], axis=0).T
    assert np.array(measured(picture).look.contrast) == pytest.approx(expected)
    ramp = measured(shot(picture, palette="ramp:ink")).look.contrast
    assert np.array(ramp) == pytest.approx(np.percentile(z[:, :1], [1, 99], axis=0).T)


def test_contrast_is_the_palettes_where_it_is_unset() -> None:
    for name in [None, *NAMES]:
        look = Look(palette=name)
        kinds = {palette_for(name, count).kind for count in (1, 2, 3) if fits(name, count)}
        assert {kind.has_contrast for kind in kinds} == {look.has_contrast}
        assert replace(look, contrast="auto").has_contrast
        assert not replace(look, contrast="off").has_contrast


def fits(name: str | None, count: int) -> bool:
    return name is None or palette(name).kind.min_outputs <= count


def test_limits_clip_and_stretch(cpu: Cpu) -> None:
    raw = values(shot(layers="2x9"), [(0.0, 0.0)])[0]
    picture = shot(layers="2x9", palette="rgb", contrast="-2:2", radius="1e-6")
    assert drawn(cpu, picture, (1, 1))[0, 0] == pytest.approx(
        np.clip((raw + 2) / 4, 0, 1), abs=1e-5
    )


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
        ("tanh", lambda z: (np.tanh(z) + 1) / 2),
        ("gaussian", lambda z: np.exp(-z * z)),
        ("relu", lambda z: np.clip(z, 0, 1)),
        ("linear", lambda z: np.clip(z, 0, 1)),
        ("sinc", lambda z: (np.sin(z) / z + 0.2173) / 1.2173),
    ],
)
def test_with_contrast_off_the_output_activation_is_used(cpu, gpu, name: str, function) -> None:
    raw = values(shot(layers="2x9"), [(0.0, 0.0)])[0]
    picture = shot(layers="2x9", palette="rgb", output_activation=name, radius="1e-6")
    for evaluator in (cpu, gpu, REFERENCE):
        assert drawn(evaluator, picture, (1, 1))[0, 0] == pytest.approx(function(raw), abs=2e-5)


@pytest.mark.parametrize(
    ("texts", "function"),
    [
        ({"gamma": "2.2"}, lambda t: t ** (1 / 2.2)),
        ({"invert": "true"}, lambda t: 1 - t),
        ({"posterize": "4"}, lambda t: np.minimum(np.floor(4 * t), 3) / 3),
        (
            {"gamma": "0.5", "invert": "true", "posterize": "2"},
            lambda t: np.minimum(np.floor(2 * (1 - t * t)), 1),
        ),
    ],
)
def test_gamma_invert_and_posterize_come_in_this_order(cpu, gpu, texts, function) -> None:
    plain = shot(layers="2x9", palette="rgb", contrast="auto")
    expected = function(drawn(REFERENCE, plain, (20, 12)))
    for evaluator in (REFERENCE, cpu, gpu):
        got = drawn(evaluator, shot(plain, **texts), (20, 12))
        assert (np.abs(got - expected) < 1e-4).mean() > 0.99, evaluator.name


# What the lens chooses.


def test_an_output_is_drawn_alone(cpu: Cpu, gpu: Gpu) -> None:
    """Figure 6: the channels of a picture, one by one."""
    whole = shot(layers="3x9", palette="rgb", outputs="7", seed="4")
    seventh = 1 / (1 + np.exp(-values(shot(whole, radius="1e-6"), [(0, 0)])[0, 6]))
    for evaluator in (REFERENCE, cpu, gpu):
        channels = drawn(evaluator, whole, (20, 14))
        for k in (1, 2, 3):
            alone = drawn(evaluator, shot(whole, palette="gray", output=str(k)), (20, 14))
            assert np.abs(alone - channels[..., k - 1 : k]).max() < 1e-5
        last = drawn(evaluator, shot(whole, palette="gray", output="7", radius="1e-6"), (1, 1))
        assert last == pytest.approx(seventh, abs=1e-5)
    assert explicit(shot(output="2")).look.palette == "ramp:ember"


def test_units_are_drawn_themselves(cpu: Cpu, gpu: Gpu) -> None:
    """A unit's value is its activation's; contrast stretches the value, not its argument."""
    network = shot(layers="3x9", activation="tanh,sin,relu", seed="4", palette="gray")
    point, size = shot(network, radius="1e-6"), (1, 1)
    below = to_network(point.network)
    y = np.tanh(below.layers[0].bias.astype(float))
    second = to_network(network.network).layers[1]
    expected = np.sin(second.weight @ y + second.bias)
    for evaluator in (REFERENCE, cpu, gpu):
        for unit in (1, 5, 9):
            got = drawn(evaluator, shot(point, units=f"2.{unit}", contrast="off"), size)
            assert got[0, 0] == pytest.approx((expected[unit - 1] + 1) / 2, abs=1e-5)
        got = drawn(evaluator, shot(point, units="2.9,2.1,2.5", palette="rgb"), size)[0, 0]
        assert got == pytest.approx((expected[[8, 0, 4]] + 1) / 2, abs=1e-5)
        got = drawn(evaluator, shot(point, units="2.5", contrast="-2:0.5"), size)[0, 0]
        assert got == pytest.approx((np.clip(expected[4], -2, 0.5) + 2) / 2.5, abs=1e-5)
    low, high = measured(shot(network, units="2.5", palette="ramp:ink")).look.contrast[0]
    assert -1 <= low < high <= 1


def test_a_fraction_of_a_layer_blends_two_read_outs(cpu: Cpu, gpu: Gpu) -> None:
    points, network = [(0.3, -0.2), (1, 2)], shot(layers="4x9", seed="4")
    z = {k: values(shot(network, layer=str(k)), points) for k in range(5)}
    for layer in (0.25, 1.5, 3.9):
        k, part = int(layer), layer % 1
        blended = values(shot(network, layer=str(layer)), points)
        assert blended == pytest.approx((1 - part) * z[k] + part * z[k + 1], abs=1e-5)
        picture = shot(network, layer=str(layer), palette="rgb")
        exact = drawn(REFERENCE, picture, (20, 14))
        for evaluator in (cpu, gpu):
            assert np.abs(drawn(evaluator, picture, (20, 14)) - exact).max() < 1e-4
    assert shot(network, layer="3.0") == shot(network, layer="3")


# Strips.


def test_strips_are_the_picture(cpu: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    picture, size = shot(layers="3x10"), (150, 100)
    whole = np.concatenate(list(strips(picture, size, cpu)))
    monkeypatch.setattr(lens, "STRIP_PIXELS", 1)
    thin = list(strips(picture, size, cpu))
    assert [len(strip) for strip in thin] == [64, 36]
    assert np.array_equal(np.concatenate(thin), whole)


# What the tour says of random networks.


def test_a_relu_network_is_piecewise_linear() -> None:
    """Second differences along a line vanish but at the kinks; a tanh network bends everywhere."""
    line = [(t, 0.3 * t - 0.1) for t in np.linspace(-2, 2, 20001)]
    bends = {}
    for name in ("relu", "tanh"):
        z = values(shot(layers="6x20", activation=name, seed="4"), line)
        second = np.abs(np.diff(z, 2, axis=0)).max(axis=1) / np.ptp(z)
        bends[name] = (second > 1e-12).mean()
    assert bends["relu"] < 0.05
    assert bends["tanh"] > 0.9


def test_the_wide_network_is_continuous_at_thirty_times_zoom() -> None:
    """Figure 16: at 30 times, steps between neighbours shrink with the pixel, as for any
    differentiable function; noise would keep them."""
    figure = shot(layers="14x400", weight_scale="0.19", bias_scale="same", palette="rgb")
    steps = []
    for count in (200, 400):
        line = [(t, 0.01) for t in np.linspace(-1 / 30, 1 / 30, count)]
        steps.append(np.abs(np.diff(values(figure, line), axis=0)).max())
    assert steps[1] < 0.6 * steps[0]


def test_far_out_the_picture_is_radial() -> None:
    """Figure 18: a hundred times farther out, value varies far less along a ray than across."""
    picture = shot(layers="27x30", weight_scale="0.54", bias_scale="same", seed="113")
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    radii = np.linspace(60, 120, 40)
    points = [(r * np.cos(a), r * np.sin(a)) for a in angles for r in radii]
    output = 1 / (1 + np.exp(-values(picture, points).reshape(len(angles), len(radii), -1)))
    along = output.std(axis=1).mean()
    across = output.std(axis=0).mean()
    assert along < 0.2 * across


@pytest.mark.parametrize("radius", ["1e-17", "1e-200"])
def test_a_view_below_float64_is_refused(cpu: Cpu, radius: str) -> None:
    picture = shot(center="0.3,0.2", radius=radius)
    with pytest.raises(NetartError, match="float64 cannot tell pixels apart"):
        next(strips(picture, (64, 64), cpu))
    middle = shot(radius=radius)
    next(strips(middle, (64, 64), cpu))


def test_limits_that_are_equal_in_float32_are_the_middle(cpu: Cpu, gpu: Gpu) -> None:
    for evaluator in (REFERENCE, cpu, gpu):
        image = drawn(evaluator, shot(palette="rgb", contrast="0:1e-320"), (4, 4))
        assert (image == 0.5).all()
