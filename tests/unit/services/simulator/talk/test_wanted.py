"""Which stack a page wants: a business, a draft of one's own, and a time."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.simulator.scenarios import businesses
from services.simulator.talk.desk import NotDone
from services.simulator.talk.wanted import WantedStack, draft, wanted

BEFORE = WantedStack(datetime.fromisoformat("2025-08-28T19:12:00-04:00"), "coolcare_hvac")


def test_a_time_without_an_offset_is_the_business_s_own(tmp_path: Path) -> None:
    asked = {"business": "coolcare_hvac", "at": "2025-12-01T08:30"}
    found = wanted(asked, BEFORE, tmp_path, businesses.folder())
    assert found.at.utcoffset() == timedelta(hours=-5)
    assert found.business == "coolcare_hvac"


def test_a_draft_is_copied_and_is_the_only_business_there(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    shutil.copy(businesses.folder() / "coolcare_hvac.toml", mine)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    found = wanted({"business": str(mine)}, BEFORE, drafts, businesses.folder())
    assert found.folder is not None
    assert businesses.ids(found.folder) == ("coolcare_hvac",)
    back = wanted({"business": "coolcare_hvac"}, found, drafts, businesses.folder())
    assert back.folder is None


@pytest.mark.parametrize(
    ("text", "why"),
    [(None, "neither a business here nor a file"), ("id =", "not TOML"), ('id = "a"', "numbers")],
)
def test_what_is_no_business_s_file_is_refused_in_words(
    tmp_path: Path, text: str | None, why: str
) -> None:
    path = tmp_path / "mine.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(NotDone, match=why):
        draft(path, tmp_path)


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="no time like"):
        wanted({"at": "soon"}, BEFORE, tmp_path, businesses.folder())
