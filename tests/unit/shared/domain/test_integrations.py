"""What a business's file may say of other systems."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.domain.integrations import Integrations, Webhook
from shared.domain.models.event import EventType

HOOK = {"name": "board", "url": "https://board.example.com/in", "secret": "board-key"}


def test_all_events_where_none_are_named() -> None:
    assert Webhook.model_validate(HOOK).events == tuple(EventType)
    assert Integrations().webhook("board") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://board.example.com/in"),
        ("url", "ftp://board.example.com"),
        ("url", "https://"),
        ("url", "https://me:password@board.example.com"),
        ("url", "https://board.example.com:port"),
        ("url", "https://board.example.com/a b"),
        ("url", "http://127.0.0.1.example.com/"),
        ("secret", "whsec_abc"),
        ("secret", ""),
        ("name", "The Board"),
        ("events", ["booking.made"]),
    ],
)
def test_what_cannot_be_right_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Webhook.model_validate(HOOK | {field: value})


def test_two_addresses_have_two_names() -> None:
    with pytest.raises(ValidationError, match="twice"):
        Integrations.model_validate({"webhooks": [HOOK, HOOK]})
