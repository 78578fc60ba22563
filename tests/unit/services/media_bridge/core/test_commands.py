"""The list of commands is closed and complete."""

from typing import get_args

import msgspec

from services.media_bridge.core import commands as do


def test_every_command_of_the_module_is_in_the_list() -> None:
    made = {
        name
        for name, kind in vars(do).items()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and not name.startswith("_")
    }

    assert {kind.__name__ for kind in get_args(do.Command)} == made
