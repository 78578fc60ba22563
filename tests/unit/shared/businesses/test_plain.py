"""Wrong business files, as owners write them: each is told in their words, with its line."""

from pathlib import Path

import pytest

from shared.businesses import BadBusiness, load, parse
from shared.businesses.plain import SHAPES
from shared.domain.business import Business
from tests.examples import BUSINESSES

GOOD = (BUSINESSES / "coolcare_hvac.toml").read_text()

TOPIC = '[topics.billing]\nlabel = "bills"\nnumbers = ["+19375550193"]\nhours = {}\n\n[policy]'
WRONG = [
    ('mon = ["08:00", "18:00"]', 'mon = ["9am", "6pm"]', 'hours.mon: "9am" is no time like 08:00'),
    (
        'mon = ["08:00", "18:00"]',
        'mon = ["9:00", "18:00"]',
        '"9:00" is no time like 08:00',
    ),
    ('mon = ["08:00", "18:00"]', 'mon = ["08:00", "25:00"]', 'hours.mon: "25:00" is no time'),
    (
        'mon = ["08:00", "18:00"]',
        'mon = "08:00-18:00"',
        "hours.mon: hours are two times in brackets",
    ),
    ('mon = ["08:00", "18:00"]', 'mon = ["08:00", "12:00", "13:00"]', "hours.mon: hours are two"),
    (
        'mon = ["08:00", "18:00"]',
        'mon = ["08:00", "13:00", "12:00", "17:00"]',
        "hours.mon: the times of a day must rise",
    ),
    ('mon = ["08:00", "18:00"]', 'monday = ["08:00", "18:00"]', 'hours.monday: "monday" is not'),
    (
        "holidays = [2025-09-01,",
        'holidays = ["Christmas",',
        'holidays (entry 1): "Christmas" is no',
    ),
    ("2025-09-01", '"09-01"', 'holidays (entry 1): "09-01" is no date like 2026-12-25'),
    (
        "window_starts =",
        'yearly_holidays = ["5th of never"]\nwindow_starts =',
        'yearly_holidays (entry 1): "5th of never" is no day of every year',
    ),
    ('crews = ["crew-1"]', 'crews = ["José"]', 'crews (entry 1): "José" is not a name of letters'),
    ('crews = ["crew-1"]', 'crews = "crew-1"', 'crews: "crew-1" is not a list in brackets'),
    ('crews = ["crew-1"]', "crews = []", "crews: is empty: it needs at least one"),
    (
        "max_slots = 3",
        "max_slot = 3",
        "max_slot is no field of a business file: did you mean max_s",
    ),
    ("max_slots = 3", "", "max_slots is missing; for example: max_slots = 3"),
    ("max_slots = 3", "max_slots = 11", "max_slots: 11 is outside: it must be 10 or less"),
    ("max_slots = 3", "max_slots = 2.5", "max_slots: 2.5 is not a whole number, like 3"),
    ("max_slots = 3", 'max_slots = "three"', 'max_slots: "three" is not a whole number'),
    ("lead_minutes = 90\nserv", "lead_minutes = -5\nserv", "lead_minutes: -5 is outside"),
    ("window_starts = [8,", 'window_starts = ["8 am",', 'window_starts (entry 1): "8 am" is not a'),
    ("window_starts = [8,", "window_starts = [24,", "window_starts (entry 1): 24 is outside"),
    (
        "window_starts = [8,",
        "window_starts_on = { sat = [11, 9] }\nwindow_starts = [8,",
        "window_starts_on.sat must rise",
    ),
    ("max_slots = 3", "max_slots = 3\nwindow_hours = 6", "window_hours: 6 is outside"),
    ("max_slots = 3", 'max_slots = 3\nvoice = "bob"', 'voice: "bob" is not one of'),
    ('"45501",', "45501,", 'service_zips (entry 1): 45501 has to stand in quotes: "45501"'),
    ('"45501",', '"4550",', 'service_zips (entry 1): "4550" is not a ZIP code of five digits'),
    (
        '"Springfield, OH"',
        '"Springfield Ohio"',
        "is not a town and its state, like Springfield, OH",
    ),
    ("+19375550190", "937-555-0190", 'office: "937-555-0190" is not a number like +19375550190'),
    ("visit = 165", 'visit = "$165"', 'card.services.repair.visit: "$165" is no number like 165'),
    ("visit = 165", "", "card.services.repair.visit is missing; for example: visit = 165"),
    ("visit = 165", "vist = 165", "card.services.repair.vist is no field of a business file: did"),
    ('deposit_share = "0.25"', 'deposit_share = "25%"', 'card.deposit_share: "25%" is no number'),
    (
        'deposit_share = "0.25"',
        'deposit_share = "25"',
        'card.deposit_share: "25" is outside: it must',
    ),
    (
        'deposit_share = "0.25"',
        'deposit_share = "0.25"\ndeposit = "sometimes"',
        'card.deposit: "sometimes" is not one of',
    ),
    ('trade = "hvac"', 'trade = "Garage Doors"', 'trade: "Garage Doors" is not a trade in small'),
    ('trade = "hvac"', 'trade = "garage_doors"', "it needs wording.danger_question"),
    ("[recording]\nkeep_days = 30", 'recording = "yes"', "policy.recording is no field"),
    ("[card.services.repair]", "[card.service.repair]", "card.service is no field of a business"),
    ('name = "CoolCare HVAC"', 'name = "CoolCare HVAC "', 'name: "CoolCare HVAC " is not words on'),
    ('mon = ["08:00", "18:00"]', 'mon = "closed"', "a day that is closed is not named"),
    ('mon = ["08:00", "18:00"]', "mon = [8, 18]", 'hours.mon: "8" is no time like 08:00'),
    ('mon = ["08:00", "18:00"]', 'mon = ["24:00", "08:00"]', '"24:00" is the end of a day'),
    ('"+19375550191"', '"911"', 'on_call (entry 1): "911" is not a number like +19375550190'),
    ('"+19375550191"', '"+19005550191"', 'on_call (entry 1): "+19005550191" costs whoever calls'),
    ('office = "+19375550190"', "office = 19375550190", "19375550190 has to stand in quotes"),
    ('crews = ["crew-1"]', 'crews = ["a", "a"]', "line 10: crews has a name twice"),
    ("[8, 10, 12, 14, 16]", "[16, 8]", "line 9: window_starts must rise"),
    ("+19375550190", "+19375550100", "line 4: numbers: +19375550100 is rung, too"),
    ("America/New_York", "Eastern", 'time_zone: "Eastern" is no time zone like America/New_York'),
    ("[policy]", "[polices]", "polices is no field of a business file: did you mean"),
    ("keep_days = 30", "keep_days = 30\nmax_slots = 3", "stands at the top of the file, above"),
    (
        'words = ["attic", "crawl space", "rooftop"]',
        "words = []",
        "card.kinds (entry 2).words: is empty",
    ),
    (
        "[policy]",
        TOPIC.format('"by day"'),
        'topics.billing.hours: "by day" may not stand here; for example: hours = "always"',
    ),
    (
        "[policy]",
        '[topics.billing]\nlabel = "bills"\nnumbers = ["+19375550193"]\n'
        'hours = { mon = ["9", "17:00"] }\n\n[policy]',
        'topics.billing.hours.mon: "9" is no time like 08:00',
    ),
    (
        "[policy]",
        '[integrations.webhooks]\nname = "a"\nsecret = "k"\n\n[policy]',
        "its heading has two brackets, one for each: [[integrations.webhooks]]",
    ),
    ("keep_days = 30", "keep_days = 0", "recording.keep_days: 0 is outside: it must be 1 or more"),
]


@pytest.mark.parametrize(("found", "replaced", "told"), WRONG)
def test_a_fault_is_told_in_the_owners_words(
    tmp_path: Path, found: str, replaced: str, told: str
) -> None:
    assert found in GOOD
    file = tmp_path / "coolcare_hvac.toml"
    file.write_text(GOOD.replace(found, replaced, 1))
    with pytest.raises(BadBusiness) as bad:
        load(file)
    lines = str(bad.value).splitlines()
    assert all(line.startswith("coolcare_hvac.toml: ") for line in lines)
    assert any(told in line for line in lines), lines
    assert not any(word in str(bad.value) for word in ("Value error", "validation", "Tuple"))


def test_all_faults_are_told_at_once_each_with_its_line() -> None:
    text = GOOD.replace("max_slots = 3", "max_slots = 99").replace("visit = 165", "visit = -1", 1)
    with pytest.raises(BadBusiness) as bad:
        parse(text, "mine.toml")
    first, second = str(bad.value).splitlines()
    assert first.startswith("mine.toml: line 11: max_slots: 99 is outside")
    number = text.splitlines().index("visit = -1") + 1
    assert second.startswith(f"mine.toml: line {number}: card.services.repair.visit")


@pytest.mark.parametrize(
    ("found", "replaced"),
    [
        ("max_slots", "max_slot"),
        ('crews = ["crew-1"]', 'crews = ["Team 1"]'),  # nor is the list told as too short
        ("[8, 10, 12, 14, 16]", '["08:00"]'),
    ],
)
def test_one_mistake_is_told_once(found: str, replaced: str) -> None:
    with pytest.raises(BadBusiness) as bad:
        parse(GOOD.replace(found, replaced), "mine.toml")
    assert len(str(bad.value).splitlines()) == 1


def test_a_field_below_the_wrong_heading_is_not_told_as_missing_too() -> None:
    moved = GOOD.replace("max_slots = 3\n", "").replace("[recording]", "[recording]\nmax_slots = 3")
    with pytest.raises(BadBusiness, match=r"recording\.max_slots is no field") as bad:
        parse(moved, "mine.toml")
    assert len(str(bad.value).splitlines()) == 1


def test_a_text_of_windows_is_read_as_well() -> None:
    assert parse("\ufeff" + GOOD.replace("\n", "\r\n"), "mine.toml").id == "coolcare_hvac"


def test_every_shape_a_value_may_have_is_told_in_words() -> None:
    def patterns(schema: object) -> set[str]:
        if isinstance(schema, dict):
            own = {str(schema["pattern"])} if isinstance(schema.get("pattern"), str) else set()
            return own.union(*(patterns(each) for each in schema.values()))
        return set().union(*map(patterns, schema)) if isinstance(schema, list) else set()

    # A number is told by its own check; JSON's patterns of it are pydantic's.
    ours = {p for p in patterns(Business.model_json_schema()) if "(?!" not in p}
    assert ours <= set(SHAPES)
