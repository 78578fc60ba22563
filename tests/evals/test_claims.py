"""What trains is marked with marks there are, and read as the marks say."""

from collections import Counter

import pytest

from services.media_bridge.core.guards.claims.claim import Deed, Role
from tests.evals.claims.marked import TOLD, marked, told


@pytest.fixture(scope="module")
def lines() -> int:
    return len(TOLD.read_text("utf-8").splitlines()) - 1


def test_every_deed_and_every_role_is_told_of_often(lines: int) -> None:
    found = list(told())
    deeds = Counter(deed for each in found for deed in each.deeds)
    roles = Counter(role for each in found for role in each.roles)

    assert len(found) > lines
    assert min(deeds[deed] for deed in Deed) > 80
    assert min(roles[role] for role in Role) > 150


def test_a_mark_is_of_its_sentence_and_its_mention() -> None:
    first, second = marked(
        "x", "Is it done?", "You're down for [Friday at two|set]. {booked,texted} Not [ten|none]."
    )

    assert first.deeds == ("booked", "texted")
    assert first.roles == ("set",)
    assert second.deeds == ("none",)


def test_a_yes_that_says_itself_what_it_agrees_to_is_that() -> None:
    assert next(marked("x", "Booked?", "Yes, you're booked. {yes,booked}")).deeds == ("booked",)
    assert next(marked("x", "Booked?", "Yes. {yes}")).deeds == ("yes",)


def test_a_mark_that_is_none_is_told() -> None:
    with pytest.raises(KeyError, match="bokked"):
        list(marked("x", "", "You're booked. {bokked}"))
