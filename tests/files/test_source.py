"""What a source is read as: presets, and files like them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from netart.errors import NetartError
from netart.files.metadata import make_metadata
from netart.files.source import name_of, preset_names, read_source, to_toml
from netart.files.weights import npz
from netart.files.xmp import xmp_packet
from netart.net.build import to_network
from netart.net.learning.trained import Trained
from netart.net.recipe import Recipe, Weights
from netart.shot.document import from_tables, shot_of
from netart.shot.shot import Shot
from tests.runs import made_run
from tests.shots import shot


def test_silk_is_the_default_picture() -> None:
    assert read_source("silk").document == Shot()


@pytest.mark.parametrize("name", preset_names())
def test_presets_read_and_tell_what_they_show(name: str) -> None:
    found = read_source(name)
    assert 10 < len(found.about) < 90
    shot = shot_of(found.document)
    assert np.isfinite(to_network(shot.network).layers[0].weight).all()


def test_preset_files_are_strict(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    for text, message in (
        ("[shot", "is not valid TOML"),
        ("a = 1", "unknown table 'a'"),
        ("about = 'x'", "has no table [shot]"),
        ("size = 5\n[shot]", "size = 5: must be"),
        ("size = [0, 5]\n[shot]", "sides go from 1"),
        ("size = [-5, 3]\n[shot]", "sides go from 1"),
        ("size = [1000000000, 5]\n[shot]", "size 1000000000x5: sides go from 1"),
        ("[shot]\n[sheet]\npanel = [0, 5]", "sheet.panel: size 0x5: sides go from 1"),
        ("[shot.view]\nradius = -1", "x.toml: view.radius = -1.0: must be"),
        ("[shot]\n[sheet]", "0 fields"),
        ("[shot]\n[sheet]\nover = [{field = 'seed', values = '1..0'}]", "runs backwards"),
        ("[shot]\n[sheet]\n[timeline]", "either a [sheet] or a [timeline]"),
        ("[shot]\n[timeline]\nframes = 0", "frames = 0"),
        ("a = " + "[" * 5000, "is not valid TOML"),
    ):
        path.write_text(text)
        with pytest.raises(NetartError) as caught:
            read_source(path)
        assert message in str(caught.value)
        assert str(path) in str(caught.value)


def test_sizes_of_notes_are_checked_as_those_of_options(tmp_path: Path) -> None:
    path, one = tmp_path / "a.jpg", Shot()
    for size in ((-5, 3), (0, 0), (10**9, 5), (1 << 18, 1 << 18)):
        text = msgspec.structs.replace(make_metadata(one, (64, 64)), size=size).text
        path.write_bytes(b"\xff\xd8\xff" + xmp_packet(text))
        with pytest.raises(NetartError, match=r"a\.jpg: size "):
            read_source(path)


@pytest.mark.parametrize(
    ("said", "name"),
    [("../../a", "-..-a"), ("a\x1b]0;b", "a-]0;b"), (".hidden", "hidden"), ("größe 2", "größe 2")],
)
def test_names_of_files_that_files_say_are_made_names(said: str, name: str) -> None:
    """Of a step of a run pictures are called after the run, whose name stands in a picture."""
    run = replace(made_run(), name=said)
    assert name_of(Shot(network=Trained(runs=(run,)))) == name


def test_weights_too_long_for_toml_go_by_the_name_of_a_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large = to_network(Recipe(widths=(300, 250)))
    text = to_toml(Shot(network=Weights(content=large)))
    assert len(text) < 2000
    file = f"{large.sha256[:12]}.npz"
    assert f'file = "{file}"' in text
    assert f"netart network --as-given -o {file}" in caplog.text
    with (tmp_path / file).open("wb") as stream:
        npz.write(stream, large, {})
    (tmp_path / "a.toml").write_text(text)
    assert read_source(tmp_path / "a.toml").shot.network.content.sha256 == large.sha256
    with pytest.raises(NetartError, match="as TOML more than 1 MiB"):
        to_toml(Shot(), about="a" * (1 << 20))


@pytest.mark.parametrize(
    ("texts", "remarks"),
    [
        ({}, ['# palette = "corners:sun"', '# contrast = "auto"']),
        ({"outputs": "1"}, ['# palette = "ramp:ember"', '# contrast = "auto"']),
        ({"palette": "gray"}, ['# contrast = "off"']),
        ({"palette": "ramp:ink", "contrast": "off"}, []),
        ({"lens": "diagram"}, []),
    ],
)
def test_a_text_says_what_it_leaves_open(texts: dict[str, str], remarks: list[str]) -> None:
    text = to_toml(shot(**texts))
    assert [line for line in text.splitlines() if line.startswith("#")] == remarks
    for remark in remarks:  # each is a line that may be taken as it is
        text = text.replace(remark, remark.removeprefix("# "))
    assert from_tables(tomllib.loads(text))
