"""What a source is read as: presets, and files like them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netart.errors import NetartError
from netart.files.source import preset_names, read_source
from netart.net.build import to_network
from netart.shot.document import shot_of
from netart.shot.shot import Shot


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
        ("size = [0, 5]\n[shot]", "must be [width, height]"),
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
