"""What the function reads from its environment, and how it names what is wrong there."""

from datetime import timedelta

import pytest

from functions.follow_up.settings import settings_of
from shared.environment import BadSettings

ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "callwright-local-",
    "PUBLIC_BASE_URL": "https://voice.example.com/",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
}


def test_addresses_lose_their_last_slash_and_a_laptop_plays_other_days() -> None:
    settings = settings_of({**ENVIRON, "CLOCK_OFFSET_S": "-60"})

    assert settings.adapters.public_url == "https://voice.example.com"
    assert settings.clock_offset == timedelta(minutes=-1)


@pytest.mark.parametrize("name", ["STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID"])
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of({**ENVIRON, name: ""})


@pytest.mark.parametrize(("offset", "stage"), [("60", "prod"), ("soon", "dev")])
def test_the_clock_is_moved_on_a_laptop_only(offset: str, stage: str) -> None:
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S"):
        settings_of({**ENVIRON, "CLOCK_OFFSET_S": offset, "STAGE": stage})
