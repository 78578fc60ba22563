"""What the environment must say."""

import pytest

from functions.office.settings import settings_of
from shared.environment import BadSettings
from tests.unit.functions.office.visitor import ENVIRON


@pytest.mark.parametrize("name", [name for name in ENVIRON if name != "STAGE"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of(ENVIRON | {name: ""})


def test_a_stage_in_aws_names_the_secrets_of_its_businesses() -> None:
    with pytest.raises(BadSettings, match="BUSINESS_SECRETS"):
        settings_of(ENVIRON | {"STAGE": "prod"})
    settings_of(ENVIRON | {"STAGE": "prod", "BUSINESS_SECRETS": "callwright/prod/business/"})
