"""A business's file by the owner's hand: checked, drafted, published, taken back."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from services.operator import __main__ as operator
from services.operator import business
from services.operator.where.trouble import CannotTell
from shared.published import POINTER, version_of
from tests.examples import BUSINESSES
from tests.unit.services.operator.shelf import Shelf

NUMBER = ["--number", "+19374440100"]
TODAY = date(2025, 7, 28)
HERE = {"BUSINESSES_DIR": str(BUSINESSES)}
OLD = (BUSINESSES / "coolcare_hvac.toml").read_text()
REAL = OLD.replace("+19375550100", "+19374440100").replace("max_slots = 3", "max_slots = 2")


class Owner:
    """Somebody at a keyboard, with one stage's store and a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shelf = folder, Shelf()
        self.said: list[str] = []
        self.ran: list[list[str]] = []
        self.status = 0

    def file(self, text: str, name: str = "draft.toml") -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def does(self, *words: str, stage: str = "dev") -> int:
        def ran(command: Sequence[str]) -> int:
            self.ran.append(list(command))
            return self.status

        self.said.clear()
        asked = operator._parser().parse_args(["business", *words, "--stage", stage])
        return business.run(
            asked, HERE, TODAY, self.said.append, ran, lambda name, _: self.shelf.store(name)
        )

    @property
    def published(self) -> dict[str, str]:
        told = json.loads(self.shelf.objects[POINTER][0])["businesses"]
        return {key: entry["text"] for key, entry in told.items()}


@pytest.fixture
def owner(tmp_path: Path) -> Owner:
    return Owner(tmp_path)


def test_a_good_file_is_said_to_be_good_by_path_or_by_id(owner: Owner) -> None:
    assert owner.does("check", owner.file(REAL)) == 0
    assert owner.said == [f"coolcare_hvac: good, version {version_of(REAL)}"]
    assert owner.does("check", "coolcare_hvac") == 0
    assert owner.does("check") == 0
    assert len([line for line in owner.said if "good" in line]) == 5


@pytest.mark.parametrize("act", ["check", "draft", "publish", "diff"])
def test_a_fault_is_told_the_same_by_every_command_and_nothing_is_kept(
    owner: Owner, act: str
) -> None:
    wrong = owner.file(REAL.replace("max_slots = 2", "max_slot = 2"))
    with pytest.raises(
        CannotTell, match=r"draft\.toml: line 11: max_slot is no field .* max_slots"
    ):
        owner.does(act, wrong)
    assert owner.shelf.objects == {} and owner.ran == []


def test_what_is_odd_is_said_and_published_all_the_same(owner: Owner) -> None:
    owner.does("publish", owner.file(REAL.replace("[8, 10,", "[7, 10,")))
    assert any("window_starts: the window from 7:00" in line for line in owner.said)
    assert "coolcare_hvac" in owner.published


def test_publishing_puts_the_file_in_force_and_sets_the_numbers(owner: Owner) -> None:
    assert owner.does("publish", owner.file(REAL)) == 0
    assert owner.published == {"coolcare_hvac": REAL}
    assert owner.ran == [
        ["infra.ops.connect", "--stage", "dev", "--business", "coolcare_hvac", "--apply"]
    ]


def test_who_publishes_hears_which_secrets_the_file_names(owner: Owner) -> None:
    named = owner.file(f'{REAL}\n[integrations]\nfeed = "feed-key"\n')
    owner.does("publish", named)
    assert owner.said[-1].startswith("coolcare_hvac: it names feed-key: `make secrets STAGE=dev`")
    owner.does("publish", named, stage="local")
    assert "make secrets" not in "".join(owner.said)


def test_a_number_that_could_not_be_set_is_the_commands_end(owner: Owner) -> None:
    owner.status = 1
    assert owner.does("publish", owner.file(REAL)) == 1
    assert owner.published == {"coolcare_hvac": REAL}
    owner.status = 0
    assert owner.does("publish", owner.file(REAL)) == 0  # run again, the rest is done
    assert "in force already" in owner.said[0]
    assert len(owner.ran) == 2


def test_a_laptop_has_no_numbers_to_set(owner: Owner) -> None:
    owner.does("publish", owner.file(REAL), stage="local")
    assert owner.ran == []


def test_the_version_before_comes_back_and_goes_again(owner: Owner) -> None:
    newer = REAL.replace("max_slots = 2", "max_slots = 4")
    owner.does("publish", owner.file(REAL))
    owner.does("publish", owner.file(newer))
    owner.ran.clear()
    assert owner.does("rollback", "coolcare_hvac") == 0
    assert owner.published == {"coolcare_hvac": REAL}
    assert owner.ran  # its numbers are those of that version
    owner.does("rollback", "coolcare_hvac")
    assert owner.published == {"coolcare_hvac": newer}


def test_the_first_version_published_can_be_taken_back_to_the_deployed_one(owner: Owner) -> None:
    owner.does("publish", owner.file(REAL))
    owner.does("rollback", "coolcare_hvac")
    assert owner.published == {"coolcare_hvac": OLD}


def test_what_cannot_be_taken_back_is_said(owner: Owner) -> None:
    with pytest.raises(CannotTell, match="coolcare_hvac is not published in dev; none is"):
        owner.does("rollback", "coolcare_hvac")
    mine = REAL.replace('id = "coolcare_hvac"', 'id = "mine"')
    owner.does("publish", owner.file(mine))
    with pytest.raises(CannotTell, match="no version before"):
        owner.does("rollback", "mine")


def test_two_owners_who_publish_at_once_both_do(owner: Owner) -> None:
    mine = REAL.replace('id = "coolcare_hvac"', 'id = "mine"').replace("4440100", "4440101")
    other = owner.file(mine, "other.toml")
    owner.shelf.before_put = lambda: owner.does("publish", other)
    owner.does("publish", owner.file(REAL))
    assert owner.published == {"coolcare_hvac": REAL, "mine": mine}


@pytest.mark.parametrize("act", ["publish", "draft"])
def test_nobody_publishes_anothers_number(owner: Owner, act: str) -> None:
    mine = OLD.replace('id = "coolcare_hvac"', 'id = "mine"')
    with pytest.raises(CannotTell, match=r"numbers: \+19375550100 is coolcare_hvac's already"):
        owner.does(act, owner.file(mine))
    assert POINTER not in owner.shelf.objects


def test_a_draft_is_kept_and_rung_and_in_force_for_nobody(owner: Owner) -> None:
    owner.status = 3
    assert owner.does("draft", owner.file(REAL)) == 3
    assert list(owner.shelf.objects) == [f"versions/coolcare_hvac/{version_of(REAL)}.toml"]
    named = f"coolcare_hvac@{version_of(REAL)}"
    assert owner.ran == [
        ["services.simulator", "smoke", "--stage", "dev", "--draft", named, *NUMBER]
    ]


def test_the_difference_is_what_publishing_would_change(owner: Owner) -> None:
    owner.does("diff", owner.file(REAL))
    assert "-max_slots = 3" in owner.said and "+max_slots = 2" in owner.said
    owner.does("publish", owner.file(REAL))
    owner.does("diff", owner.file(REAL))
    assert owner.said == [f"{owner.folder / 'draft.toml'} is what is in force in dev"]


def test_the_list_tells_what_is_published_and_what_is_as_deployed(owner: Owner) -> None:
    owner.does("publish", owner.file(REAL))
    owner.does("publish", owner.file(OLD))
    owner.does("list")
    told = [" ".join(line.split()) for line in owner.said]
    assert f"coolcare_hvac {version_of(OLD)} published" in told
    assert f"{version_of(OLD)} kept 2026-01-01 00:03 UTC, in force" in told
    assert f"{version_of(REAL)} kept 2026-01-01 00:01 UTC, the one before" in told
    assert any(line.endswith("as deployed, never published") for line in told)


def test_what_is_missing_is_asked_for(owner: Owner) -> None:
    with pytest.raises(CannotTell, match="publish what"):
        owner.does("publish")
    with pytest.raises(CannotTell, match="name a stage"):
        owner.does("list", stage="")
    with pytest.raises(CannotTell, match=r"nobody: cannot be read.*coolcare_hvac"):
        owner.does("check", "nobody")


def test_a_pointer_that_is_none_is_not_written_over(owner: Owner) -> None:
    owner.shelf.put_object(Bucket="", Key=POINTER, Body=b"{}")
    with pytest.raises(CannotTell, match=r"current\.json is no pointer"):
        owner.does("publish", owner.file(REAL))
