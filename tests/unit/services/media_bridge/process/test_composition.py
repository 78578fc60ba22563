"""What the bridge is put together from is still there under its names."""

from importlib.util import find_spec

import pytest

from services.media_bridge.process.composition import LATE_IMPORTS


@pytest.mark.parametrize("name", LATE_IMPORTS)
def test_what_is_imported_before_the_first_call_is_still_called_so(name: str) -> None:
    assert find_spec(name) is not None
