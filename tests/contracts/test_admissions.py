"""What is counted over the calls of a stage: one contract, the fake and the adapter."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from shared.domain.money import Cents
from tests.contracts.conftest import Store

NOW = datetime(2025, 8, 28, 23, 50, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_of_a_stage_without_calls_nothing_is_known(store: Store) -> None:
    state = store.admissions.state(NOW)

    assert (state.lost, state.spent) == (0, 0)


def test_the_newest_ten_ends_count(store: Store) -> None:
    for lost in [True] * 7 + [False] * 6:
        store.admissions.ended(lost=lost)

    assert store.admissions.state(NOW).lost == 4
    store.admissions.recovered()
    assert store.admissions.state(NOW).lost == 0


def test_one_may_probe_in_each_minute(store: Store) -> None:
    asked = [store.admissions.probe(NOW + n * MINUTE / 2, every=MINUTE) for n in range(4)]

    assert asked == [True, False, True, False]


def test_of_many_at_once_one_may_probe(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: store.admissions.probe(NOW, every=MINUTE), range(8)))

    assert asked.count(True) == 1


def test_of_many_at_once_one_is_the_first_to_tell_of_a_cause_in_a_day(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: store.admissions.first_today("a", NOW), range(8)))

    assert told.count(True) == 1
    assert store.admissions.first_today("b", NOW)
    assert store.admissions.first_today("a", NOW + 15 * MINUTE)  # the next day


def test_the_calls_of_a_number_count_by_the_hour_and_the_business(store: Store) -> None:
    def called(business: str, number: str, at: datetime = NOW) -> int:
        return store.admissions.called(business, number, at).calls

    assert [called("a", "+15551230000") for _ in range(3)] == [1, 2, 3]
    assert called("b", "+15551230000") == called("a", "+15551230001") == 1
    assert called("a", "+15551230000", NOW + 15 * MINUTE) == 1


def test_what_was_spent_adds_up_by_the_day(store: Store) -> None:
    store.admissions.spend(Cents(12), NOW)
    store.admissions.spend(Cents(30), NOW + 5 * MINUTE)
    store.admissions.spend(Cents(1), NOW + 15 * MINUTE)

    assert store.admissions.state(NOW).spent == 42
    assert store.admissions.state(NOW + 15 * MINUTE).spent == 1


def test_a_call_that_was_cut_off_is_known_until_its_time_is_up(store: Store) -> None:
    at = store.admissions
    at.cut_off("a", "+15551230000", "CA1", until=NOW + 10 * MINUTE)

    assert at.called("a", "+15551230000", NOW + 9 * MINUTE).cut_call == "CA1"
    assert at.called("a", "+15551230000", NOW + 10 * MINUTE).cut_call is None
    assert at.called("b", "+15551230000", NOW).cut_call is None


def test_who_has_called_back_is_cut_off_no_more(store: Store) -> None:
    at = store.admissions
    at.called("a", "+15551230000", NOW)
    at.cut_off("a", "+15551230000", "CA1", until=NOW + 10 * MINUTE)
    at.called_back("a", "+15551230000", "CA9")
    assert at.called("a", "+15551230000", NOW).cut_call == "CA1"

    at.called_back("a", "+15551230000", "CA1")
    assert at.called("a", "+15551230000", NOW).cut_call is None
