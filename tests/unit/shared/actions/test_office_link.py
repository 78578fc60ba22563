"""The link to the office's page: ours, of one business, for a week."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions import office_link
from shared.actions.office_link import BadOfficeLink
from shared.domain.errors import PortError
from tests.examples import NOW

SHOP, SECRET = "coolcare_hvac", "s3cret"
AT = int(NOW.timestamp())
WEEK_S = 7 * 86_400


def minted(secret: str = SECRET) -> str:
    return office_link.mint(secret, SHOP, expires=AT + WEEK_S)


def test_a_link_is_good_for_a_week_and_not_a_second_more() -> None:
    office_link.check([SECRET], SHOP, minted(), now=AT + WEEK_S - 1)
    with pytest.raises(BadOfficeLink, match="too old"):
        office_link.check([SECRET], SHOP, minted(), now=AT + WEEK_S)


def test_while_a_secret_is_rotated_both_are_good() -> None:
    office_link.check(["new", SECRET], SHOP, minted(), now=AT)
    with pytest.raises(BadOfficeLink):
        office_link.check(["new", ""], SHOP, minted(), now=AT)


def test_a_link_is_of_one_business() -> None:
    with pytest.raises(BadOfficeLink):
        office_link.check([SECRET], "evergreen_home", minted(), now=AT)


@given(at=st.integers(0, 23), sign=st.characters(codec="utf-8"))
def test_a_link_that_was_changed_opens_nothing(at: int, sign: str) -> None:
    token = minted()
    changed = token[:at] + sign + token[at + 1 :]
    if changed != token:
        with pytest.raises(BadOfficeLink):
            office_link.check([SECRET], SHOP, changed, now=AT)


@given(token=st.text(max_size=40))
def test_what_nobody_signed_opens_nothing(token: str) -> None:
    with pytest.raises(BadOfficeLink):
        office_link.check([SECRET], SHOP, token, now=AT)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        office_link.mint("", SHOP, expires=AT)


def test_the_address_is_of_the_current_secret_or_there_is_none() -> None:
    def asked(secret: tuple[str, ...] | None) -> str | None:
        def of(name: str) -> tuple[str, ...]:
            if secret is None:
                raise PortError(name)
            return secret

        return office_link.address(SHOP, of, public_url=lambda: "https://x.example", now=NOW)

    found = asked((SECRET, "old"))
    assert found is not None
    assert found.startswith("https://x.example/office/in/coolcare_hvac/")
    token = found.rpartition("/")[2]
    late = NOW + timedelta(days=6)
    office_link.check([SECRET], SHOP, token, now=int(late.timestamp()))
    assert asked(None) is None
