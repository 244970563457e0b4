"""What an error says of the fields it is about."""

from __future__ import annotations

import pytest

from netart.cli import spelled
from netart.errors import MACHINE, NetartError


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NetartError("a.png: is a folder"), "a.png: is a folder"),
        (
            NetartError("quality 120: must be lower", field="quality"),
            "--quality 120: must be lower",
        ),
        (NetartError("bias_scale x: no number", field="bias_scale"), "--bias-scale x: no number"),
        (
            NetartError(
                "device 1: not with my_backend cp_u", field="device", hint="my_backend cp_u"
            ),
            "--device 1: not with --my-backend cp_u",
        ),
    ],
)
def test_fields_are_options_on_the_command_line(error: NetartError, said: str) -> None:
    assert spelled(error) == said


def test_in_a_file_fields_are_no_options() -> None:
    error = NetartError("seed 5: not with mix", MACHINE, field="seed", hint="mix").at("a.toml")
    assert spelled(error) == str(error) == "a.toml: seed 5: not with mix"
    assert error.status == MACHINE
