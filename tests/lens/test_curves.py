"""Curves: what the text on families of random networks says is true of them."""

from __future__ import annotations

import numpy as np
import pytest

from netart.draw.measurement import measured_film
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.reference import Reference
from netart.lens import is_measured, measure, measured, picture, plot, unmeasured, vector
from netart.lens.curves import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    along,
    categories,
    curves,
    points,
    stages,
    zeros,
)
from netart.lens.plane import on_pixels
from netart.net.ops import ACTIVATIONS
from netart.shot.fields import text_of
from netart.shot.films import FILMS, morph
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from netart.shot.timeline import Pace, Timeline
from tests.shots import shot

ONE = {
    "lens": "curves", "features": "x", "outputs": "1", "radius": "6", "weight_scale": "1",
    "bias_scale": "1",
}  # fmt: skip
FAMILY = ONE | {"family": "0..48"}
COUNT = 601


def straightness(values: np.ndarray) -> float:
    """How far curves (N, K) are from straight lines, against their range."""
    line = np.linspace(0, 1, len(values))[:, None]
    chord = values[:1] * (1 - line) + values[-1:] * line
    return float((np.abs(values - chord).max(axis=0) / np.ptp(values, axis=0)).max())


@pytest.mark.parametrize("widths", [{"layers": "0"}, {"widths": "100"}, {"widths": "11,9,30"}])
def test_a_stack_of_linear_layers_stays_linear(widths: dict[str, str]) -> None:
    hidden = {} if widths == {"layers": "0"} else {"activation": "linear"}
    family = shot(**FAMILY, **widths, **hidden, output_activation="linear")
    found = curves(family, COUNT).values
    assert found.shape == (COUNT, 49)
    assert straightness(found) < 1e-6


@pytest.mark.parametrize("hidden", [{"widths": "100"}, {"widths": "11,9"}])
def test_tanh_leaves_the_realm_of_the_linear(hidden: dict[str, str]) -> None:
    found = curves(shot(**FAMILY, **hidden, output_activation="tanh"), COUNT).values
    assert straightness(found) > 0.5
    turns = (np.diff(np.sign(np.diff(found, axis=0)), axis=0) != 0).sum(axis=0)
    assert turns.max() >= 3  # wiggles, peaks, valleys


def test_logistic_curves_live_between_zero_and_one() -> None:
    found = curves(shot(**FAMILY, layers="0"), COUNT).values
    assert 0 < found.min() < 0.02
    assert 0.98 < found.max() < 1
    assert (
        (np.diff(found, axis=0) > 0).all(axis=0) | (np.diff(found, axis=0) < 0).all(axis=0)
    ).all()


@pytest.mark.parametrize("hidden", [{"layers": "0"}, {"widths": "100"}, {"widths": "11,9"}])
def test_tanh_curves_stay_inside_one_and_touch_it(hidden: dict[str, str]) -> None:
    found = curves(shot(**FAMILY, **hidden, output_activation="tanh"), COUNT)
    assert np.abs(found.values).max() <= 1
    assert found.values.min() < -0.98
    assert found.values.max() > 0.98
    assert found.range == pytest.approx((-1.2, 1.2))


def test_a_family_is_its_members() -> None:
    family = shot(**ONE, widths="5", family="3,8,2", output_activation="tanh")
    together = curves(family, COUNT).values
    for k, seed in enumerate(("3", "8", "2")):
        alone = curves(shot(**ONE, widths="5", seed=seed, output_activation="tanh"), COUNT).values
        assert np.array_equal(together[:, k], alone[:, 0])


def test_stages_lead_from_curves_to_their_sum_to_its_tanh() -> None:
    one = shot(**ONE, widths="3", output_activation="tanh", stages="true", seed="5")
    units, total, output = stages(one, COUNT)
    assert units.values.shape == (COUNT, 3)
    assert units.title == "layer 1: 3 units, tanh"
    assert (total.title, output.title) == ("weighted sum", "tanh")
    # The sum is a linear combination of the three curves and a constant.
    columns = np.column_stack([units.values, np.ones(COUNT)])
    _, residual, *_ = np.linalg.lstsq(columns, total.values, rcond=None)
    assert residual.max() < 1e-8
    assert np.allclose(np.tanh(total.values), output.values)
    assert np.array_equal(output.values, curves(shot(one, stages="false"), COUNT).values)
    for panel in stages(shot(one, widths="11,9,4"), COUNT):
        assert panel.values.shape[0] == COUNT


def test_an_s_curve_has_one_turn_and_the_sum_may_have_more() -> None:
    one = shot(**ONE, widths="3", output_activation="tanh", stages="true")
    most = 0
    for seed in range(30):
        units, total, _ = stages(shot(one, seed=str(seed)), COUNT)
        bends = (np.diff(np.sign(np.diff(units.values, n=2, axis=0)), axis=0) != 0).sum(axis=0)
        assert bends.max() <= 1
        bends = (np.diff(np.sign(np.diff(total.values, n=2, axis=0)), axis=0) != 0).sum(axis=0)
        most = max(most, int(bends.max()))
    assert most >= 2


def test_above_zero_is_a_and_below_is_b() -> None:
    panel = curves(shot(**ONE, widths="11,9", seed="5", output_activation="tanh"), COUNT)
    assert np.array_equal(categories(panel), np.where(panel.values[:, 0] > 0, 0, 1))
    assert set(categories(panel)) == {0, 1}


def test_the_largest_of_two_is_the_sign_of_their_difference() -> None:
    two = shot(**(ONE | {"outputs": "2"}), widths="11,9", seed="7", output_activation="tanh")
    panel = curves(two, COUNT)
    difference = panel.pre_activations[:, 0] - panel.pre_activations[:, 1]
    assert np.array_equal(categories(panel), np.where(difference >= 0, 0, 1))


def test_the_largest_of_three_makes_three_categories() -> None:
    three = shot(**(ONE | {"outputs": "3"}), widths="11,9", seed="5", output_activation="tanh")
    panel = curves(three, COUNT)
    assert np.array_equal(categories(panel), panel.values.argmax(axis=1))
    assert set(categories(panel)) == {0, 1, 2}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_switches_at_zero(name: str) -> None:
    network = {
        "kind": "weights",
        "layers": [{"weight": [[2.0]], "bias": [3.0], "activation": name}],
    }
    data = {"network": network, "view": {"axes": ["x"], "radius": 6.0}, "lens": {"kind": "curves"}}
    one = from_text(data)
    panel = curves(one, COUNT)
    (at,) = zeros(along(one, COUNT), panel.pre_activations[:, 0])
    assert at == pytest.approx(-1.5)
    x = along(one, COUNT)
    wanted = ACTIVATIONS[name].function(2 * x + 3)
    assert np.allclose(panel.values[:, 0], wanted, equal_nan=True)


def test_curves_over_another_input_hold_the_others() -> None:
    plane = shot(lens="curves", axes="y", center="1", radius="2", latent="x=0.5,t=-1")
    assert text_of(plane, "axes") == "y"
    y = along(plane, 5)
    assert y.tolist() == [-1, 0, 1, 2, 3]
    pixels = curves(plane, 5).values
    for k, value in enumerate(y):
        pinned = shot(plane, center=str(value), radius="1e-9")
        assert np.allclose(curves(pinned, 3).values[1], pixels[k], atol=1e-6)


def test_a_film_shows_one_member_after_another() -> None:
    one = shot(**ONE, widths="5", output_activation="tanh")
    motion = morph(one, "0..6", easing="hold")
    film = Timeline(shot=motion.shot, tracks=motion.tracks, pace=Pace(frames=14, loop="cycle"))
    seeds = [text_of(film.frame(number), "seed") for number in range(1, 15)]
    assert seeds == [str(number // 2) for number in range(14)]


def test_every_film_of_curves_can_be_made() -> None:
    one = shot(**ONE, widths="5,4", output_activation="tanh")
    for name, make in FILMS.items():
        motion = make(one)
        assert motion.tracks, name


def test_ranges_that_are_not_given_are_the_activations_or_measured() -> None:
    bounded = shot(**ONE, widths="5")
    assert is_measured(bounded)
    assert curves(bounded, COUNT).range == pytest.approx((-0.1, 1.1))
    free = shot(**ONE, widths="5", output_activation="linear")
    assert not is_measured(free)
    low, high = curves(free, COUNT).range
    fixed = measured(free)
    assert curves(fixed, COUNT).range == pytest.approx((low, high), rel=0.05)
    assert is_measured(fixed)
    assert unmeasured(fixed) == free
    others = [shot(free, seed=str(seed)) for seed in range(4)]
    (span,) = measure(others).values()
    ranges = [curves(other, COUNT).range for other in others]
    assert span[0] == pytest.approx(min(low for low, _ in ranges), rel=0.05)
    assert span[1] == pytest.approx(max(high for _, high in ranges), rel=0.05)
    motion = morph(free, "0..2")
    film = measured_film(Timeline(shot=free, tracks=motion.tracks))
    assert text_of(film.shot, "y_range") is not None


def test_evaluators_draw_the_same_curves(cpu: Cpu) -> None:
    one = shot(**FAMILY, widths="9", output_activation="tanh")
    reference = picture(one, (200, 150), Reference())
    assert np.array_equal(picture(one, (200, 150), cpu), reference)


@pytest.mark.parametrize(
    "texts",
    [
        {"family": "0..48"},
        {"family": "7,3,99"},
        {"family": "5"},
        {"stages": "true", "layer": "1"},
        {"bands": "true", "switches": "true", "y_range": "-1.2:1.2"},
        {"palette": "ramp:ember"},
    ],
)
def test_fields_are_read_as_they_are_written(texts: dict[str, str]) -> None:
    one = shot(**ONE, widths="5,4", **texts)
    for name, text in texts.items():
        assert text_of(one, name) == text
    assert from_text(to_text(one)) == one


def test_a_family_may_be_written_as_a_range_in_a_file() -> None:
    data = to_text(shot(**ONE, widths="5"))
    data["lens"]["family"] = "0..48"
    assert from_text(data) == shot(**ONE, widths="5", family="0..48")


def test_a_palette_colours_a_family(cpu: Cpu) -> None:
    plain = picture(shot(**FAMILY, widths="5"), (200, 150), cpu)
    ember = picture(shot(**FAMILY, widths="5", palette="ramp:ember"), (200, 150), cpu)
    assert not np.array_equal(plain, ember)


WRONG = [
    ({"lens": "curves"}, "reads x and y, a curve spans one input: landscape and colour show both"),
    ({"lens": "curves", "features": "r"}, "reads x and y"),
    (ONE | {"family": "3,3"}, "names a seed twice"),
    (ONE | {"family": "0..1000"}, "more than 1,000 values"),
    (ONE | {"family": "-1"}, "from 0 to"),
    (ONE | {"family": "1.5"}, "whole number"),
    (FAMILY | {"stages": "true"}, "no meaning beside"),
    (FAMILY | {"bands": "true"}, "no meaning beside"),
    (ONE | {"layers": "16x4", "stages": "true"}, "16 hidden layers, at most 10"),
    (ONE | {"layers": "4x4", "stages": "true", "layer": "2.5"}, "whole number"),
    (ONE | {"y_range": "1"}, "LOW:HIGH"),
    (ONE | {"y_range": "1:1"}, "the lower first"),
    (ONE | {"y_range": "nan:1"}, "finite"),
    (ONE | {"y_range": "-1e308:1e308"}, "within ±1e"),
    (ONE | {"radius": "1e308"}, "beyond ±1e.* of x: a smaller radius is needed"),
    (ONE | {"output": "2"}, "outputs go from 1 to 1"),
    (ONE | {"palette": "corners:sun"}, "reads 2 outputs|would fit"),
    (ONE | {"rotate": "20"}, "no effect on a curves lens"),
    (ONE | {"gamma": "2"}, "no effect on a curves lens"),
    (
        ONE | {"points": "moons", "axes": "t", "latent": "t=0"},
        "have x and y, but the curves go along t",
    ),
    ({"stages": "true"}, "a colour lens has none: add lens curves"),
]


@pytest.mark.parametrize(("texts", "message"), WRONG, ids=[str(k) for k in range(len(WRONG))])
def test_what_makes_no_curves_says_why(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        shot(**texts)


@pytest.mark.parametrize("constant", [0.0, 1e30, -3e38])
@pytest.mark.parametrize("slope", [0.0, 1e38])
def test_numbers_of_any_size_have_axes(cpu: Cpu, constant: float, slope: float) -> None:
    layer = {"weight": [[slope]], "bias": [constant], "activation": "linear"}
    network = {"kind": "weights", "layers": [layer, layer], "features": ["x"]}
    for radius in (1e-30, 1e30):
        view = {"axes": ["x"], "radius": radius}
        one = from_text({"network": network, "view": view, "lens": {"kind": "curves"}})
        assert picture(one, (64, 48), cpu).shape == (48, 64, 3)


def test_a_family_needs_seeds() -> None:
    weights = {"kind": "weights", "layers": [{"weight": [[1]], "bias": [0], "activation": "tanh"}]}
    with pytest.raises(NetartError, match="explicit, it has no seeds"):
        from_text({"network": weights, "lens": {"kind": "curves", "family": [1, 2]}})


def test_a_lens_of_the_default_shot_is_refused_by_name() -> None:
    with pytest.raises(NetartError) as caught:
        shot(Shot(), lens="curves")
    assert caught.value.hint == "axes x"


MARKED = ONE | {"layers": "1x4", "seed": "3", "axes": "x", "radius": "2", "y_range": "-1:1"}
SQUARE = "-2,-1,1;0,0,2;2,1,3;2.1,0,1;0,1.1,1;-2.1,0,1;0,-1.1,1"  # four beyond the frame


@pytest.mark.parametrize("size", [(600, 400), (300, 500), (120, 80)])
def test_points_stand_in_the_axes(cpu: Cpu, size: tuple[int, int]) -> None:
    found = points(shot(**MARKED, points=SQUARE), size, cpu)
    left, top, right = LEFT, TOP, plot.page_size(size)[0] - RIGHT
    bottom = plot.page_size(size)[1] - BOTTOM
    expected = [(left, bottom), ((left + right) / 2, (top + bottom) / 2), (right, top)]
    assert [point.number for point in found] == [1, 2, 3]
    for point, (x, y) in zip(found, expected, strict=True):
        at = on_pixels(np.array([point.u, point.v]), size)
        np.testing.assert_allclose(at, [plot.points(x, size), plot.points(y, size)], atol=1e-3)


def test_points_are_drawn_over_the_curves(cpu: Cpu) -> None:
    size = (600, 400)
    one = shot(**MARKED, points="0.5,0.9,2")
    (point,) = points(one, size, cpu)
    column, row = on_pixels(np.array([point.u, point.v]), size).astype(int)
    bare, drawn = picture(shot(**MARKED), size, cpu), picture(one, size, cpu)
    changed = np.argwhere((bare != drawn).any(axis=2))
    assert abs(changed - (row, column)).max() < 12
    assert b"#d55e00" in vector(one, size, cpu, "svg", "")
    assert b"#d55e00" not in vector(shot(**MARKED), size, cpu, "svg", "")


def test_points_are_turned_where_curves_go_along_y(cpu: Cpu) -> None:
    along_y = MARKED | {"features": "y", "axes": "y"}
    turned = points(shot(**along_y, points="0.5,-1.5,1"), (600, 400), cpu)
    assert turned == points(shot(**MARKED, points="-1.5,0.5,1"), (600, 400), cpu)


def test_points_need_the_plane_where_another_lens_shows_it() -> None:
    assert shot(**MARKED, points="moons").marks.points == "moons"
    with pytest.raises(NetartError, match="have x and y, but the picture spans x"):
        shot(**MARKED, points="moons", beside="colour")
