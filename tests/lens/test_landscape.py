"""The landscape lens: what is seen and what is hidden, light, lines, and the map from above."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import cos, radians, sin
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from netart import lens
from netart.draw.measurement import measured_film
from netart.errors import NetartError
from netart.evaluate.cpu import Cpu
from netart.evaluate.reference import forward
from netart.evaluate.request import Evaluator
from netart.lens import landscape, terrain_shade
from netart.lens.terrain import MIN_DEPTH, ROWS, Drawing
from netart.lens.terrain_paint import Painter
from netart.net.build import to_network
from netart.pixels import Window
from netart.shot import films
from netart.shot.fields import apply, fewest_texts, parse
from netart.shot.oklab import srgb_decode
from netart.shot.shot import Shot
from netart.shot.text import from_text
from netart.shot.timeline import Key, Pace, Timeline, Track
from netart.shot.view import affine
from tests.shots import REFERENCE, drawn, shot

SIZE = 70, 52


def scene(**texts: str) -> Shot:
    """A surface with hills, of 16 and 16 units over ±6, seen with one sample a pixel."""
    own = {
        "lens": "landscape", "widths": "16,16", "outputs": "1", "weight_scale": "1",
        "bias_scale": "1", "radius": "6", "samples": "1", "seed": "3", "contrast": "-2:2",
    }  # fmt: skip
    return shot(**own | texts)


def explicit(*layers: dict[str, Any], features: tuple[str, ...] = ("x", "y"), **texts: str) -> Shot:
    """A landscape of a network written by hand, with contrast off."""
    network = {"kind": "weights", "features": list(features), "layers": list(layers)}
    base = from_text({"network": network})
    return shot(base, lens="landscape", contrast="off", samples="1", **texts)


def unit(*weight: float, bias: float = 0.0, activation: str = "sigmoid") -> dict[str, Any]:
    return {"weight": [list(weight)], "bias": [bias], "activation": activation}


def bump(**texts: str) -> Shot:
    """A hill in the middle, exp(−(3r)²)."""
    return explicit(unit(3, activation="gaussian"), features=("r",), radius="1", **texts)


def drawing(picture: Shot, size: tuple[int, int], evaluator: Evaluator = REFERENCE) -> Drawing:
    lens.draw(picture, size, Window(0, 0, 1, 1), evaluator)
    return landscape._drawing(picture, size, evaluator)


def heights(picture: Shot, u: NDArray[Any], v: NDArray[Any]) -> NDArray[Any]:
    """t at points of the ground, by the definition."""
    network = to_network(picture.network)
    centre, along_u, along_v = affine(picture.view, network.inputs).T[:, :, None]
    at = centre + along_u * u.ravel() + along_v * v.ravel()
    z = forward(network, landscape.heads(picture), at).outputs[:, 0].reshape(u.shape)
    ((low, high),) = landscape._span(picture)
    return np.clip((z - low) / (high - low), -0.1, 1.1)


def seen(picture: Shot, size: tuple[int, int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(rows, columns): how far away the surface is seen, inf where it is not; and the camera's
    columns.
    """
    own = drawing(picture, size)
    depth = np.full(size[::-1], np.inf)
    with np.errstate(all="ignore"):
        for number in range(-(-size[0] // own.step)):
            block, _ = own._evaluate(number, Window.whole(size), REFERENCE)
            if not block:
                continue
            left, right = number * own.step, min(size[0], (number + 1) * own.step)
            columns = slice(16, 16 + right - left)
            image = np.zeros((size[1], right - left, 3), np.float32)
            light = own._light
            assert light
            painter = Painter(own, light, image, block, columns, 0)
            painter.surface()
            depth[:, left:right] = painter.depth
    return depth, own.camera.across(0, size[0])


@pytest.mark.parametrize("azimuth", [-55, 35, 125, 215])
@pytest.mark.parametrize(("elevation", "size"), [(20, (70, 52)), (50, (52, 70))])
def test_what_is_seen_is_what_a_ray_meets_first(
    azimuth: int, elevation: int, size: tuple[int, int]
) -> None:
    """Rays marched by the definition, from the near rim to the far one, undersides included."""
    picture = scene(azimuth=str(azimuth), elevation=str(elevation), rise="0.8", rotate="20")
    depth, a = seen(picture, size)
    camera = drawing(picture, size).camera
    turn, up = radians(azimuth), radians(elevation)
    steps = np.linspace(-1.5, 1.5, 6001)
    met = np.full(depth.shape, np.inf)
    for column, across in enumerate(a):
        u, v = -sin(turn) * across - cos(turn) * steps, cos(turn) * across - sin(turn) * steps
        inside = np.maximum(np.abs(u), np.abs(v)) <= 1
        if inside.sum() < 2:
            continue
        b = steps[inside]
        z = 1.6 * heights(picture, u[inside], v[inside])
        for row in range(size[1]):
            screen = camera.middle + (size[1] / 2 - row - 0.5) * camera.pixel
            over = (screen - b * sin(up)) / cos(up) > z
            crossing = np.flatnonzero(over[1:] != over[:-1])
            if crossing.size:
                met[row, column] = b[crossing[0]]
    hit = np.isfinite(met)
    assert (np.isfinite(depth) != hit).mean() < 0.002  # on the outline, by a step of a ray
    both = hit & np.isfinite(depth)
    assert both.mean() > 0.08
    assert (np.abs(depth[both] - met[both]) > 0.02).sum() <= 1  # on a ridge that a ray grazes
    if elevation == 20:
        near = drawing(picture, size)
        assert below_the_rim(picture, near, depth).sum() > 5  # some is seen from below


def below_the_rim(picture: Shot, own: Drawing, depth: NDArray[Any]) -> NDArray[np.bool_]:
    """Where the surface is seen below its near rim."""
    from netart.lens.horizon import cut_slices

    slices = cut_slices(own.camera, own.camera.across(0, own.size[0]), 2)
    u, v = own.camera.on_ground(slices.a, np.minimum(slices.near, slices.far))
    rim = slices.near * own.camera.sine
    rim = rim + heights(picture, u, v) * own.terrain.height * own.camera.cosine
    return np.isfinite(depth) & (own.camera.up(0, own.size[1])[:, None] < rim)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"style": "block", "elevation": "35", "zero_plane": "true", "samples": "3"},
        {"floor": "regions", "ground_lines": "true", "samples": "auto"},
        {"activation": "step", "azimuth": "100"},
        {"outputs": "3", "drape": "picture", "contrast": "auto", "palette": "corners:kiln"},
        {"lens": "landscape:top"},
        {"lens": "landscape:both"},
    ],
    ids=str,
)
def test_windows_are_parts_of_the_picture(texts: dict[str, str], cpu: Cpu) -> None:
    picture, size = lens.measured(scene(**texts)), (131, 90)
    whole = drawn(cpu, picture, size)
    for window in (Window(37, 21, 70, 51), Window(0, 0, 131, 1), Window(95, 40, 3, 50)):
        part = drawn(cpu, picture, size, window)
        left, top, width, height = window
        assert np.array_equal(part, whole[top : top + height, left : left + width])
    strips = [drawn(cpu, picture, size, Window(0, top, 131, 30)) for top in (0, 30, 60)]
    assert np.array_equal(np.concatenate(strips), whole)


@pytest.mark.parametrize("name", ["cpu", "fragment"])
@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"style": "block", "zero_plane": "true", "activation": "gelu,sin", "azimuth": "200"},
        {"floor": "regions", "ground_lines": "true", "latent": "t=0.4", "rotate": "30"},
        {"outputs": "3", "drape": "picture", "contrast": "auto"},
        {"units": "2.3", "contrast": "off", "rise": "0.2"},
    ],
    ids=str,
)
def test_evaluators_follow_the_definition(
    name: str, texts: dict[str, str], request: pytest.FixtureRequest
) -> None:
    picture = lens.measured(scene(**texts))
    exact = drawn(REFERENCE, picture, SIZE)
    apart = np.abs(drawn(request.getfixturevalue(name), picture, SIZE) - exact).max(axis=2)
    assert np.quantile(apart, 0.995) < 1e-3
    assert (apart > 0.02).mean() < 0.002  # an outline that moves by a rounding
    mirrored = np.abs(exact[:, ::-1] - exact).max(axis=2)
    assert (mirrored > 0.02).mean() > 0.2  # a wrong picture does not pass


def test_views_are_turned_moved_and_cut_as_flat_pictures_are() -> None:
    """Heights of slices against the definition at the same points, in a zoomed view of latents."""
    picture = scene(
        latent="s=0.3,t=-0.8", axes="t,y", center="0.4,-1.1", radius="0.7", azimuth="17",
        contrast="-3:3",
    )  # fmt: skip
    sheared = replace(picture.view, basis=((0.8, 0.5), (-0.6, 0.875)))
    picture = replace(picture, view=sheared)
    own = drawing(picture, (90, 61))
    block, _ = own._evaluate(0, Window.whole((90, 61)), REFERENCE)
    assert block
    inside = np.broadcast_to(block.slices.near < block.slices.far, block.heights.shape)
    u, v = own.camera.on_ground(block.slices.a, block.slices.b)
    expected = heights(picture, u, v)
    assert np.ptp(expected) > 0.1
    assert np.abs(block.heights - expected)[inside].max() < 1e-5
    for k in (0, 1):  # slopes to a, and to b
        right, away = (1e-4, 0) if k == 0 else (0, 1e-4)
        p, q = own.camera.on_ground(block.slices.a + right, block.slices.b + away)
        r, s = own.camera.on_ground(block.slices.a - right, block.slices.b - away)
        slope = (heights(picture, p, q) - heights(picture, r, s)) / 2e-4
        assert np.abs(block.slopes[k] - slope)[inside].max() < 2e-3


def test_one_unit_is_the_tours_third_figure() -> None:
    """sigmoid(0.4 x + 1.0 y − 0.3), at chosen points of the surface and of the picture."""
    picture = explicit(unit(0.4, 1.0, bias=-0.3), radius="4", azimuth="-70", elevation="25")
    points = np.array([[0, 0], [0.5, 0.25], [-1, -1], [1, 0.975], [0.25, -0.75]])
    own = drawing(picture, (200, 200))
    places, _ = own.locate(points, REFERENCE)
    turn, up = radians(-70), radians(25)
    for (u, v), (_, y) in zip(points, places, strict=True):
        height = 1 / (1 + np.exp(-(0.4 * 4 * u + 1.0 * 4 * v - 0.3)))
        away = -cos(turn) * u - sin(turn) * v
        screen = (away * sin(up) + height * cos(up) - own.camera.middle) / own.camera.pixel / 100
        assert y == pytest.approx(screen, abs=1e-5)


def test_figure_threes_heights_are_the_pixels_of_its_flat_picture() -> None:
    picture = explicit(unit(0.4, 1.0, bias=-0.3), radius="4", palette="gray", contours="0")
    flat = drawn(REFERENCE, shot(picture, lens="landscape:top"), (31, 31))
    u = (2 * np.arange(31) + 1) / 31 - 1
    grey = 1 / (1 + np.exp(-(1.6 * u + 4 * -u[:, None] - 0.3)))
    assert np.abs(flat[..., 0] - grey).max() < 1e-6


def test_a_top_view_is_the_flat_picture_of_the_same_map(cpu: Cpu) -> None:
    top = scene(lens="landscape:top", contours="6", samples="2")
    flat = shot(
        top, lens="colour", palette="redgreen", light="contour", light_levels="7",
        light_width="0.8",
    )  # fmt: skip
    assert np.array_equal(drawn(cpu, top, (60, 60)), drawn(cpu, flat, (60, 60)))
    bare = shot(top, contours="0")
    plain = shot(top, lens="colour", palette="redgreen")
    assert np.array_equal(drawn(cpu, bare, (60, 60)), drawn(cpu, plain, (60, 60)))
    wide = drawn(cpu, bare, (100, 60))  # the ground is a square: beside it is paper
    assert np.array_equal(wide[:, 20:80], drawn(cpu, plain, (60, 60)))
    assert np.ptp(wide[:, :20].reshape(-1, 3), axis=0).max() == 0


def test_a_camera_overhead_sees_the_flat_picture_lit() -> None:
    """Colour by colour, the lit picture from 90° is a multiple of the flat one's linear light."""
    texts = {"contours": "0", "radius": "1", "palette": "ramp:#808000,#804000,#00a0c0"}
    picture = scene(elevation="90", azimuth="-90", **texts)
    size = 121, 121
    camera = drawing(picture, size).camera
    at = camera.across(0, 121)
    inside = np.abs(at) < 0.98
    lit = srgb_decode(drawn(REFERENCE, picture, size))[np.ix_(inside, inside)]
    u = at[inside]
    t = np.clip(heights(picture, *np.meshgrid(u, u[::-1])), 0, 1)
    table = landscape.terrain_of(picture).table
    albedo = terrain_shade.colours_of(table, t.ravel()).reshape(lit.shape)
    hue = albedo[..., 1] / albedo.sum(axis=2)
    seen_hue = lit[..., 1] / lit.sum(axis=2)
    assert np.corrcoef(hue.ravel(), seen_hue.ravel())[0, 1] > 0.99
    assert np.corrcoef(hue[::-1].ravel(), seen_hue.ravel())[0, 1] < 0.8


@pytest.mark.parametrize("sun", [0, 77, 176, 250])
@pytest.mark.parametrize("style", ["sheet", "block"])
def test_shadows_fall_away_from_the_light(sun: int, style: str) -> None:
    own = drawing(
        bump(sun_azimuth=str(sun), sun_elevation="25", azimuth="40", style=style), (40, 40)
    )
    light = own._light
    assert light
    x, y = own.camera.on_ground(cos(radians(sun)), sin(radians(sun)))  # towards the sun
    for grid, reach in ((light.ground[..., 0], 1.0), (light.floor_sun, 3.4)):
        at = ((2 * np.arange(len(grid)) + 1) / len(grid) - 1) * reach
        shade = 1 - grid
        assert shade.max() > 0.8
        u, v = ((shade * axis).sum() / shade.sum() for axis in (at, at[:, None]))
        along, beside = u * x + v * y, u * -y + v * x
        assert along < -0.18 * reach
        assert abs(beside) < 0.02 * reach


def test_a_longer_shadow_follows_from_a_lower_sun() -> None:
    shares = []
    for elevation in ("60", "40", "20"):
        light = drawing(bump(sun_elevation=elevation), (40, 40))._light
        assert light
        shares.append((1 - light.ground[..., 0]).mean())
    assert 1.5 * shares[0] < shares[1] < shares[2] / 1.5


def test_open_ground_sees_all_of_the_sky_and_a_hole_little() -> None:
    deep = explicit(
        {"weight": [[4]], "bias": [0], "activation": "gaussian"},
        unit(-1, bias=1, activation="linear"),
        features=("r",), radius="1", rise="1",
    )  # fmt: skip
    light = drawing(deep, (40, 40))._light
    assert light
    sky = light.ground[..., 1]
    middle = len(sky) // 2
    assert sky[middle, middle] < 0.5 < 0.97 < sky[2, middle]
    flat = drawing(shot(deep, rise="0"), (40, 40))._light
    assert flat
    assert np.abs(flat.ground[..., :2] - 1).max() < 1e-6


def at(own: Drawing, image: NDArray[Any], a: float, b: float, z: float) -> NDArray[Any]:
    """The pixel where the camera has a point."""
    camera = own.camera
    column = a / camera.pixel + camera.size[0] / 2
    row = (camera.top - b * camera.sine - z * camera.cosine) / camera.pixel
    return np.asarray(image[int(row), int(column)], np.float64)


def test_regions_lie_on_the_floor_below_their_surface() -> None:
    picture = explicit(
        unit(1, 0.3, activation="linear"), radius="1", azimuth="-90", rise="0.1",
        floor="regions", sun_azimuth="-90",
    )  # fmt: skip
    own = drawing(picture, (260, 180))
    image = drawn(REFERENCE, picture, (260, 180))
    for u in (-0.8, -0.1, 0.15, 0.45, 0.8):  # of a line from the near rim, v = −0.9
        red, green, _ = at(own, image, u, -0.9, own.terrain.bottom)
        assert (green > red) == (u - 0.27 > 0), u
    paper, inside = (at(own, image, -0.9, b, own.terrain.bottom) for b in (-1.05, -0.95))
    assert np.ptp(paper) < 0.06 < np.ptp(inside)


@pytest.mark.parametrize("samples", ["1", "2"])
@pytest.mark.parametrize(
    ("floor", "ink", "ramp"),
    [("regions", 0.02, "ramp:#ffffff,#ffffff"), ("contours", 0.0, "ramp:#000000,#000000")],
    ids=["regions", "contours"],
)
@pytest.mark.parametrize("weight", [(1.0, 0.0), (0.0, 1.0)], ids=["away", "across"])
def test_steps_part_the_floor_by_a_line_of_one_width(
    weight: tuple[float, float],
    floor: str,
    ink: float,
    ramp: str,
    samples: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where derivatives see nothing; windows that end on the line have their half of it."""
    size, row = (400, 380), 4 * ROWS
    camera = drawing(scene(azimuth="-90", elevation="30", rise="0.01"), size).camera
    u, v = 0.5, (camera.top - row * camera.pixel + 0.157 * camera.cosine) / camera.sine
    picture = explicit(
        unit(*weight, bias=-weight[0] * u - weight[1] * v, activation="step"), radius="1",
        azimuth="-90", elevation="30", rise="0.01", floor=floor, palette=ramp,
    )  # fmt: skip
    picture = shot(picture, samples=samples)
    assert drawing(picture, size).terrain.bottom == -0.157
    image = drawn(REFERENCE, picture, size)
    for top, height in ((0, row), (row, 80)):
        part = drawn(REFERENCE, picture, size, Window(0, top, 400, height))
        assert np.array_equal(part, image[top : top + height])
    monkeypatch.setattr(terrain_shade, "FLOOR_WIDTH", -1.0)  # none
    around = Window(0, row - 6, 400, 13)
    bare = srgb_decode(drawn(REFERENCE, picture, size, around))
    light = srgb_decode(image[row - 6 :][:13])
    cover = ((bare - light) / (bare - np.float32(ink)))[..., 0]
    column = int(u / camera.pixel + 200)
    near = cover[6, column - 6 :][:13] if weight[0] else cover[:, column]
    assert near.sum() == pytest.approx(1.5, abs=0.02)


@pytest.mark.parametrize(
    ("low", "high", "lines"), [(0, 1, True), (0.44, 0.57, True), (0.43, 0.48, False)]
)
def test_the_foot_of_a_cliff_has_the_colour_of_its_middle(
    low: float, high: float, lines: bool
) -> None:
    """On both sides alike, and there is none where no contour lies between its heights."""
    picture = explicit(
        unit(1, 0, bias=-0.3, activation="step"),
        unit(high - low, bias=low, activation="linear"),
        radius="1", azimuth="-90", sun_azimuth="-90", rise="0.1", elevation="60",
        palette="ramp:#ff0000,#00ff00,#0000ff",
    )  # fmt: skip
    picture, size = shot(picture, contrast="0:1"), (300, 300)
    camera, bottom = drawing(picture, size).camera, drawing(picture, size).terrain.bottom
    image, bare = (drawn(REFERENCE, shot(picture, contours=n), size) for n in ("9", "0"))
    row = int((camera.top + 0.95 * camera.sine - bottom * camera.cosine) / camera.pixel)
    changed = np.flatnonzero((image[row] != bare[row]).any(axis=1))
    assert len(changed) == (2 if lines else 0)  # of 1.5 pixels, of which none has its middle
    assert (image[row, changed].argmax(axis=1) == 1).all()


@pytest.mark.parametrize("floor", ["contours", "regions"])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "step"])
def test_level_ground_has_no_lines_even_at_their_height(activation: str, floor: str) -> None:
    """Of a constant in the middle of the range, or at the border of regions."""
    picture = explicit(
        unit(0, 0, activation=activation), radius="1", floor=floor, azimuth="-90",
        sun_azimuth="-90",
    )  # fmt: skip
    image, bare = (drawn(REFERENCE, shot(picture, contours=n), SIZE) for n in ("9", "0"))
    assert np.array_equal(image, bare)
    own = drawing(picture, SIZE)
    assert at(own, image, 0.3, -0.9, own.terrain.bottom).mean() > 0.3


def test_a_block_stands_on_the_floor() -> None:
    picture = explicit(
        unit(0, 0, bias=0.5, activation="linear"), radius="1", azimuth="-90", style="block",
        elevation="40", palette="ramp:#00ff00,#00ff00",
    )  # fmt: skip
    own = drawing(picture, (150, 190))
    image = drawn(REFERENCE, picture, (150, 190))
    bottom, top = own.terrain.bottom, 0.5 * own.terrain.height
    surface, wall, floor = (
        at(own, image, 0.3, -1, z) for z in (top + 0.05, (top + bottom) / 2, bottom - 0.08)
    )
    assert surface[1] - surface[0] > 0.4  # green
    assert 0 < wall[1] - wall[0] < 0.4 and wall.max() < 0.8  # earth, in the shade
    assert floor.min() > 0.6 and np.ptp(floor) < 0.06


def test_the_plane_at_zero_covers_what_is_below_it() -> None:
    wet = explicit(
        unit(0, 1, activation="linear"), radius="1", azimuth="0", elevation="50", contours="0",
        style="block", rise="0.2",
    )  # fmt: skip
    assert landscape.terrain_of(shot(wet, contrast="-1:2", zero_plane="true")).zero == 1 / 3
    wet = shot(wet, contrast="-1:1")
    size = 150, 150
    own = drawing(wet, size)
    without, within = (
        drawn(REFERENCE, shot(wet, zero_plane=switch), size) for switch in ("false", "true")
    )
    moved = np.abs(within - without).max(axis=2) > 0.02
    for v in (-0.8, -0.3, 0.3, 0.8):  # the camera stands on the right, and v goes to the right
        height = (v + 1) / 2 * own.terrain.height
        changed = at(own, moved, v, 0.2, max(height, 0.5 * own.terrain.height))
        assert bool(changed) == (v < 0), v


def test_level_ground_in_the_plane_at_zero_is_seen_whole() -> None:
    """Neither covers the other by a rounding."""
    ground, size = explicit(unit(1, 2, bias=-1, activation="step"), radius="1"), (150, 100)
    low, flooded = (shot(ground, azimuth="-100", zero_plane=on) for on in ("false", "true"))
    own = drawing(low, size)
    images = [drawn(REFERENCE, each, size) for each in (low, flooded)]
    u, v = (x.ravel() for x in np.meshgrid(*[np.linspace(-0.95, 0.95, 60)] * 2))
    is_low = u + 2 * v < 0.7
    for a, b in zip(*own.camera.from_ground(u[is_low], v[is_low]), strict=True):
        dry, wet = (at(own, image, a, b, 0) for image in images)
        assert np.array_equal(dry, wet), (a, b)


DIAMOND = (
    {
        "weight": [[1, -1], [-1, 1], [1, 1], [-1, -1]],
        "bias": [-3, -3, -3, -3],
        "activation": "step",
    },
    {"weight": [[1, 1, 1, 1]], "bias": [-0.5], "activation": "step"},
)


def test_a_landscape_of_steps_has_two_heights_and_upright_cliffs() -> None:
    picture = explicit(*DIAMOND, radius="6", palette="alpine", elevation="30")
    own = drawing(picture, (300, 300))
    found = [own._evaluate(k, Window.whole((300, 300)), REFERENCE)[0] for k in (0, 1, 2)]
    values = np.concatenate([np.unique(block.heights) for block in found if block])
    assert set(values.tolist()) == {0.0, 1.0}
    assert not any(block.slopes.any() for block in found if block)
    # The inside of the diamond is low: seen from above it is blue, all else red.
    flat = drawn(REFERENCE, shot(picture, lens="landscape:top", contours="0"), (60, 60))
    middle, corner = flat[30, 30], flat[3, 3]
    assert middle[2] > middle[0] and corner[0] > corner[2]
    assert len(np.unique(flat.reshape(-1, 3), axis=0)) == 2


def test_cliffs_are_lit_by_the_way_they_face() -> None:
    """A step across the picture, seen from the low side: lit from the front, dark from behind."""
    base = explicit(
        unit(0, 1, activation="step"), radius="1", azimuth="-90", elevation="30", contours="0",
        palette="gray", invert="true", sun_elevation="20",
    )  # fmt: skip
    levels = []
    for sun in ("-60", "60"):
        light = srgb_decode(drawn(REFERENCE, shot(base, sun_azimuth=sun), (120, 120)))
        own = drawing(base, (120, 120))
        half = (own.camera.top - 0.5 * own.camera.cosine) / own.camera.pixel
        levels.append(light[round(half) - 3 : round(half) + 3, 50:70].mean())
    assert levels[0] > 1.5 * levels[1]


def test_contours_are_one_pixel_wide_whatever_the_slope() -> None:
    """On a plane that rises to the right: what lines take of a row is their number times INK."""
    plane = explicit(
        unit(0.5, 0, bias=0.5, activation="linear"), radius="1", azimuth="-90",
        style="block",
    )  # fmt: skip
    for rise in ("0.1", "1"):
        own = shot(plane, rise=rise, elevation="60", palette="ramp:#909090,#909090")
        with_lines, without = (
            srgb_decode(drawn(REFERENCE, shot(own, contours=count), (301, 301)))
            for count in ("9", "0")
        )
        taken = 1 - with_lines / without
        row = drawing(own, (301, 301)).locate(np.zeros((1, 2)), REFERENCE)[0][0, 1]
        middle = taken[round(150 - 150.5 * row), :, 0]
        assert middle.sum() / terrain_shade.INK == pytest.approx(9, rel=0.05)


def test_points_stand_on_the_surface_and_behind_it_are_not_seen() -> None:
    picture = bump(azimuth="-90", elevation="15")
    own = drawing(picture, (200, 200))
    points = np.array([[0.0, 0.0], [0.0, 0.45], [0.0, -0.45], [0.9, 0.45]])
    places, is_seen = own.locate(points, REFERENCE)
    assert is_seen.tolist() == [True, False, True, True]
    assert np.abs(places[[0, 1, 2], 0]).max() < 1e-6
    assert places[0, 1] > places[2, 1]


def test_a_spin_turns_the_camera_and_closes(cpu: Cpu) -> None:
    picture = scene(azimuth="-55.3")
    motion = films.spin(picture)
    film = Timeline(shot=motion.shot, tracks=motion.tracks, pace=Pace(frames=12, loop=motion.loop))
    assert [track.field for track in film.tracks] == ["azimuth"]
    first, half, last = (drawn(cpu, film.at(t), SIZE) for t in (0, 0.5, 1))
    assert np.array_equal(first, drawn(cpu, picture, SIZE))
    assert np.array_equal(first, last)
    assert np.abs(half - first).mean() > 0.02
    flat = films.spin(shot(picture, lens="landscape:top"))
    assert [track.field for track in flat.tracks] == ["rotate"]


def test_strips_of_two_landscapes_share_what_each_of_them_needs(
    monkeypatch: pytest.MonkeyPatch, cpu: Cpu
) -> None:
    pair = scene(beside="landscape")
    made: list[Drawing] = []
    monkeypatch.setattr(landscape, "Drawing", lambda *of: made.append(Drawing(*of)) or made[-1])
    size = 101, 60
    for top in range(0, 60, 20):
        drawn(cpu, pair, size, Window(0, top, 101, 20))
    assert len(made) == len({own.size for own in made}) == 2


def test_a_turn_keeps_one_scale() -> None:
    pixels = {
        drawing(scene(azimuth=azimuth), (40, 60)).camera.pixel for azimuth in ("0", "45", "-130")
    }
    assert len(pixels) == 1


def test_heights_are_measured_once() -> None:
    picture = scene(contrast="auto")
    found = lens.measure([picture])
    ((low, high),) = found["contrast"]
    at = (2 * np.arange(48) + 1) / 48 - 1
    own = heights(picture, *np.meshgrid(at, at))
    assert low < high and own.min() == pytest.approx(0, abs=1e-6)
    assert own.max() == pytest.approx(1, abs=1e-6)
    number = apply(picture, found)
    assert lens.is_measured(number)
    assert np.array_equal(drawn(REFERENCE, number, SIZE), drawn(REFERENCE, picture, SIZE))
    assert lens.unmeasured(number).look.contrast is None
    draped = scene(outputs="3", drape="picture", contrast="auto", palette="corners:kiln")
    pairs = lens.measure([draped])["contrast"]
    assert len(pairs) == 4  # of three outputs, and of the height
    assert pairs[3] == found["contrast"][0] or pairs[3][0] <= pairs[0][0]
    flat = scene(outputs="3", lens="colour", contrast="auto", palette="corners:kiln")
    assert pairs[:3] == lens.measure([flat])["contrast"]


@pytest.mark.parametrize("activation", ["linear", "relu", "softplus"])
def test_mountains_of_an_activation_without_a_range_are_not_cut_off(activation: str) -> None:
    """Contrast is off: from the least to the greatest value, on the surface and in the map."""
    plane = explicit(
        unit(2, 1, bias=1, activation=activation), radius="1", contours="0", palette="gray"
    )
    ((low, high),) = landscape._span(plane)
    assert high == pytest.approx(4, abs=0.1) and low < 0.2
    block, _ = drawing(plane, SIZE)._evaluate(0, Window.whole(SIZE), REFERENCE)
    assert block and -0.03 < block.heights.min() < 0.2 and 0.97 < block.heights.max() < 1.03
    flat = drawn(REFERENCE, shot(plane, lens="landscape:top"), (48, 48))
    assert flat[0, -1, 0] == pytest.approx(1, abs=1e-6) and flat.min() == 0
    assert 0.2 < np.median(flat) < 0.7


def test_films_of_a_linear_output_keep_one_scale() -> None:
    flat = explicit(unit(2, 1, activation="linear"), radius="1", palette="gray")
    zoom = Timeline(shot=flat, tracks=(Track("radius", (Key(0.0, 1.0), Key(1.0, 0.25))),))
    measured = measured_film(zoom)
    assert measured.shot.look.contrast == lens.measure([flat])["contrast"]
    assert np.array_equal(
        drawn(REFERENCE, measured.at(0), SIZE), drawn(REFERENCE, zoom.at(0), SIZE)
    )
    bounded = explicit(unit(2, 1), radius="1")
    assert lens.is_measured(bounded) and lens.measure([bounded]) == {}


def test_all_that_is_unset_can_be_written() -> None:
    picture = scene()
    whole = lens.explicit(picture)
    assert whole.look.palette == "ramp:redgreen"
    assert np.array_equal(drawn(REFERENCE, whole, SIZE), drawn(REFERENCE, picture, SIZE))


def test_texts_make_the_same_shot() -> None:
    picture = scene(
        lens="landscape:both", elevation="33", azimuth="12", rise="0.3", style="block",
        contours="5", zero_plane="true", sun_azimuth="100", sun_elevation="20",
    )  # fmt: skip
    texts = fewest_texts(picture)
    assert texts and texts["lens"] == "landscape:both" and texts["rise"] == "0.3"
    assert shot(**texts) == picture


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"elevation": "91"}, "elevation 91: must be from 2 to 90"),
        ({"rise": "-1"}, "rise -1: must be from 0 to 10"),
        ({"contours": "1000"}, "contours 1000: must be from 0 to 200"),
        ({"style": "blok"}, "unknown lens.style 'blok': did you mean block"),
        ({"floor": "lava"}, "unknown lens.floor 'lava': one of contours, none, regions"),
        ({"palette": "corners:sun"}, "reads 2 outputs, of 1"),
        ({"light": "relief"}, "light: has no effect on a landscape lens"),
        ({"output_activation": "tanh"}, "contrast off"),
        ({"units": "2.1,2.2,2.3"}, "3 units, must be one"),
        ({"units": "2.99"}, "unit 99 of layer 2"),
        ({"output": "2"}, "outputs go from 1 to 1"),
        ({"style": "block", "floor": "regions"}, "a block hides its floor"),
        ({"lens": "landscape:top", "azimuth": "3"}, "no effect on landscape:top"),
        ({"lens": "colour", "azimuth": "3"}, "add lens landscape"),
    ],
    ids=str,
)
def test_bad_input_says_what_is_allowed(texts: dict[str, str], message: str) -> None:
    with pytest.raises(NetartError, match=message):
        scene(**{"contrast": "auto"} | texts)


def test_defaults_are_left_out_of_the_hash() -> None:
    bare = scene()
    spelled = shot(bare, elevation="20", azimuth="-55", rise="0.5", style="sheet", contours="9")
    assert spelled.sha256 == bare.sha256 != shot(bare, contours="8").sha256
    assert parse("azimuth", "-55") == -55.0


@pytest.mark.parametrize("weight", [(1.0, 0.0), (0.0, 1.0)], ids=["away", "across"])
def test_lines_on_the_ground_are_as_wide_whichever_way_they_go(weight: tuple[float, float]) -> None:
    """A line through (0.5, −0.9), away from the camera and across the picture."""
    bias = -weight[0] * 0.5 + weight[1] * 0.9
    picture = explicit(
        unit(*weight, bias=bias, activation="linear"), radius="1", azimuth="-90", rise="0.01",
        floor="none", ground_lines="true", elevation="30",
    )  # fmt: skip
    own = drawing(picture, (400, 400))
    image, bare = (
        srgb_decode(drawn(REFERENCE, shot(picture, ground_lines=switch), (400, 400)))[..., 0]
        for switch in ("true", "false")
    )
    camera, bottom = own.camera, own.terrain.bottom
    column = int(0.5 / camera.pixel + 200)
    row = int((camera.top + 0.9 * camera.sine - bottom * camera.cosine) / camera.pixel)
    cover = (bare - image) / (bare - terrain_shade.LINE_INK[0])
    near = cover[row, column - 6 :][:13] if weight[0] else cover[row - 6 :, column][:13]
    assert near.sum() == pytest.approx(terrain_shade.LINE_WIDTH, abs=0.1)


def test_contours_are_paths_where_the_heights_are_levels() -> None:
    one = shot(lens="landscape:top", layers="2x8", outputs="1", contours="4", contrast="-1:1")
    page = landscape.figure(one, (90, 60), REFERENCE)
    (path,) = [patch.get_path() for patch in page.axes[0].patches if patch.get_gid() == "contours"]
    at = path.vertices[path.codes != path.CLOSEPOLY]
    assert len(at) > 100
    network = to_network(one.network)
    heights = forward(network, lens.heads(one), (one.view.radius * at).T).outputs[:, 0]
    levels = np.array([-0.6, -0.2, 0.2, 0.6])
    assert np.abs(heights[:, None] - levels).min(axis=1).max() < 1e-9
    with pytest.raises(NetartError, match="from the side a landscape is pixels: landscape:top"):
        landscape.figure(shot(one, lens="landscape"), (90, 60), REFERENCE)


def test_sharp_ridges_take_more_samples_of_a_slice(cpu: Cpu) -> None:
    """A ridge as thin as a step between two samples would look like a comb."""
    size, thin = (240, 180), unit(2, 60, activation="gaussian")
    ridge = explicit(thin, radius="1", azimuth="-80", elevation="20")

    def drawn_with(depth: int | None) -> NDArray[Any]:
        drawing = Drawing(landscape.terrain_of(ridge), size, 1)
        with ThreadPoolExecutor(1) as pool:
            drawing.light(cpu, pool)
        drawing.depth = depth or drawing.depth
        return drawing.draw(Window.whole(size), cpu)

    exact = drawn_with(4096)
    own, coarse = (np.abs(drawn_with(depth) - exact).mean() for depth in (None, MIN_DEPTH))
    assert own < coarse / 4


@pytest.mark.slow
def test_slopes_beyond_float32() -> None:
    """Of the reference, which has them in float64: warnings of numpy are errors here."""
    steep = scene(weight_scale="1e22", activation="sin", widths="2,2", contrast="auto")
    assert np.isfinite(drawn(REFERENCE, steep, (12, 8))).all()
