"""Lists of names for looking things up: each of them is a name that is taken."""

from __future__ import annotations

import pytest

import netart
from netart.files.source import preset_names
from netart.shot.fields import FIELDS


def test_presets_are_described() -> None:
    presets = netart.presets()
    assert [*presets] == preset_names()
    assert all(presets.values())


@pytest.mark.parametrize(
    ("table", "field"),
    [
        (netart.activations, "activation"),
        (netart.palettes, "palette"),
        (netart.distributions, "distribution"),
        (netart.lights, "light"),
    ],
)
def test_every_name_is_taken(table, field: str) -> None:
    assert [*table()] == [*FIELDS[field].choices]
    assert all(table().values())


def test_lenses_features_and_fields_are_listed() -> None:
    assert set(netart.lenses()) <= {*FIELDS["lens"].choices}
    assert netart.features()["sin_x:K"] == "sin(K x)"
    assert [*netart.fields()] == [*FIELDS]


def test_a_table_prints_as_lines() -> None:
    lines = repr(netart.activations()).splitlines()
    assert "tanh        tanh z" in lines
    assert len(lines) == len(netart.activations())
