"""What an error says of the fields it is about."""

from __future__ import annotations

import pytest

from netart.cli.messages import spell_options
from netart.errors import MACHINE, MAX_LINE, NetartError, printable


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
    assert spell_options(error) == said


def test_in_a_file_fields_are_no_options() -> None:
    error = NetartError("seed 5: not with mix", MACHINE, field="seed", hint="mix").at("a.toml")
    assert spell_options(error) == str(error) == "a.toml: seed 5: not with mix"
    assert error.status == MACHINE


def test_what_is_printed_is_one_line_that_commands_no_terminal() -> None:
    assert printable("a\x1b[31mred\x9b5m\r\n  b\u2028c") == "a\\x1b[31mred\\x9b5m b c"
    assert printable("größe → 5×5 …") == "größe → 5×5 …"
    assert len(printable("ab" * MAX_LINE)) <= MAX_LINE + 3
