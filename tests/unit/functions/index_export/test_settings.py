"""What the function reads from its environment, and how it names what is missing there."""

import pytest

from functions.index_export.settings import settings_of
from shared.environment import BadSettings


def test_the_stage_and_the_database_are_read() -> None:
    settings = settings_of({"STAGE": "dev", "GLUE_DATABASE": "callwright_dev"})

    assert (settings.stage, settings.database) == ("dev", "callwright_dev")


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(BadSettings, match="missing: STAGE, GLUE_DATABASE"):
        settings_of({})
