"""The measuring of addresses, on a few written by hand in the shapes of the data."""

import json
from pathlib import Path

import pytest

from tests.evals.addresses import labelled, listed, measure, reports
from tests.evals.report import Row


def _tagged(*words: str) -> str:
    """ "AddressNumber 12" is a tagged word; an address as the data has it."""
    tags = (word.split(" ", 1) for word in words)
    return (
        f"<AddressString>{' '.join(f'<{tag}>{text}</{tag}>' for tag, text in tags)}</AddressString>"
    )


_TOWN = ("PlaceName Springfield,", "StateName Ohio", "ZipCode 45501-1234")
TAGGED = (
    _tagged(
        "AddressNumber 12", "StreetNamePreDirectional N", "StreetName Elm",
        "StreetNamePostType Street,", "OccupancyType Apt", "OccupancyIdentifier 4,", *_TOWN,
    ),
    _tagged("AddressNumber 9", "StreetNamePreType Rte", "StreetName 41"),
    _tagged("USPSBoxType Box", "USPSBoxID 7"),
)  # fmt: skip
WHOLE = (
    _tagged("AddressNumber 12", "StreetName West", "StreetName Elm", "StreetName Street,", *_TOWN),
)
ROWS = [
    {"address1": "12 Elm Street", "address2": "Suite 4", "city": "Springfield", "state": "OH",
     "zip": "45501", "country": "USA"},
]  # fmt: skip


def _collected(strings: tuple[str, ...]) -> str:
    return f"<AddressCollection>{''.join(strings)}</AddressCollection>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "usaddress_tagged.xml").write_text(_collected(TAGGED))
    (tmp_path / "usaddress_whole.xml").write_text(_collected(WHOLE))
    (tmp_path / "shop_addresses.json").write_text(json.dumps(ROWS))
    return tmp_path


def test_every_part_of_these_is_read_right(folder: Path) -> None:
    tagged = measure(labelled(folder / "usaddress_tagged.xml"))
    assert (tagged.entries, tagged.share, tagged.misses) == (2, 1.0, [])
    assert sum(tagged.all.values()) == 10
    assert measure(labelled(folder / "usaddress_whole.xml")).share == 1.0
    assert measure(listed(folder / "shop_addresses.json")).share == 1.0


def test_a_part_made_up_is_as_wrong_as_one_missed(folder: Path) -> None:
    entries = listed(folder / "shop_addresses.json")
    entries[0].parts["city"] = ""
    score = measure(entries)
    assert (sum(score.all.values()) - sum(score.right.values()), len(score.misses)) == (1, 1)


def test_a_report_has_n_and_each_part(folder: Path) -> None:
    report = next(each for each in reports(folder) if "shop_addresses.json" in each.title)
    assert report.title.endswith("n 1")
    assert report.rows[0] == Row("parts", 6, 6)
    assert "number" in [row.name for row in report.rows]
