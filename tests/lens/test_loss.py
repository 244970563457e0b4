"""The loss lens: curves of a run, and the mark at a step."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace as replaced
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from netart.errors import NetartError
from netart.lens import draw, loss, picture, plot, vector
from netart.net.learning.data import PictureData
from netart.net.learning.run import Run
from netart.net.learning.trained import Trained
from netart.pixels import Window
from netart.shot.fields import apply
from netart.shot.lens import Loss
from netart.shot.lens.loss import MAX_CURVE, Curve
from netart.shot.shot import Shot
from netart.shot.text import from_text, to_text
from tests.runs import learned_run as run
from tests.shots import EXPLICIT, REFERENCE, shot

SIZE = 240, 400
TEXT = "{http://www.w3.org/2000/svg}text"
GREY = PictureData("grey", np.arange(12, dtype=np.uint8).reshape(3, 4, 1) * 20)


def curves(*runs: Run, **texts: str) -> Shot:
    return shot(Shot(network=Trained(runs=runs or (run(),))), lens="loss", **texts)


def texts(one: Shot) -> list[str]:
    """The texts of the picture, from the top of the file."""
    svg = vector(one, SIZE, REFERENCE, "svg", "")
    return [str(each.text) for each in ET.fromstring(svg).iter(TEXT)]


def column_of_mark(pixels: np.ndarray) -> int:
    """Where most rows are dark."""
    return int((pixels.max(axis=2) < 0.5).sum(axis=0).argmax())


def test_the_lens_takes_the_curve_of_the_run_that_is_drawn() -> None:
    one = curves(run(), run("b", steps=(0, 7)))
    assert isinstance(one.lens, Loss) and one.lens.curve
    assert one.lens.curve.steps == (0, 1, 10, 100, 1000)
    assert one.lens.curve.loss == pytest.approx(run().loss.tolist(), rel=1e-5)
    assert one.lens.curve.accuracy == pytest.approx(run().accuracy.tolist(), rel=1e-5)
    other = shot(one, run="b")
    assert isinstance(other.lens, Loss) and other.lens.curve
    assert (other.lens.curve.steps, other.lens.step) == ((0, 7), 7)


def test_the_mark_is_at_the_step_whose_weights_are_drawn() -> None:
    found = [
        curves(step=step, blend_steps=blended).lens.step
        for step, blended in (("20", "false"), ("20", "true"), ("10", "true"))
    ]
    assert found == [10, 20, 10]
    at = [column_of_mark(picture(curves(step=step), SIZE, REFERENCE)) for step in ("0", "10")]
    with plot.house_style():
        _, panels = loss._draw_curves(curves().lens.curve, SIZE)
    places = [panels[0].axes.transData.transform((np.log10(step + 1), 0))[0] for step in (0, 10)]
    assert at == pytest.approx(places, abs=1)


def test_what_is_reached_is_written() -> None:
    half = replaced(run(), loss=np.array([4, 1, 0.25, 0.01, 0.01]), accuracy=np.linspace(0, 1, 5))
    assert {"loss 0.25", "accuracy 50.0%", "step 10"} <= {*texts(curves(half, step="10"))}
    # Halfway on the way that is drawn: of equal ratios.
    between = repr(11 * 101 / 55.9016994 - 1)
    halfway = 10 ** np.interp(
        np.log10(float(between) + 1), np.log10([11, 101]), np.log10([0.25, 0.01])
    )
    written = {*texts(curves(half, step=between, blend_steps="true"))}
    assert f"loss {halfway:.3g}" in written and "step 19" in written


def test_nearly_all_is_not_all() -> None:
    for share, text in ((1.0, "100.0%"), (0.99999, "99.9%"), (0.9986, "99.9%"), (0.5, "50.0%")):
        one = curves(replaced(run(), accuracy=np.full(5, share)), step="10")
        assert f"accuracy {text}" in texts(one)


def test_ticks_do_not_touch() -> None:
    for last, size, wanted in (
        (1000, SIZE, ["0", "1", "10", "100", "1k"]),
        (1_270_000, (384, 640), ["0", "1", "10", "100", "1k", "10k", "100k", "1M"]),
        (1_270_000, (154, 256), ["0", "100", "10k", "1M"]),
    ):
        one = curves(run(steps=(0, 1, last)))
        svg = vector(one, size, REFERENCE, "svg", "")
        found = [str(each.text) for each in ET.fromstring(svg).iter(TEXT)]
        assert [text for text in found if text.rstrip("kM").isdigit()] == wanted


def test_values_have_a_loss_alone() -> None:
    one = curves(run(data=GREY))
    assert one.lens.curve.accuracy == ()
    written = texts(one)
    assert any("loss" in text for text in written)
    assert not any("accuracy" in text or "%" in text for text in written)


@pytest.mark.parametrize(
    "changed",
    [
        {"loss": np.array([np.nan, np.inf, 1, 1, 1])},
        {"loss": np.full(5, np.nan), "accuracy": np.full(5, np.nan)},
        {"loss": np.array([1e300, 1e-300, 0, -1, 1])},
        {"loss": np.zeros(5), "accuracy": np.ones(5)},
        {"loss": np.array([0.7, 0.69, 0.68, 0.67, 0.6699])},
    ],
)
def test_any_numbers_are_drawn(changed: dict[str, Any]) -> None:
    for step in ("0", "100"):
        pixels = picture(curves(replaced(run(), **changed), step=step), SIZE, REFERENCE)
        assert pixels.min() < 0.5


@pytest.mark.parametrize("steps", [(0,), (0, 1), (5,), (0, 3, 123_456_789)])
def test_any_steps_are_drawn(steps: tuple[int, ...]) -> None:
    one = curves(run(steps=steps))
    assert f"step {steps[-1]:,}" in texts(one)
    for size in ((1, 1), (3, 90), (90, 3), SIZE):
        assert picture(one, size, REFERENCE).shape == (size[1], size[0], 3)


def test_long_curves_keep_their_ends() -> None:
    many = run(steps=tuple(range(3 * MAX_CURVE)))
    steps = curves(many).lens.curve.steps
    assert len(steps) == MAX_CURVE and (steps[0], steps[-1]) == (0, 3 * MAX_CURVE - 1)


def test_frames_draw_what_a_figure_is() -> None:
    """Curves that stay from frame to frame leave nothing behind."""
    for step in ("0", "1", "100", "1"):
        one = curves(step=step)
        with plot.house_style():
            whole = plot.rasterise(loss.figure(one, SIZE, REFERENCE))
        pixels = draw(one, SIZE, Window.whole(SIZE), REFERENCE)
        assert np.array_equal(np.rint(pixels * 255), whole)


def test_curves_are_drawn_once_for_all_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[Any] = []
    own = loss._draw_curves
    monkeypatch.setattr(loss, "_draw_curves", lambda *a: counted.append(a) or own(*a))
    for step in ("0", "1", "10", "1"):
        draw(curves(step=step), (90, 110), Window(0, 0, 9, 9), REFERENCE)
    assert len(counted) == 1
    _, panels, _ = loss._still(curves().lens.curve, (90, 110))
    assert [len(panel.axes.lines) for panel in panels] == [1, 1]


def test_too_large_a_picture_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(NetartError, match="loss is drawn as a whole"):
        draw(curves(), (1 << 15, 1 << 14), Window(0, 0, 1, 1), REFERENCE)


def test_it_is_narrower_than_its_neighbour() -> None:
    one = shot(Shot(network=Trained(runs=(run(),))), lens="diagram", beside="loss")
    assert [panel.lens.kind for panel in one.panels] == ["diagram", "loss"]
    assert (one.aspect, curves().aspect, shot(one, beside="diagram").aspect) == (1.6, 1, 2)
    pixels = picture(one, (164, 100), REFERENCE)
    assert np.array_equal(pixels[:, 103:], picture(one.panels[1], (61, 100), REFERENCE))


def test_a_picture_of_one_step_keeps_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    one = curves(step="10")
    small = to_text(one)
    assert small["lens"] == {"kind": "loss"} and from_text(small) == one
    monkeypatch.setattr("netart.shot.run_text.MAX_EMBEDDED_RUN", 10)
    large = to_text(one)
    assert large["network"]["kind"] == "weights"
    again = from_text(large)
    assert again == one and again.sha256 == one.sha256
    assert np.array_equal(picture(again, SIZE, REFERENCE), picture(one, SIZE, REFERENCE))
    with pytest.raises(NetartError, match="lens loss: the network is not a step of a run"):
        apply(again, {}, EXPLICIT)
    assert apply(again, {}, curves(step="100")).lens.step == 100


@pytest.mark.parametrize("step", [-5.0, 1e9])
def test_a_step_beyond_the_curve_is_refused(monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    monkeypatch.setattr("netart.shot.run_text.MAX_EMBEDDED_RUN", 10)
    text = to_text(curves(step="10"))
    text["lens"]["step"] = step
    with pytest.raises(NetartError, match=re.escape(f"lens.step = {step:g}: must be one of")):
        from_text(text)


def test_two_runs_with_the_same_weights_are_two_pictures() -> None:
    """Of other lenses they are one."""
    one, other = curves(), curves(replaced(run(), loss=run().loss / 2))
    assert one != other and one.sha256 != other.sha256
    assert shot(one, lens="regions") == shot(other, lens="regions")


@pytest.mark.parametrize("base", [shot(), EXPLICIT])
def test_networks_without_a_run_are_refused(base: Shot) -> None:
    for texts in ({"lens": "loss"}, {"beside": "loss"}):
        with pytest.raises(NetartError, match="lens loss: the network is not a step of a run, as"):
            shot(base, **texts)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": ()}, "0 steps, must be from 1 to 2,000"),
        ({"steps": (3, 2)}, "must rise from 0"),
        ({"steps": (-1, 2)}, "must rise from 0"),
        ({"steps": (1, 10**20)}, "go to 1,000,000,000 at most"),
        ({"loss": (1.0,)}, "loss and accuracy must be numbers of the 2 steps"),
        ({"accuracy": (1.0,)}, "loss and accuracy must be numbers of the 2 steps"),
        ({"loss": (1.0, float("inf"))}, "loss and accuracy must be finite"),
    ],
)
def test_curves_that_are_none_are_refused(changes: dict[str, Any], message: str) -> None:
    good = Curve(steps=(1, 2), loss=(1.0, None), accuracy=(0.5, 0.6))
    with pytest.raises(NetartError, match=message):
        replace(good, **changes)
