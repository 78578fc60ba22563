"""Money in cents: rounded once, and spoken as dollars."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.money import Cents, cents, dollars, scaled, spoken


@given(amount=st.integers(0, 10_000_000), factor=st.decimals(0, 5, places=4))
def test_rounding_is_half_up_to_the_dollar(amount: int, factor: Decimal) -> None:
    rounded = scaled(Cents(amount), factor)

    exact = Decimal(amount) * factor
    assert -50 < rounded - exact <= 50
    assert rounded % 100 == 0


def test_half_a_dollar_goes_up() -> None:
    assert scaled(Cents(16500), Decimal("1.5")) == 24800
    assert scaled(Cents(55000), Decimal("0.25")) == 13800


def test_a_fraction_of_a_cent_is_refused() -> None:
    with pytest.raises(ValueError, match="finer than a cent"):
        cents(Decimal("1.005"))


def test_money_is_spoken_as_dollars_and_cents() -> None:
    assert [spoken(Cents(a)) for a in (24800, 125050, 5)] == ["$248", "$1,250.50", "$0.05"]
    assert [dollars(Cents(a)) for a in (24800, 1250)] == [248, 12.5]
