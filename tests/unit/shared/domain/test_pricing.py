"""The spec's arithmetic, and what must hold of every quote."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import businesses
from shared.businesses import all_businesses, by_id, load_all
from shared.domain.errors import UnknownService
from shared.domain.money import dollars, scaled, spoken
from shared.domain.pricing import quote
from tests.examples import BUSINESSES

SPEC_WORDS = "AC not cooling; outdoor unit rattling."
HARD = sorted(b.id for b in all_businesses().values() if b.card.kinds)
SERVICES = [(b.id, name) for b in all_businesses().values() for name in b.card.services]
BOTH = [BUSINESSES, Path(businesses.__file__).parent]


@pytest.mark.parametrize("folder", BOTH, ids=["tests", "committed"])
def test_the_specs_figures_come_out_exactly(folder: Path) -> None:
    """Of the tests' own reference, and of the one that is committed."""
    priced = quote(load_all(folder)["coolcare_hvac"], "repair", after_hours=True,
                   description=SPEC_WORDS)  # fmt: skip

    assert dollars(priced.service_call) == 165
    assert dollars(priced.estimated_repair) == dollars(priced.total_estimate) == 825
    assert dollars(priced.emergency_fee) == 248
    assert dollars(priced.deposit) == 206
    assert (spoken(priced.low), spoken(priced.high)) == ("$300", "$800")
    assert (spoken(priced.after_hours_low), spoken(priced.after_hours_high)) == ("$450", "$1,200")


def test_tomorrow_morning_is_the_regular_rate() -> None:
    priced = quote(all_businesses()["coolcare_hvac"], "repair", after_hours=False)

    assert [dollars(a) for a in (priced.visit_fee, priced.total_estimate, priced.deposit)] == [
        165,
        550,
        138,
    ]
    assert priced.emergency_fee == 0


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("always", {(True, True), (True, False), (False, True), (False, False)}),
        ("after_hours", {(True, True), (True, False)}),
        ("new_customers", {(True, False), (False, False)}),
        ("never", set()),
    ],
)
def test_a_deposit_is_taken_of_whom_the_business_says(
    rule: str, asked: set[tuple[bool, bool]]
) -> None:
    business = all_businesses()["coolcare_hvac"]
    card = business.card.model_copy(update={"deposit": rule})
    ruled = business.model_copy(update={"card": card})

    for after_hours in (True, False):
        for is_known in (True, False):
            priced = quote(ruled, "repair", after_hours=after_hours, is_known=is_known)
            assert (priced.deposit > 0) == ((after_hours, is_known) in asked)
            assert (
                priced.total_estimate
                == quote(business, "repair", after_hours=after_hours).total_estimate
            )


@pytest.mark.parametrize("business_id", HARD)
def test_every_trade_has_a_kind_of_job_that_costs_more(business_id: str) -> None:
    business = all_businesses()[business_id]
    hard = business.card.kinds[0]

    ordinary = quote(business, "repair", after_hours=False)
    harder = quote(business, "repair", after_hours=False, description=f"It's the {hard.words[0]}.")

    assert harder.total_estimate == scaled(ordinary.total_estimate, hard.complexity)
    assert harder.service_call == ordinary.service_call


def test_an_unknown_service_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(UnknownService, match="maintenance, repair"):
        quote(all_businesses()["coolcare_hvac"], "installation", after_hours=False)


@given(
    priced_here=st.sampled_from(SERVICES),
    after_hours=st.booleans(),
    description=st.text(max_size=200),
)
def test_a_deposit_is_never_above_what_the_visit_costs_or_its_share(
    priced_here: tuple[str, str], after_hours: bool, description: str
) -> None:
    business_id, service = priced_here
    business = by_id(business_id)
    assert business is not None
    priced = quote(business, service, after_hours=after_hours, description=description)

    assert 0 <= priced.deposit <= priced.total_estimate
    assert priced.low <= priced.high
    assert priced.service_call == business.card.services[service].visit
    assert all(amount % 100 == 0 for amount in (priced.deposit, priced.total_estimate))
