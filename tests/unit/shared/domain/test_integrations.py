"""What a business's file may say of other systems."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.businesses import by_id
from shared.domain.business import Business
from shared.domain.integrations import Integrations, Webhook
from shared.domain.models.event import EventType

CARD = {
    "services": {"repair": {"visit": 165, "low": 300, "high": 800}},
    "after_hours_multiplier": "1.5",
    "deposit_share": "0.25",
}
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


@pytest.mark.parametrize(
    "report",
    [{"by": "slack"}, {"by": "mail", "webhook": "x"}, {"by": "pigeon"}, {"by": "mail", "of": []}],
)
def test_a_report_goes_to_one_place(report: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Integrations.model_validate({"report": report})


def test_a_calendar_is_of_a_crew_and_a_mailed_report_needs_a_mailbox() -> None:
    known = by_id("coolcare_hvac")
    assert known is not None
    fields = known.model_dump(mode="json", exclude={"card", "hours"})
    fields |= {"card": CARD, "hours": {"mon": ["08:00", "18:00"]}}
    for wrong, said in (
        ({"calendars": {"crew-9": {}}}, "crews has no such name"),
        ({"report": {"by": "mail"}}, "needs office_email"),
    ):
        with pytest.raises(ValidationError, match=said):
            Business.model_validate(fields | {"integrations": wrong})


def test_two_addresses_have_two_names() -> None:
    with pytest.raises(ValidationError, match="twice"):
        Integrations.model_validate({"webhooks": [HOOK, HOOK]})


def test_a_secret_is_for_one_thing() -> None:
    other = {"webhooks": [HOOK], "feed": HOOK["secret"]}
    with pytest.raises(ValidationError, match="named for two different things"):
        Integrations.model_validate(other)
    shared = {"webhooks": [HOOK, HOOK | {"name": "other"}]}
    assert Integrations.model_validate(shared).secrets == [(HOOK["secret"], "signing")] * 2
