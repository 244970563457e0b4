"""Command lines that work: what they draw, and what of it the picture says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netart.cli.command_line import render_command
from netart.files.source import to_toml
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe
from netart.shot.lens import Regions
from netart.shot.look import Look
from netart.shot.shot import Shot
from tests.program import EXPLICIT_TOML, SMALL, Run, files, pixels
from tests.runs import made_run
from tests.shots import shot

MIXED = '[shot.network]\nmix = "7:0.6,42:0.8"\nwidths = "5,50,3"\n'


@pytest.mark.parametrize(
    ("options", "place", "value"),
    [
        ("--seed 5", "network.mix", {"5": 1.0}),
        ("--seed 18446744073709551615", "network.mix", {"18446744073709551615": 1.0}),
        ("--mix 42:0.8,7:0.6", "network.mix", {"7": 0.6, "42": 0.8}),
        ("--mix 7", "network.mix", {"7": 1.0}),
        ("--layers 3x8", "network.widths", [8, 8, 8]),
        ("--layers 3", "network.widths", [16, 16, 16]),
        ("--layers 0", "network.widths", []),
        ("--widths 5,50,3", "network.widths", [5, 50, 3]),
        ("--widths 2x9,4", "network.widths", [9, 9, 4]),
        ("--layers 2x5 --activation relu,sin", "network.activations", ["relu", "sin"]),
        ("--activation relu", "network.activations", ["relu"]),
        ("--output-activation tanh --contrast off", "network.output_activation", "tanh"),
        ("--output-activation tanh --palette rgb", "network.output_activation", "tanh"),
        ("--distribution he_normal", "network.distribution", "he_normal"),
        ("--weight-scale 0.5", "network.weight_scale", 0.5),
        ("--weight-scale 0.5", "view.radius", 2.0),
        ("--weight-scale -0.5", "view.radius", 2.0),
        ("--bias-scale same", "network.bias_scale", "same"),
        ("--features x,r,sin_x:2.5", "network.features", ["x", "r", "sin_x:2.5"]),
        ("--outputs 5", "network.outputs", 5),
        ("--latent t=0.25 --latent u=-1", "network.latents", ["t", "u"]),
        ("--latent t=0.25 --latent u=-1", "view.centre", ["0", "0", "0.25", "-1"]),
        ("--latent t=0.25,u=-1", "view.centre", ["0", "0", "0.25", "-1"]),
        ("--center -0.5,1e-30", "view.centre", ["-0.5", "1E-30"]),
        ("--radius 0.01", "view.radius", 0.01),
        ("--rotate 90", "view.frame", [[0.0, -1.0], [1.0, 0.0]]),
        ("--axes y,x", "view.axes", ["y", "x"]),
        ("--axes y,x --center 1,2", "view.centre", ["2", "1"]),
        ("--axes y,t --latent t=0 --latent x=3", "view.centre", ["3", "0", "0"]),
        ("--axes x,t --latent t=0.5", "view.centre", ["0", "0", "0.5"]),
        ("--layer 0", "lens.layer", 0),
        ("--layer 16", "lens.layer", 16),
        ("--palette ramp:ember", "look.palette", "ramp:ember"),
        ("--palette klimt", "look.palette", "ramp:klimt"),
        ("--palette batlow", "look.palette", "map:batlow"),
        ("--chroma 0.6", "look.chroma", 0.6),
        ("--detail 1.25", "network.detail", 1.25),
        ("--contrast off", "look.contrast", "off"),
        ("--contrast -1:1,0:2,0.5:0.5", "look.contrast", [[-1, 1], [0, 2], [0.5, 0.5]]),
        ("--contrast -1:1", "look.contrast", [[-1, 1]]),
    ],
)
def test_an_option_reaches_its_place(
    draw: Run, field: Callable[..., Any], options: str, place: str, value: Any
) -> None:
    assert field(draw(*options.split()).path, *place.split(".")) == value


@pytest.mark.parametrize(
    ("options", "place", "value"),
    [
        ("--seed 3", "network.mix", {"3": 1.0}),
        ("--mix 3:0.5,4:0.5", "network.mix", {"3": 0.5, "4": 0.5}),
        ("--layers 2", "network.widths", [5, 50]),
        ("--layers 5", "network.widths", [5, 50, 3, 3, 3]),
        ("--layers 2x7", "network.widths", [7, 7]),
        ("--widths 4", "network.widths", [4]),
        ("--palette gray", "network.mix", {"7": 0.6, "42": 0.8}),
    ],
)
def test_a_twin_in_the_source_is_replaced(
    draw: Run, field: Callable[..., Any], tmp_path: Path, options: str, place: str, value: Any
) -> None:
    (tmp_path / "mixed.toml").write_text(MIXED)
    drawn = draw("mixed.toml", *options.split())
    assert drawn.path == Path("mixed.png")
    assert field(drawn.path, *place.split(".")) == value


@pytest.mark.parametrize("size", ["1x1", "1x7", "7x1", "33x5", "129x33"])
def test_the_size_is_exact(netart: Run, size: str) -> None:
    ran = netart("render", "--size", size, "--layers", "1x4", "-o", "a.png")
    assert ran == (0, b"a.png\n", "")
    width, height = map(int, size.split("x"))
    assert pixels(Path("a.png")).shape == (height, width, 3)


def test_a_newcomers_first_picture_is_1024_wide(netart: Run) -> None:
    ran = netart("render", "--layers", "1x4")
    assert pixels(ran.path).shape == (1024, 1024, 3)


def test_names_are_never_taken_twice(draw: Run, tmp_path: Path) -> None:
    names = [str(draw("--seed", "5").path) for _ in range(3)]
    assert names == ["seed-5.png", "seed-5-2.png", "seed-5-3.png"]
    assert str(draw("--mix", "7:0.6,42:0.8").path) == "seed-7-42.png"
    default = f"seed-{Recipe().mix[0][0]}.png"
    assert str(draw().path) == default
    assert files(tmp_path) == {*names, "seed-7-42.png", default}


def test_an_untrusted_file_writes_nothing_elsewhere(netart: Run, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "stolen"
    target.parent.mkdir()
    named = EXPLICIT_TOML.replace('kind = "weights"', f'kind = "weights"\nname = "{target}.npz"')
    (tmp_path / "named.toml").write_text(named)
    ran = netart("render", "--network", "named.toml", "--size", "4x4")
    assert ran.status == 2 or ran.path.parent == Path(".")
    assert files(target.parent) == set()


def test_a_given_name_is_replaced(draw: Run, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    draw("-o", "a.png")
    assert pixels(tmp_path / "a.png").shape == (8, 12, 3)
    assert files(tmp_path) == {"a.png"}


def test_the_same_command_writes_the_same_bytes(draw: Run, tmp_path: Path) -> None:
    for suffix in ("png", "npy"):
        written = []
        for _ in range(2):
            draw("--seed", "5", "-o", f"a.{suffix}")
            written.append((tmp_path / f"a.{suffix}").read_bytes())
        assert written[0] == written[1]


def test_npy_holds_what_png_rounds(draw: Run) -> None:
    draw("--seed", "5", "-o", "a.npy")
    draw("--seed", "5", "-o", "a.png")
    values = np.load("a.npy", allow_pickle=False)
    assert (values.dtype, values.shape) == (np.float32, (8, 12, 3))
    assert values.min() >= 0
    assert values.max() <= 1
    assert np.array_equal(np.floor(values * 255 + 0.5), pixels(Path("a.png")))


def test_a_random_palette_is_decided_by_the_seed(draw: Run, field: Callable[..., Any]) -> None:
    """Stored by its name, so that the file stays the same picture."""
    chosen = {}
    for seed in range(1, 7):
        ran = draw("--layers", "1x4", "--seed", seed, "--palette", "random")
        chosen[seed] = field(ran.path, "look", "palette")
        assert ran.err == f"netart: palette {chosen[seed]}\n"
    assert len({*chosen.values()}) > 3
    assert {name.split(":")[0] for name in chosen.values()} <= {"corners", "ramp"}
    again = draw("silk", "--seed", "3", "--palette", "random")
    assert field(again.path, "look", "palette") == chosen[3]


@pytest.mark.parametrize(
    ("options", "kind"), [("--outputs 1", "ramp"), ("--chroma 0.6", "corners")]
)
def test_a_random_palette_fits(
    draw: Run, field: Callable[..., Any], options: str, kind: str
) -> None:
    for seed in range(5):
        ran = draw(*options.split(), "--layers", "1x4", "--seed", seed, "--palette", "random")
        assert field(ran.path, "look", "palette").startswith(f"{kind}:")


def test_explicit_weights_have_a_random_palette(draw: Run, explicit: str) -> None:
    assert draw(explicit, "--palette", "random").err == draw(explicit, "--palette", "random").err


def test_a_palette_of_a_picture_is_kept_as_colours(draw: Run, field: Callable[..., Any]) -> None:
    Image.fromarray(np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8)).save("two.png")
    ran = draw("--layers", "1x4", "--palette", "from:two.png")
    Path("two.png").unlink()
    assert field(ran.path, "look", "palette") == "ramp:#0000ff,#ff0000"
    assert draw(ran.path, "-o", "again.png").path.read_bytes() == ran.path.read_bytes()


def test_random_prints_a_seed_that_draws_the_same(draw: Run) -> None:
    first, second = draw("--seed", "random"), draw("--seed", "random")
    found = re.fullmatch(r"netart: seed (\d+)\n", first.err)
    assert found
    assert first.path == Path(f"seed-{found[1]}.png")
    assert not np.array_equal(pixels(first.path), pixels(second.path))
    again = draw("--seed", found[1], "-o", "again.png")
    assert again.path.read_bytes() == first.path.read_bytes()


def test_a_picture_is_drawn_again(draw: Run, netart: Run) -> None:
    options = ["--seed", "5", "--center", "0.1,-0.2", "--rotate", "30", "--palette", "ramp:ember"]
    first = draw(*options, "-o", "first.png")
    second = netart("render", "first.png", "--backend", "cpu", "-o", "second.png")
    assert second.path.read_bytes() == first.path.read_bytes()
    netart("render", "first.png", "--size", "24x16", "--backend", "cpu", "-o", "larger.png")
    assert pixels(Path("larger.png")).shape == (16, 24, 3)
    draw(*options, "--size", "24x16", "-o", "larger-at-once.png")
    assert np.array_equal(pixels(Path("larger.png")), pixels(Path("larger-at-once.png")))


def test_the_size_of_a_toml_file_holds_unless_told(netart: Run, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("size = [10, 6]\n[shot]\n")
    assert pixels(netart("render", "a.toml").path).shape == (6, 10, 3)
    assert pixels(netart("render", "a.toml", "--size", "4x5").path).shape == (5, 4, 3)


def test_json_says_what_was_drawn(draw: Run) -> None:
    said = draw("--seed", "5", "--json").json
    assert said["path"] == "seed-5.png"
    assert said["size"] == [12, 8]
    assert said["backend"] == "cpu"
    assert re.fullmatch("[0-9a-f]{64}", said["sha256"])
    assert 0 <= said["time_s"] < 10


def test_stdout_carries_the_picture_alone(draw: Run, tmp_path: Path) -> None:
    piped = draw("--seed", "5", "-o", "-")
    assert files(tmp_path) == set()
    assert piped.err == ""
    draw("--seed", "5", "-o", "a.png")
    assert piped.out == (tmp_path / "a.png").read_bytes()


ENCODED = {
    "png": "", "jpg": "--quality 80", "jpeg": "", "webp": "--quality lossless", "avif": "",
    "tif": "--bits 16", "tiff": "", "exr": "--bits 32", "npy": "",
}  # fmt: skip


@pytest.mark.parametrize("suffix", ENCODED)
def test_every_format_goes_to_stdout_and_into_files(draw: Run, tmp_path: Path, suffix: str) -> None:
    options = ["--seed", "5", *ENCODED[suffix].split()]
    form = {"jpg": "jpeg", "tif": "tiff"}.get(suffix, suffix)
    draw(*options, "-o", f"a.{suffix}")
    written = (tmp_path / f"a.{suffix}").read_bytes()
    for extra in (["--format", form], []):
        draw(*options, *extra, "-o", f"b.{suffix}")
        assert (tmp_path / f"b.{suffix}").read_bytes() == written
    draw(*options, "--format", form, "-o", "plain")
    assert (tmp_path / "plain").read_bytes() == written
    piped = draw(*options, "--format", form, "-o", "-")
    assert (piped.out, piped.err) == (written, "")
    named = draw(*options, "--format", form).path
    assert named.stem == "seed-5"
    assert named.read_bytes() == written
    assert files(tmp_path) == {f"a.{suffix}", f"b.{suffix}", "plain", str(named)}


@pytest.mark.slow
def test_a_pipe_by_name(netart: Run, tmp_path: Path) -> None:
    """Formats whose writer goes back in the file, too."""
    for suffix in ("png", "tif", "exr"):
        os.mkfifo(tmp_path / f"pipe.{suffix}")
        reader = subprocess.Popen(["cat", f"pipe.{suffix}"], cwd=tmp_path, stdout=subprocess.PIPE)
        ran = netart("render", *SMALL, "-o", f"pipe.{suffix}")
        assert ran.status == 0, ran.err
        piped = reader.communicate(timeout=20)[0]
        netart("render", *SMALL, "-o", f"a.{suffix}")
        assert piped == (tmp_path / f"a.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", sorted(ENCODED.keys() - {"npy"}))
def test_every_picture_is_drawn_again(draw: Run, netart: Run, suffix: str) -> None:
    options = ["--center", "0.1,-0.2", "--rotate", "30", "--palette", "ramp:ember"]
    first = draw("--seed", "5", *options, "-o", f"first.{suffix}")
    second = netart("render", f"first.{suffix}", "--backend", "cpu", "-o", f"second.{suffix}")
    assert second.status == 0, second.err
    assert second.path.read_bytes() == first.path.read_bytes()
    assert netart("info", f"first.{suffix}").out == netart("info", f"second.{suffix}").out


def test_bits(draw: Run, tmp_path: Path) -> None:
    draw("--seed", "5", "-o", "a.npy")
    values = np.load("a.npy", allow_pickle=False)
    draw("--seed", "5", "-o", "a.tif", "--bits", "16")
    assert np.array_equal(pixels(Path("a.tif")), np.floor(values * 65535 + 0.5))
    draw("--seed", "5", "-o", "a.tif", "--bits", "32")
    assert np.array_equal(pixels(Path("a.tif")), values)


def test_dither_changes_8_bits_by_a_level_at_most(draw: Run) -> None:
    options = ["--seed", "5", "--palette", "gray", "--size", "64x48"]
    plain = pixels(draw(*options, "-o", "a.png").path).astype(int)
    dithered = pixels(draw(*options, "--dither", "-o", "b.png").path)
    assert np.abs(dithered - plain).max() == 1
    for suffix, bits in (("tif", "16"), ("npy", "32")):
        draw(*options, "--bits", bits, "-o", f"a.{suffix}", "--no-metadata")
        draw(*options, "--bits", bits, "-o", f"b.{suffix}", "--no-metadata", "--dither")
        assert Path(f"a.{suffix}").read_bytes() == Path(f"b.{suffix}").read_bytes()


def test_without_metadata(draw: Run, netart: Run) -> None:
    draw("--seed", "5", "--no-metadata", "-o", "a.jpg")
    ran = netart("info", "a.jpg")
    assert ran.status == 2
    assert ran.err.startswith("netart: a.jpg: carries no shot")


def test_noise_is_announced_unless_quiet(draw: Run) -> None:
    chaotic = ("--layers", "40x30", "--weight-scale", "3")
    warned = draw(*chaotic).err
    assert re.fullmatch(r"netart: warning: float32 .*--backend reference draws it right\n", warned)
    assert draw(*chaotic, "--quiet").err == ""
    assert draw(*chaotic, "--backend", "reference").err == ""


# Explicit weights.


def matrices(netart: Run, *source: str) -> dict[str, np.ndarray]:
    ran = netart("network", *source, "-o", "matrices.npz")
    assert ran.status == 0, ran.err
    with np.load("matrices.npz", allow_pickle=False) as loaded:
        return dict(loaded)


def test_scales_multiply_explicit_weights(netart: Run, explicit: str) -> None:
    plain = matrices(netart, explicit)
    scaled = matrices(netart, explicit, "--weight-scale", "2", "--bias-scale", "-3")
    for k in range(2):
        assert np.array_equal(scaled[f"W{k}"], 2 * plain[f"W{k}"])
        assert np.allclose(scaled[f"b{k}"], -3 * plain[f"b{k}"], rtol=1e-7, atol=0)
    assert plain["W0"].shape == (2, 3)
    assert plain["b1"].tolist() == np.float32([0, 0.1, 0.2]).tolist()


def test_activations_of_explicit_weights_are_replaced(netart: Run, explicit: str) -> None:
    options = ("--activation", "relu", "--output-activation", "cos", "--contrast", "off")
    meta = matrices(netart, explicit, *options)["meta"]
    assert '"activations": ["relu", "cos"]' in str(meta)


def test_a_declared_latent_is_set(draw: Run, field: Callable[..., Any], explicit: str) -> None:
    drawn = draw(explicit, "--latent", "t=-0.25")
    assert field(drawn.path, "view", "centre") == ["0.1", "0.2", "-0.25"]
    assert not np.array_equal(pixels(drawn.path), pixels(draw(explicit).path))


def test_network_keeps_view_lens_and_look(
    draw: Run, field: Callable[..., Any], explicit: str
) -> None:
    options = ("--center", "3,4", "--radius", "0.5", "--rotate", "45", "--layer", "1")
    kept = draw(*options, "--layers", "1x9", "--palette", "ramp:ember", "-o", "kept.png").path
    mixed = draw(kept, "--network", explicit, "-o", "mixed.png").path
    assert field(mixed, "network", "kind") == "weights"
    for place in ("lens", "look"):
        assert field(mixed, place) == field(kept, place)
    for place in ("radius", "frame", "axes"):
        assert field(mixed, "view", place) == field(kept, "view", place)
    assert field(mixed, "view", "centre") == ["3", "4", "0.7"]


def test_a_file_of_weights_draws_as_its_recipe(draw: Run, netart: Run) -> None:
    recipe = ("--seed", "5", "--layers", "3x8", "--latent", "t=0.3", "--features", "x,r")
    assert netart("network", *recipe, "-o", "net.npz") == (0, b"net.npz\n", "")
    view = ("--radius", "2", "--center", "0.5,0.25", "--samples", "1")
    first = draw(*recipe, *view, "-o", "recipe.png").path
    for source in (["net.npz"], ["--network", "net.npz"]):
        second = draw(*source, *view, "-o", "weights.png").path
        assert np.array_equal(pixels(first), pixels(second))
    written = Path("net.npz").read_bytes()
    netart("network", *recipe, "-o", "net.npz")
    assert Path("net.npz").read_bytes() == written


def test_weights_that_a_jpeg_cannot_hold(draw: Run, netart: Run, tmp_path: Path) -> None:
    """They go by digest and name; the warning tells how to write that file."""
    rows = ", ".join(f"[{k / 3000!r}, 0.125]" for k in range(3000))
    biases = ", ".join(f"{-k / 7000!r}" for k in range(3000))
    layer = f'{{ weight = [{rows}], bias = [{biases}], activation = "sin" }}'
    row = ", ".join(["0.01"] * 3000)
    last = f'{{ weight = [[{row}]], bias = [0], activation = "sigmoid" }}'
    text = f'[shot.network]\nkind = "weights"\nlayers = [{layer}, {last}]\nweight_scale = 1.5\n'
    (tmp_path / "hand.toml").write_text(text)
    assert draw("hand.toml", "-o", "a.png").err == ""
    said = draw("hand.toml", "-o", "a.jpg").err
    found = re.fullmatch(
        r"netart: warning: a\.jpg opens again only beside ([0-9a-f]{12}\.npz), which "
        r"`netart (network --as-given -o \1)` writes from the same SOURCE\n", said
    )  # fmt: skip
    assert found
    assert netart("render", "a.jpg", "-o", "b.jpg").status == 2
    command, *options = found[2].split()
    assert netart(command, "hand.toml", *options).status == 0
    assert netart("render", "a.jpg", "--backend", "cpu", "-o", "b.jpg").err == ""
    assert (tmp_path / "b.jpg").read_bytes() == (tmp_path / "a.jpg").read_bytes()
    assert draw("hand.toml", "-o", "a.jpg").err == ""


def test_network_writes_the_layer_that_is_drawn(netart: Run) -> None:
    hidden = matrices(netart, "--layers", "5x8", "--layer", "2", "--seed", "5")
    shallow = matrices(netart, "--layers", "2x8", "--seed", "5", "--weight-scale", "2.729")
    assert set(hidden) == {"W0", "b0", "W1", "b1", "W2", "b2", "meta"}
    for name in hidden:
        assert np.array_equal(hidden[name], shallow[name]), name


def test_a_new_picture_takes_more_samples_where_it_is_sharp(
    draw: Run, netart: Run, field: Callable[..., Any]
) -> None:
    """What has a file already means what it meant when it left the field out."""
    for arguments, samples in (
        ([], "auto"),
        (["--samples", "3"], 3),
        (["silk"], 1),
        (["silk", "--seed", "3"], 1),
    ):
        assert field(draw(*arguments, "-o", "a.png").path, "look", "samples") == samples
    netart("sheet", "silk", "--seeds", "1..2", "--size", "9x9", "-o", "page.png")
    assert field(draw("page.png#2", "-o", "a.png").path, "look", "samples") == 2


@pytest.mark.parametrize(("activation", "flat"), [("sign", True), ("tanh", False)])
def test_light_on_steps_is_warned_of(draw: Run, activation: str, flat: bool) -> None:
    words = "--layers", "3x6", "--light", "relief", "--activation", activation
    assert (
        draw(*words).err.count("light relief: activations that jump, step and sign, have no slopes")
        == flat
    )
    assert draw(*words, "--quiet").err == ""


@pytest.mark.parametrize(("level", "outside"), [("0", False), ("50", True), ("-50", True)])
def test_a_level_that_nothing_reaches_is_warned_of(draw: Run, level: str, outside: bool) -> None:
    shown = ("--lens", "regions", "--outputs", "1", "--layers", "2x8", "--radius", "6")
    words = (*shown, "--level", level, "--size", "24x16")
    assert ("values go from " in draw(*words).err) == outside
    assert draw(*words, "--quiet").err == ""
    assert "values go" not in draw(*shown[:2], *shown[4:], "--size", "24x16").err


@pytest.mark.parametrize("name", ["diagram", "warp", "landscape"])
def test_a_command_line_leaves_out_what_a_lens_does_not_read(netart: Run, name: str) -> None:
    seen = shot(layers="2x3", gamma="2", contrast="-1:1", center="1,2", radius="0.3", rotate="20")
    one = shot(seen, lens=name, contrast="auto") if name == "landscape" else shot(seen, lens=name)
    words = shlex.split(render_command(one, (48, 32), None, "cpu"))
    assert words[:2] == ["netart", "render"]
    assert netart(*words[1:], "-o", "a.png").status == 0
    Path("b.toml").write_text(to_toml(one, size=(48, 32)))
    assert netart("render", "b.toml", "--backend", "cpu", "-o", "b.png").status == 0
    assert (pixels(Path("a.png")) == pixels(Path("b.png"))).all()


def test_a_command_line_keeps_what_a_lens_does_not_read_of_a_file() -> None:
    network = Trained(runs=(made_run(),))
    base = ("a.run",), Shot(network=network, lens=Regions(), look=Look(contrast="off"))
    for step in ("0", "100"):
        words = render_command(shot(base[1], step=step), (48, 32), base, "cpu").split()
        assert words[:3] == ["netart", "render", "a.run"]
        assert ("--step" in words) == (step == "0")


def test_pictures_of_one_colour_are_told_of(netart: Run) -> None:
    """Whatever the file's numbers are, and once: a level that is missed is told of already."""
    flat = ("--layers", "1x4", "--contrast", "-100:-90")
    for name in ("a.png", "b.exr", "c.tif"):
        ran = netart("render", *flat, *SMALL, "-o", name)
        assert ran.status == 0
        words = r"the picture is all of one colour, #[0-9a-f]{6}: --contrast auto would show more\n"
        assert re.fullmatch(f"netart: warning: {words}", ran.err), ran.err
    empty = ("--lens", "lines", "--units", "1.1", "--center", "100,100", "--layers", "1x4")
    assert "--center 0,0 would show more" in netart("render", *empty, *SMALL, "-o", "d.svg").err
    missed = ("--lens", "regions", "--outputs", "1", "--level", "99", "--layers", "1x4")
    assert netart("render", *missed, *SMALL, "-o", "e.png").err.count("warning") == 1
    assert not netart("render", *flat, *SMALL, "--quiet", "-o", "f.png").err
    assert not netart("render", "--layers", "1x4", *SMALL, "-o", "g.png").err
