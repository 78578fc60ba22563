"""What the hourly call needs to know, and how a missing part is named."""

import pytest

from functions.synthetic_call.settings import NEEDED, settings_of
from shared.environment import BadSettings

GIVEN = {
    "STAGE": "dev",
    "PUBLIC_BASE_URL": "https://api.example.com/",
    "TWILIO_ACCOUNT_SID": "AC1",
}


def test_the_address_loses_its_slash() -> None:
    assert settings_of(GIVEN).public_url == "https://api.example.com"


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of({**GIVEN, name: ""})
