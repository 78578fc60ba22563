"""The adapters' settings: what is set is read, and what cannot be right is named."""

import pytest

from shared.adapters.settings import settings_of
from shared.environment import BadSettings

ENVIRON = {
    "STAGE": "dev",
    "TABLE_PREFIX": "callwright-dev-",
    "PUBLIC_BASE_URL": "https://voice.example.com/",
    "AWS_REGION": "us-west-2",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "TWILIO_ACCOUNT_SID": "AC123",
    "TWILIO_AUTH_TOKEN": "token",
    "STRIPE_API_KEY": "sk_test_example",
    "KEEP_DAYS": "30",
}


def test_the_settings_are_read_from_the_environment() -> None:
    settings = settings_of(ENVIRON)

    assert (settings.stage, settings.table_prefix) == ("dev", "callwright-dev-")
    assert (settings.region, settings.public_url) == ("us-west-2", "https://voice.example.com")
    assert settings.aws_endpoint_url == "http://127.0.0.1:9"
    assert (settings.twilio_api_base, settings.stripe_api_base) == (None, None)
    assert (settings.twilio_account_sid, settings.keep_days) == ("AC123", 30)


def test_a_process_that_is_told_nothing_is_on_a_laptop() -> None:
    settings = settings_of({})

    assert (settings.stage, settings.table_prefix) == ("local", "callwright-local-")
    assert (settings.public_url, settings.public_url_parameter) == ("", "")
    assert (settings.aws_endpoint_url, settings.keep_days) == (None, None)


def test_no_secret_is_among_them() -> None:
    assert not any(secret in repr(settings_of(ENVIRON)) for secret in ("token", "sk_test"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAGE", "production"),
        ("PUBLIC_BASE_URL", "voice.example.com"),
        ("AWS_ENDPOINT_URL", "localhost:4566"),
        ("TWILIO_API_BASE", "::bad"),
        ("STRIPE_API_BASE", "https://"),
        ("KEEP_DAYS", "0"),
        ("KEEP_DAYS", "-1"),
        ("KEEP_DAYS", "many"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of(ENVIRON | {name: value})
