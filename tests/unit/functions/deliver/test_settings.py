"""What the deliveries are told by their environment."""

import pytest

from functions.deliver.settings import settings_of
from shared.environment import BadSettings

LOCAL = {"STAGE": "local", "TABLE_PREFIX": "p-", "PUBLIC_BASE_URL": "http://127.0.0.1:1"}
PROD = LOCAL | {
    "STAGE": "prod",
    "EVENT_BUS": "bus",
    "BUSINESS_SECRETS": "callwright/prod/business/",
}


def test_a_laptop_needs_neither_bus_nor_secrets() -> None:
    settings = settings_of(LOCAL)
    assert (settings.bus, settings.loopback) == ("", False)
    assert settings_of(LOCAL | {"WEBHOOKS_TO_LOOPBACK": "on"}).loopback


@pytest.mark.parametrize("missing", ["EVENT_BUS", "BUSINESS_SECRETS"])
def test_a_stage_needs_both(missing: str) -> None:
    assert settings_of(PROD).bus == "bus"
    with pytest.raises(BadSettings, match=missing):
        settings_of({name: value for name, value in PROD.items() if name != missing})


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_no_stage_posts_to_itself(stage: str) -> None:
    with pytest.raises(BadSettings, match="WEBHOOKS_TO_LOOPBACK"):
        settings_of(PROD | {"STAGE": stage, "WEBHOOKS_TO_LOOPBACK": "on"})
