"""What a business file may say; a bad one is told by file, field and reason."""

from pathlib import Path

import pytest

from shared.businesses import BadBusiness, load, load_all
from tests.examples import BUSINESSES

GOOD = (BUSINESSES / "coolcare_hvac.toml").read_text()


def in_folder(folder: Path, *texts: str) -> Path:
    for n, text in enumerate(texts):
        name = "coolcare_hvac" if n == 0 else f"other_{n}"
        (folder / f"{name}.toml").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("found", "replaced", "named"),
    [
        ('trade = "hvac"', 'trade = "roofing"', "trade"),
        ('numbers = ["+19375550100"]', 'numbers = ["937"]', r"numbers \(entry 1\).*not a number"),
        (
            'on_call = ["+19375550191"]',
            'on_call = ["+19115550191"]',
            r"on_call \(entry 1\).*emergency",
        ),
        ('on_call = ["+19375550191"]', 'on_call = ["911"]', r"on_call \(entry 1\).*not a number"),
        ('office = "+19375550190"', 'office = "+19375550100"', "in a circle"),
        ("America/New_York", "America/Springfield", "time_zone.*no time zone like"),
        ('mon = ["08:00", "18:00"]', 'mon = ["18:00", "08:00"]', r"hours\.mon closes before"),
        ("low = 300", "low = 900", r"card\.services\.repair.*low is above high"),
        ('deposit_share = "0.25"', 'deposit_share = "25"', r"card\.deposit_share"),
        ("visit = 165", "visit = -1", r"card\.services\.repair\.visit"),
        ("max_slots = 3", "max_slots = 3\nslots = 4", "slots is no field of a business file"),
        ('crews = ["crew-1"]', 'crews = ["a", "a"]', "crews has a name twice"),
        ('trade = "hvac"', 'trade = "hvac"\ntexts = "off"', "needs office_email"),
        ('trade = "hvac"', 'trade = "hvac"\noffice_email = "x"', "office_email"),
        ("earliest = 6", "earliest = 22", "earliest is after latest"),
        ("AI scheduling", "virtual scheduling", r'wording.*must say "AI"'),
        ("this call is recorded", "we chat", 'calls are recorded, .*must say "recorded"'),
        ("[recording]\nkeep_days = 30", "", 'nothing is recorded, .*"written down"'),
        ("keep_days = 30", "keep_days = 0", r"recording\.keep_days"),
        ('id = "coolcare_hvac"', 'id = "coolcare"', "not the file's name"),
        ('id = "coolcare_hvac"', "id = ", "not TOML"),
        ("visit = 165", 'visit = "abc"', r"card\.services\.repair\.visit.*no number"),
        ("visit = 165", "visit = true", r"card\.services\.repair\.visit.*no number"),
        ("visit = 165", "visit = inf", r"card\.services\.repair\.visit.*no number"),
        ("visit = 165", "visit = [1]", r"card\.services\.repair\.visit.*no number"),
        ("visit = 165", "visit = 9e40", r"card\.services\.repair\.visit.*no price is above"),
        ('deposit_share = "0.25"', 'deposit_share = "a quarter"', r"card\.deposit_share"),
        ('deposit_share = "0.25"', 'deposit_share = "0"\ndeposit = "maybe"', r"card\.deposit"),
        (
            'complexity = "1.4"',
            'complexity = ""',
            r"card\.kinds \(entry 1\)\.complexity.*no number",
        ),
        ('mon = ["08:00"', 'mon = ["08:00+02:00"', r"hours\.mon.*without an offset"),
        (
            'mon = ["08:00", "18:00"]',
            'mon = ["00:00", "00:00"]',
            r'hours\.mon.*\["00:00", "24:00"\]',
        ),
        ('mon = ["08:00", "18:00"]', 'mon = ["08:00"]', r"hours\.mon.*two times"),
        ('mon = ["08:00", "18:00"]', 'mon = ["08:00", "24:30"]', r"hours\.mon.*no time"),
        ('mon = ["08:00", "18:00"]', 'mon = ["24:00", "24:00"]', r"hours\.mon.*end of a day"),
        ('mon = ["08:00", "18:00"]', 'mon = ["24:00", "08:00"]', r"hours\.mon.*end of a day"),
        ('mon = ["08:00", "18:00"]', 'mon = ["8", "18"]', r"hours\.mon.*no time"),
        (
            'mon = ["08:00", "18:00"]',
            'mon = ["17:00", "09:00"]',
            r"hours\.mon.*runs into hours\.tue",
        ),
        ('"America/New_York"', '"America"', "time_zone.*no time zone like"),
        ('"America/New_York"', f'"{"a" * 5000}"', "time_zone.*no time zone like"),
        ('office = "+19375550190"', 'office = "+00000000000"', r"office.*is not a number"),
        ('office = "+19375550190"', 'office = "+²³⁴⁵⁶⁷⁸⁹⁰"', r"office.*is not a number"),
        ('words = ["attic", ', 'words = ["", ', r"card\.kinds \(entry 2\)\.words \(entry 1\)"),
        ("window_starts = [8, 10,", "window_starts = [10, 8,", "window_starts must rise"),
        ('crews = ["crew-1"]', 'crews = ["crew#1"]', r"crews \(entry 1\)"),
        ('name = "CoolCare HVAC"', 'name = " "', "name"),
        ("[card.services.repair]", '[card.services.""]', r"card\.services"),
    ],
)
def test_a_wrong_field_is_named_with_its_file_and_the_reason(
    tmp_path: Path, found: str, replaced: str, named: str
) -> None:
    assert found in GOOD
    with pytest.raises(BadBusiness, match=rf"coolcare_hvac\.toml: .*{named}"):
        load_all(in_folder(tmp_path, GOOD.replace(found, replaced)))


@pytest.mark.parametrize(
    ("city", "state", "served"),
    [
        ("Springfield", "OH", True),
        ("springfield", "", True),
        ("", "OH", True),
        ("", "", True),
        ("St. Paris", "OH", True),
        ("Saint Paris", "OH", True),
        ("Springfield", "IL", False),
        ("Columbus", "OH", False),
        ("Columbus", "", False),
        ("", "KY", False),
    ],
)
def test_a_town_is_served_by_what_was_said_of_it(city: str, state: str, served: bool) -> None:
    business = load(BUSINESSES / "coolcare_hvac.toml")
    two = business.model_copy(update={"service_cities": ("Springfield, OH", "St Paris, OH")})
    assert two.serves_city(city, state) is served


@pytest.mark.parametrize(
    ("written", "opens", "closes"),
    [
        ('["00:00", "24:00"]', 0, 1440),
        ('["08:00", "00:00"]', 480, 1440),
        ('["17:00", "01:00"]', 1020, 1500),
        ('["08:30:00", "18:00"]', 510, 1080),
        ("[08:00:00, 18:00:00]", 480, 1080),
    ],
)
def test_hours_may_close_at_24_and_after_midnight(
    tmp_path: Path, written: str, opens: int, closes: int
) -> None:
    text = GOOD.replace('mon = ["08:00", "18:00"]', f"mon = {written}")
    hours = load_all(in_folder(tmp_path, text))["coolcare_hvac"].hours["mon"]
    assert (hours.opens, hours.closes) == (opens, closes)


def test_a_business_that_records_nothing_says_that_words_are_written_down(tmp_path: Path) -> None:
    text = GOOD.replace("[recording]\nkeep_days = 30", "")
    text = text.replace("this call is recorded", "our words are written down by an AI service")
    assert load_all(in_folder(tmp_path, text))["coolcare_hvac"].recording is None
