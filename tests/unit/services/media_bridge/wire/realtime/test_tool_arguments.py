"""The arguments of a function call are one JSON object, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.media_bridge.wire.realtime.tool_arguments import LONGEST, parsed

NO_OBJECTS = [
    "{",
    "null",
    "[]",
    "5",
    '"repair"',
    " ",
    "[" * 15_000,
    "x" * 50_000,
    '{"a":' * 3_000,
    '{"service_type":"\\ud800"}',
    "\ud800",
    '{"estimated_cost":' + "9" * 5_000 + "}",
    '{"estimated_cost":NaN}',
    "{}{}",
    "{'a':1}",
]


@pytest.mark.parametrize("text", NO_OBJECTS, ids=range(len(NO_OBJECTS)))
def test_what_is_no_json_object_is_none(text: str) -> None:
    assert parsed(text) is None


def test_an_object_is_read_as_it_is() -> None:
    text = '{"a": "Jos\\u00e9", "b": [1, 2.5, true, null], "c": {}}'

    assert parsed(text) == {"a": "José", "b": [1, 2.5, True, None], "c": {}}


def test_no_text_is_an_object_without_arguments() -> None:
    assert parsed("") == {}


def test_an_object_may_be_long_but_not_endless() -> None:
    fits = '{"note":"' + "x" * (LONGEST - 11) + '"}'

    assert parsed(fits) is not None
    assert parsed(fits + " ") is None


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert parsed(text) is None or text in ("", "{}") or text.strip()[:1] == "{"
