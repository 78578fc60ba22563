"""What the environment must say, and what it may not."""

from datetime import timedelta

import pytest

from functions.stripe_webhook.settings import settings_of
from shared.environment import BadSettings

GOOD = {"STAGE": "local", "TABLE_PREFIX": "t-", "PUBLIC_BASE_URL": "https://x.test/"}
PROD = {"STAGE": "prod", "BUSINESS_SECRETS": "callwright/prod/business/"}


def test_the_public_address_has_no_slash_at_its_end() -> None:
    settings = settings_of(GOOD | {"CLOCK_OFFSET_S": "-60"})
    assert settings.adapters.public_url == "https://x.test"
    assert settings.clock_offset == timedelta(minutes=-1)
    assert settings.adapters.stripe_api_base is None
    assert not settings.live


def test_only_prod_takes_real_money() -> None:
    assert settings_of(GOOD | PROD | {"CLOCK_OFFSET_S": "0"}).live
    with pytest.raises(BadSettings, match="BUSINESS_SECRETS"):
        settings_of(GOOD | {"STAGE": "prod"})


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of(GOOD | {name: ""})


@pytest.mark.parametrize("wrong", [{"CLOCK_OFFSET_S": "soon"}, PROD | {"CLOCK_OFFSET_S": "5"}])
def test_a_clock_that_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S"):
        settings_of(GOOD | wrong)
