"""Which stack a page wants: a business, a draft of one's own, and a time."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.simulator.scenarios import businesses
from services.simulator.talk.desk import NotDone
from services.simulator.talk.wanted import WantedStack, wanted

BEFORE = WantedStack(datetime.fromisoformat("2025-08-28T19:12:00-04:00"), "coolcare_hvac")
HOME = businesses.folder()


def test_a_time_without_an_offset_is_the_business_s_own() -> None:
    found = wanted({"business": "coolcare_hvac", "at": "2025-12-01T08:30"}, BEFORE, HOME)
    assert found.at.utcoffset() == timedelta(hours=-5)
    assert found.business == "coolcare_hvac"


def test_a_file_of_one_s_own_is_wanted_by_its_path_and_nothing_is_the_one_before(
    tmp_path: Path,
) -> None:
    mine = tmp_path / "mine.toml"
    shutil.copy(HOME / "coolcare_hvac.toml", mine)
    found = wanted({"business": str(mine), "at": "now"}, BEFORE, HOME)
    assert found.business == str(mine)
    assert wanted({}, found, HOME).business == str(mine)


def test_while_a_draft_is_all_there_is_the_others_can_be_wanted_still(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = (HOME / "coolcare_hvac.toml").read_text("utf-8")
    mine.write_text(text.replace('id = "coolcare_hvac"', 'id = "mine"'), "utf-8")
    with businesses.rung(str(mine)):
        assert businesses.ids() == ("mine",)
        assert wanted({"business": "coolcare_hvac"}, BEFORE, HOME).business == "coolcare_hvac"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("nobody", None, "no business 'nobody'"),
        ("mine.toml", None, "cannot be read"),
        ("mine.toml", "id =", "not TOML"),
        ("mine.toml", "trade = 'hvac'", "id is missing"),
    ],
)
def test_what_is_no_business_is_refused_in_words(
    tmp_path: Path, name: str, text: str | None, why: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    asked = str(tmp_path / name) if name.endswith(".toml") else name
    with pytest.raises(NotDone, match=why):
        wanted({"business": asked}, BEFORE, HOME)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(NotDone, match="no time like"):
        wanted({"at": "soon"}, BEFORE, HOME)
