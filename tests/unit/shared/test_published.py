"""Which text of a business's file is in force, and which a call began with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.incoming import phone_numbers
from shared import businesses, published
from shared.businesses import BadBusiness, by_id
from shared.published import BadPointer, BusinessFile, read_pointer, version_of, write_pointer
from tests.examples import BUSINESSES

OLD = (BUSINESSES / "coolcare_hvac.toml").read_text()
NEW = OLD.replace("+19375550191", "+19375550192").replace("max_slots = 3", "max_slots = 2")
OLDER = OLD.replace("max_slots = 3", "max_slots = 1")
BAD = OLD.replace("max_slots", "max_slot")


@pytest.fixture(autouse=True)
def nothing_published() -> Iterator[None]:
    published.forget()
    yield
    published.forget()


def publish(text: str, before: str | None = None) -> None:
    file = BusinessFile("coolcare_hvac", text, before, is_published=True)
    published.use({"coolcare_hvac": file})


def test_what_was_published_wins_and_the_folder_has_the_others() -> None:
    deployed = businesses.all_businesses()
    publish(NEW)
    now = businesses.all_businesses()
    assert now["coolcare_hvac"].max_slots == 2
    assert now["coolcare_hvac"].version == version_of(NEW)
    assert now.keys() == deployed.keys()
    assert businesses.all_businesses() is now
    published.use({})
    assert businesses.all_businesses()["coolcare_hvac"].max_slots == 3


def test_both_readers_of_the_files_see_the_same() -> None:
    publish(NEW)
    line = phone_numbers.dialled("+19375550100")
    assert line is not None
    assert (line.on_call, line.version) == (("+19375550192",), version_of(NEW))
    assert line.is_published


def test_a_call_keeps_the_version_it_began_with() -> None:
    publish(NEW, before=OLD)
    began = by_id("coolcare_hvac", version_of(OLD))
    assert began is not None and began.max_slots == 3
    line = phone_numbers.as_of(phone_numbers.of_business("coolcare_hvac"), version_of(OLD))
    assert line is not None and line.on_call == ("+19375550191",)


def test_a_version_further_back_is_fetched_once() -> None:
    asked = list[tuple[str, str]]()

    def fetch(business_id: str, version: str) -> str | None:
        asked.append((business_id, version))
        return OLDER

    published.fetch_with(fetch)
    publish(NEW)
    for _ in range(2):
        found = by_id("coolcare_hvac", version_of(OLDER))
        assert found is not None and found.max_slots == 1
    assert asked == [("coolcare_hvac", version_of(OLDER))]


@pytest.mark.parametrize("answer", [None, "another text"])
def test_a_version_that_is_not_to_be_had_is_the_one_in_force(answer: str | None) -> None:
    published.fetch_with(lambda _id, _version: answer)
    publish(NEW)
    found = by_id("coolcare_hvac", version_of(OLD + "\n"))
    assert found is not None and found.version == version_of(NEW)
    line = phone_numbers.as_of(phone_numbers.of_business("coolcare_hvac"), version_of(OLD))
    assert line is not None and line.version == version_of(NEW)


def test_a_published_text_that_is_no_good_gives_way_to_the_one_before() -> None:
    publish(BAD, before=OLD)
    found = by_id("coolcare_hvac")
    assert found is not None and found.version == version_of(OLD)
    assert businesses.unusable() == ("coolcare_hvac",)
    publish("no toml", before=OLD)
    line = phone_numbers.of_business("coolcare_hvac")
    assert line is not None and line.version == version_of(OLD)


def test_a_bad_text_without_one_before_leaves_the_others_answered() -> None:
    publish(BAD)
    assert by_id("coolcare_hvac") is None
    assert by_id("clearflow_plumbing") is not None
    publish("no toml")
    assert phone_numbers.of_business("coolcare_hvac") is None
    assert phone_numbers.of_business("clearflow_plumbing") is not None


def test_the_pointer_is_read_as_it_was_written() -> None:
    files = {"a": BusinessFile("a", "x = 'é'", "y", is_published=True)}
    assert read_pointer(write_pointer(files)) == files


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"\xff", b'{"businesses": []}', b'{"businesses": {"a": {}}}'),
        *(b'{"businesses": {"a": 1}}', b'{"businesses": {"a": {"text": 1}}}'),
    ],
)
def test_what_is_no_pointer_is_refused(data: bytes) -> None:
    with pytest.raises(BadPointer):
        read_pointer(data)


def test_a_bad_file_of_the_folder_stops_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "coolcare_hvac.toml").write_text(BAD)
    monkeypatch.setenv("BUSINESSES_DIR", str(tmp_path))
    with pytest.raises(BadBusiness, match="max_slot is no field"):
        businesses.all_businesses()
