"""Only a crew that can do the job is offered: its trade, its hours, its days off, and free."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.businesses import BadBusiness, load
from shared.domain.business import Business
from shared.domain.calendar.scheduling import find, offerable, still_free
from shared.domain.errors import WindowNotOffered, WindowTaken
from shared.domain.fields import DAYS
from shared.domain.models import Hold
from tests.examples import BUSINESSES
from tests.examples import EVERGREEN as FILE

EVERGREEN = load(FILE)
ONE_TRADE = (BUSINESSES / "coolcare_hvac.toml").read_text()
NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)  # a Thursday, 19:12 in Columbus
HOUR = timedelta(hours=1)


def crews_at(start: str, service: str, held: set[Hold] | None = None) -> tuple[str, ...]:
    """Who may be sent at a local time, to a caller who rings on Thursday evening."""
    at = datetime.fromisoformat(f"{start}-04:00")
    slots = offerable(EVERGREEN, held or set(), NOW, service=service, is_emergency=True)
    return next((slot.crews for slot in slots if slot.window.start == at), ())


# -- the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "replaced", "named"),
    [
        ("[crew.ana]", "[crew.anna]", "crew.anna: crews has no such name; it has ana, ben"),
        (
            '[crew.gus]\ntrades = ["hvac"]',
            '[crew.gus]\ntrades = ["electrical"]',
            "crew.gus.trades: electrical is no trade of this business, plumbing and hvac is",
        ),
        (
            '[crew.gus]\ntrades = ["hvac"]',
            '[crew.gus]\ntrades = ["roofing"]',
            "crew.gus.trades: roofing",
        ),
        (
            '[card.services.repipe]\ntrade = "plumbing"',
            "[card.services.repipe]",
            "card.services.repipe: say its trade, one of plumbing and hvac",
        ),
        (
            '[card.services.repipe]\ntrade = "plumbing"',
            '[card.services.repipe]\ntrade = "electrical"',
            "card.services.repipe.trade: electrical is no trade of this business",
        ),
        ("hours = 4", "hours = 0", "card.services.water_heater.hours"),
        ("hours = 4", "hours = 13", "card.services.water_heater.hours"),
        ('more_trades = ["hvac"]', 'more_trades = ["plumbing"]', "more_trades names a trade twice"),
        (
            'more_trades = ["hvac"]',
            'more_trades = ["hvac", "electrical"]',
            "more_trades: card.services has nothing of electrical",
        ),
        ("days_off = [2025-08-30]", 'days_off = ["soon"]', "crew.kim.days_off (entry 1)"),
        (
            'hours = { sat = ["09:00", "15:00"] }',
            'hours = { mon = ["08:00", "9:00"] }',
            "crew.fay.hours.mon",
        ),
        (
            'hours = { sat = ["09:00", "15:00"] }',
            'hours = { sat = ["15:00", "09:00"], sun = ["08:00", "10:00"] }',
            "crew.fay: hours.sat closes before it opens",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    tmp_path: Path, found: str, replaced: str, named: str
) -> None:
    text = FILE.read_text()
    assert found in text
    wrong = tmp_path / FILE.name
    wrong.write_text(text.replace(found, replaced, 1))
    with pytest.raises(BadBusiness) as told:
        load(wrong)
    assert named in str(told.value)
    assert "\n" not in str(told.value)


def test_each_of_several_faults_has_a_line(tmp_path: Path) -> None:
    text = FILE.read_text().replace("[crew.gus]", "[crew.gusx]")
    wrong = tmp_path / FILE.name
    wrong.write_text(
        text.replace('[card.services.repipe]\ntrade = "plumbing"', "[card.services.repipe]")
    )
    with pytest.raises(BadBusiness) as told:
        load(wrong)
    first, second = str(told.value).splitlines()
    assert "crew.gusx: crews has no such name" in first
    assert "card.services.repipe: say its trade" in second


def test_a_service_that_nobody_can_do_is_told_when_the_file_is_read(tmp_path: Path) -> None:
    """It would never be offered, and nobody would know why."""
    wrong = tmp_path / "coolcare_hvac.toml"
    alone = '\n[crew.crew-1]\nhours = { mon = ["08:00", "12:00"], tue = ["12:00", "16:00"] }\n'
    wrong.write_text(ONE_TRADE.replace("high = 800", "high = 800\nhours = 5") + alone)
    with pytest.raises(BadBusiness, match="repair: no hvac crew works 5 hours on end"):
        load(wrong)
    plumber = '\n[crew.crew-1]\ntrades = ["plumbing"]\n'
    both = ONE_TRADE.replace('trade = "hvac"', 'trade = "hvac"\nmore_trades = ["plumbing"]')
    both = both.replace("high = 800", 'high = 800\ntrade = "hvac"')
    wrong.write_text(both.replace("high = 250", 'high = 250\ntrade = "plumbing"') + plumber)
    with pytest.raises(BadBusiness, match="repair: no crew does hvac"):
        load(wrong)


def test_a_break_ends_a_shift(tmp_path: Path) -> None:
    file = tmp_path / "coolcare_hvac.toml"
    day = '\n[crew.crew-1]\nhours = { mon = ["08:00", "12:00", "13:00", "17:00"] }\n'
    file.write_text(ONE_TRADE.replace("high = 800", "high = 800\nhours = 5") + day)
    with pytest.raises(BadBusiness, match="no hvac crew works 5 hours on end"):
        load(file)


def test_a_shift_goes_on_in_the_next_day_s(tmp_path: Path) -> None:
    night = '\n[crew.crew-1]\nhours = { mon = ["20:00", "24:00"], tue = ["00:00", "04:00"] }\n'
    file = tmp_path / "coolcare_hvac.toml"
    file.write_text(ONE_TRADE.replace("high = 800", "high = 800\nhours = 8") + night)
    assert load(file).work("repair").hours == 8


def test_a_file_of_one_trade_is_what_it_was() -> None:
    business = Business.model_validate(tomllib.loads(ONE_TRADE))
    assert business.trades == ("hvac",)
    work = business.work("repair")
    assert (work.trade, work.hours) == ("hvac", 2)
    assert business.crews_for("repair") == business.crews_for("no such service") == ("crew-1",)


# -- who is offered -------------------------------------------------------------------------------


def test_only_the_crews_of_the_trade_are_offered() -> None:
    assert crews_at("2025-08-29T07:00", "plumbing_repair") == ("ben", "eli", "jo", "kim")
    assert crews_at("2025-08-29T07:00", "hvac_repair") == ("gus", "jo", "kim")


def test_a_long_job_is_offered_only_where_a_crew_works_to_its_end() -> None:
    assert crews_at("2025-08-29T11:00", "plumbing_repair") == ("ben", "carlos", "eli", "jo", "kim")
    # Ben goes home at three: he can begin eight hours at seven, and none later.
    assert "ben" in crews_at("2025-08-29T07:00", "repipe")
    assert crews_at("2025-08-29T11:00", "repipe") == ("carlos", "eli", "jo", "kim")
    assert crews_at("2025-08-29T13:00", "repipe") == ("kim",)


def test_nobody_is_sent_on_a_day_off() -> None:
    assert "ana" not in crews_at("2025-08-29T09:00", "plumbing_repair")
    assert "ana" in crews_at("2025-09-05T09:00", "plumbing_repair")
    # Kim has Saturday off: a long job of Friday's must not run into it.
    assert "kim" in crews_at("2025-08-29T17:00", "plumbing_repair")
    assert "kim" not in crews_at("2025-08-29T17:00", "repipe")


def test_at_night_comes_who_works_at_night() -> None:
    assert crews_at("2025-08-28T21:00", "plumbing_repair") == ("kim", "night-van")


def test_a_crew_is_held_for_the_whole_job() -> None:
    eleven = datetime(2025, 8, 29, 15, tzinfo=UTC)
    for hour in range(8):
        held: set[Hold] = {("eli", eleven + hour * HOUR)}
        assert "eli" not in crews_at("2025-08-29T11:00", "repipe", held)
        assert ("eli" in crews_at("2025-08-29T11:00", "plumbing_repair", held)) is (hour >= 2)


def test_a_window_that_no_crew_of_the_trade_is_left_for_is_taken() -> None:
    start = datetime.fromisoformat("2025-08-29T07:00:00-04:00")
    held: set[Hold] = {(crew, start.astimezone(UTC)) for crew in ("gus", "jo", "kim")}
    with pytest.raises(WindowTaken):
        find(EVERGREEN, held, NOW, start, service="hvac_repair", is_emergency=False)
    plumbing = find(EVERGREEN, held, NOW, start, service="plumbing_repair", is_emergency=False)
    assert plumbing.crews == ("ben", "eli")
    with pytest.raises(WindowTaken):
        still_free(EVERGREEN, held, plumbing.window, service="hvac_repair")


def test_a_window_in_which_no_crew_of_the_trade_works_is_none_of_ours() -> None:
    saturday = datetime.fromisoformat("2025-08-30T11:00:00-04:00")
    with pytest.raises(WindowNotOffered):
        find(EVERGREEN, set(), NOW, saturday, service="repipe", is_emergency=False)


# -- whatever the file says -----------------------------------------------------------------------

TRADES = ("hvac", "plumbing", "electrical")
NAMES = ("a", "b", "c", "d")


def text_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    """What is so of one crew: shifts that may go over midnight, to before the next day's begin."""
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["trades"] = draw(st.lists(st.sampled_from(TRADES), min_size=1, unique=True))
    if draw(st.booleans()):
        hours = {}
        for day in DAYS:
            if draw(st.integers(0, 3)):
                opens = 30 * draw(st.integers(0, 24))
                hours[day] = [text_of(opens), text_of(min(opens + 60 * draw(WORKED), 24 * 60))]
        over = draw(st.sampled_from(DAYS))
        if not {DAYS[(DAYS.index(over) + 1) % 7]} & hours.keys():
            hours[over] = ["16:00", text_of(30 * draw(st.integers(1, 20)))]
        found["hours"] = hours
    found["days_off"] = draw(st.lists(st.dates(date(2025, 10, 29), date(2025, 11, 9)), max_size=4))
    return found


WORKED = st.integers(1, 12)


@st.composite
def companies(draw: st.DrawFn) -> Business:
    """Any business of three trades: one crew does each of them at any time."""
    raw = tomllib.loads(ONE_TRADE)
    raw |= {
        "trade": "hvac",
        "more_trades": ["plumbing", "electrical"],
        "crews": [*NAMES, "all"],
        "crew": {name: draw(terms()) for name in NAMES},
        "window_starts": sorted(draw(st.sets(st.integers(0, 23), min_size=1, max_size=6))),
        "hours": {day: ["00:00", "24:00"] for day in DAYS},
        "holidays": [],
    }
    line = raw["card"]["services"]["repair"]
    raw["card"]["services"] = {
        f"{trade}_{hours}": {**line, "trade": trade, "hours": hours}
        for trade, hours in zip(TRADES, draw(st.tuples(*[st.integers(2, 12)] * 3)), strict=True)
    }
    return Business.model_validate(raw)


def works_by_the_file(business: Business, crew: str, at: datetime) -> bool:
    """The crew's terms read for one minute, the slow and plain way."""
    terms, local = business.crew.get(crew), business.local(at)
    if terms is None:
        return True
    if local.date() in terms.days_off:
        return False
    if terms.hours is None:
        return True
    for back in (0, 1):
        shift = terms.hours.get(DAYS[(local.date() - timedelta(days=back)).weekday()])
        minute = local.hour * 60 + local.minute + back * 24 * 60
        if shift and shift.opens <= minute < shift.closes:
            return True
    return False


# Around the night in which the clocks go back.
instants = st.datetimes(datetime(2025, 10, 29), datetime(2025, 11, 5), timezones=st.just(UTC))
holds = st.sets(
    st.tuples(
        st.sampled_from((*NAMES, "all")),
        st.integers(0, 14 * 24).map(lambda n: datetime(2025, 10, 29, tzinfo=UTC) + n * HOUR),
    ),
    max_size=60,
)


@given(business=companies(), now=instants, held=holds, emergency=st.booleans())
def test_no_crew_is_ever_offered_outside_its_trade_hours_or_days_or_while_it_is_held(
    business: Business, now: datetime, held: set[Hold], emergency: bool
) -> None:
    for service in business.card.services:
        work = business.work(service)
        slots = offerable(business, held, now, service=service, is_emergency=emergency, days=4)
        for slot in slots:
            start = slot.window.start.astimezone(UTC)
            minutes = (*range(0, 60 * work.hours, 13), 60 * work.hours - 1)
            for crew in slot.crews:
                terms = business.crew.get(crew)
                assert terms is None or not terms.trades or work.trade in terms.trades
                assert all(
                    works_by_the_file(business, crew, start + timedelta(minutes=n)) for n in minutes
                )
                assert not held & {(crew, start + n * HOUR) for n in range(work.hours)}


@given(business=companies(), now=instants, picks=st.lists(st.integers(0, 99), max_size=12))
def test_jobs_booked_one_after_the_other_never_share_a_crew_s_minute(
    business: Business, now: datetime, picks: list[int]
) -> None:
    held: set[Hold] = set()
    done: dict[str, list[tuple[datetime, datetime]]] = {}
    for pick in picks:
        service = list(business.card.services)[pick % 3]
        slots = offerable(business, held, now, service=service, is_emergency=False, days=4)
        if not slots:
            continue
        slot = slots[pick % len(slots)]
        crew, hours = slot.crews[pick % len(slot.crews)], business.work(service).hours
        begins = slot.window.start.astimezone(UTC)
        ends = begins + hours * HOUR
        for other_begins, other_ends in done.get(crew, []):
            assert ends <= other_begins or other_ends <= begins
        done.setdefault(crew, []).append((begins, ends))
        held |= {(crew, begins + n * HOUR) for n in range(hours)}
