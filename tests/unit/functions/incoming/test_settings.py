"""What the function reads from its environment, and how it names what is wrong there."""

import pytest

from functions.incoming.settings import settings_of
from shared.environment import BadSettings

GIVEN = {
    "STAGE": "dev",
    "TABLE_PREFIX": "callwright-dev-",
    "PUBLIC_BASE_URL": "https://api.example.com/",
    "MEDIA_URL": "wss://media.example.com/media",
    "TWILIO_ACCOUNT_SID": "AC0",
}


def test_addresses_lose_their_last_slash_and_calls_are_kept_for_ever() -> None:
    settings = settings_of(GIVEN)

    assert settings.public_url == "https://api.example.com"
    assert settings.adapters.keep_days is None


def test_calls_are_kept_for_the_days_that_were_set() -> None:
    assert settings_of({**GIVEN, "KEEP_DAYS": "30"}).adapters.keep_days == 30


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"MEDIA_URL": ""}, "MEDIA_URL"),
        ({"MEDIA_URL": "wss://media.example.com/media?x=1"}, "MEDIA_URL.*query"),
        ({"CLOCK_OFFSET_S": "yesterday"}, "CLOCK_OFFSET_S"),
        ({"CLOCK_OFFSET_S": "60", "STAGE": "prod"}, "CLOCK_OFFSET_S"),
        ({"KEEP_DAYS": "0"}, "KEEP_DAYS"),
        ({"KEEP_DAYS": "a month"}, "KEEP_DAYS"),
        ({"KEEP_DAYS": "1000000000"}, "KEEP_DAYS"),
        ({"CLOCK_OFFSET_S": "1e300"}, "CLOCK_OFFSET_S"),
        ({"CLOCK_OFFSET_S": "nan"}, "CLOCK_OFFSET_S"),
        ({"CLOCK_OFFSET_S": "inf"}, "CLOCK_OFFSET_S"),
        ({"CLOCK_OFFSET_S": "soon"}, "CLOCK_OFFSET_S"),
        ({"MEDIA_URL": "wss://media.example.com/media?a=1"}, "MEDIA_URL"),
    ],
)
def test_a_wrong_variable_is_named(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(BadSettings, match=named):
        settings_of({**GIVEN, **wrong})


@pytest.mark.parametrize("name", ["STAGE", "PUBLIC_BASE_URL", "MEDIA_URL", "TWILIO_ACCOUNT_SID"])
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of({**GIVEN, name: ""})


def test_business_time_may_not_be_moved_in_prod() -> None:
    assert settings_of({**GIVEN, "CLOCK_OFFSET_S": "-60"}).clock_offset.total_seconds() == -60
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S"):
        settings_of({**GIVEN, "CLOCK_OFFSET_S": "60", "STAGE": "prod"})
