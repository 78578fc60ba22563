"""The committed business files are good, and every file is read or named as bad."""

from pathlib import Path

import pytest

from functions.incoming.phone_numbers import of_business
from shared import businesses, published
from shared.businesses import BadBusiness, all_businesses, by_id, load_all
from tests.examples import BUSINESSES

COMMITTED = Path(businesses.__file__).parent
GOOD = (BUSINESSES / "coolcare_hvac.toml").read_text()


def in_folder(folder: Path, *texts: str) -> Path:
    for n, text in enumerate(texts):
        name = "coolcare_hvac" if n == 0 else f"other_{n}"
        (folder / f"{name}.toml").write_text(text)
    return folder


def test_every_committed_file_is_good_and_all_of_them_together() -> None:
    assert set(load_all(COMMITTED)) == {path.stem for path in COMMITTED.glob("*.toml")}


def test_there_are_three_trades_each_found_by_its_id() -> None:
    assert {b.trade for b in all_businesses().values()} == {"hvac", "plumbing", "electrical"}
    for business in all_businesses().values():
        assert by_id(business.id) is business
    assert by_id("nobody") is None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {'["08:00", "18:00"]': '["00:00", "24:00"]'},
        {'fri = ["08:00", "18:00"]': 'fri = ["17:00", "01:00"]'},
        {"America/New_York": "America/Indiana/Knox", '"45501"': '"02139"'},
        {'on_call = ["+19375550191"]': ""},
        {"[recording]\nkeep_days = 30": "", "call is recorded": "call is written down"},
    ],
)
def test_the_answer_path_reads_of_a_file_what_the_check_reads(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    text = GOOD
    for found, replaced in changes.items():
        assert found in text
        text = text.replace(found, replaced)
    business = load_all(in_folder(tmp_path, text))["coolcare_hvac"]
    published.use({file.business_id: file for file in published.in_folder(tmp_path).values()})
    line = of_business("coolcare_hvac")
    published.forget()
    assert line is not None
    assert line.version == business.version
    assert (line.business_id, line.name, line.numbers, line.on_call) == (
        business.id,
        business.name,
        business.numbers,
        business.on_call or (business.office,),
    )
    assert line.is_recorded is (business.recording is not None)


def test_two_businesses_cannot_answer_one_number(tmp_path: Path) -> None:
    other = GOOD.replace('id = "coolcare_hvac"', 'id = "other_1"')
    with pytest.raises(BadBusiness, match=r"other_1\.toml: numbers: .* is coolcare_hvac's"):
        load_all(in_folder(tmp_path, GOOD, other))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(BadBusiness, match=r"folder\.toml: cannot be read"):
        load_all(tmp_path)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadBusiness, match="no business file"):
        load_all(tmp_path)
