"""The list of commands is closed and complete."""

from dataclasses import is_dataclass
from typing import get_args

from services.media_bridge.core import commands as do


def test_every_command_of_the_module_is_in_the_list() -> None:
    made = {name for name, kind in vars(do).items() if is_dataclass(kind)}

    assert {kind.__name__ for kind in get_args(do.Command)} == made
