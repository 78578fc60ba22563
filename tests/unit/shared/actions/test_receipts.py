"""What was said is found word for word in the call's own turns, or is not claimed."""

from datetime import timedelta
from typing import Any

import pytest

from shared.actions.receipts import said_terms
from shared.businesses import by_id
from shared.domain.models import Covered, RecordingState
from shared.domain.money import Cents
from tests.examples import NOW, a_call, a_job, a_turn

found = by_id("coolcare_hvac")
assert found is not None
BUSINESS = found
SAID = "tonight 9 to 11 PM, $248 visit, $206 deposit, not refundable"
AT = NOW + timedelta(seconds=83)
READ_BACK = f"So it's Sarah Miller, 123 Oak Street, {SAID}. Shall I book?"


def terms(*said: str, call: dict[str, Any] | None = None, **job: Any) -> tuple[str, int | None]:
    turns = [a_turn(n, role="assistant", text=text, at=AT) for n, text in enumerate(said)]
    now = NOW + timedelta(days=1)
    made = said_terms(BUSINESS, a_job(**job), a_call(**(call or {})), turns, now)
    return (made.words, made.second) if made else ("", None)


def test_the_terms_of_the_read_back_are_found() -> None:
    assert terms("Thanks for calling.", READ_BACK) == (SAID, None)
    assert terms(f"{SAID[0].upper()}{SAID[1:]}. Shall I book?") == (SAID, None)


def test_what_was_not_said_is_not_claimed() -> None:
    assert terms(READ_BACK.replace("$248", "$165")) == ("", None)
    assert terms(READ_BACK, deposit=Cents(0)) != (SAID, None)
    assert terms() == ("", None)


def test_the_caller_s_words_and_words_that_were_cut_off_do_not_count() -> None:
    job, call = a_job(), a_call()
    for turn in (
        a_turn(1, text=READ_BACK, at=AT),
        a_turn(1, role="assistant", text=READ_BACK, at=AT, cut=True, heard="So it's Sarah"),
        a_turn(1, role="assistant", text=READ_BACK, at=AT, cut=True),
    ):
        assert said_terms(BUSINESS, job, call, [turn], NOW) is None
    heard = a_turn(1, role="assistant", text=READ_BACK, at=AT, cut=True, heard=f"So, {SAID}")
    assert said_terms(BUSINESS, job, call, [heard], NOW) is not None


def test_a_covered_visit_has_other_terms() -> None:
    said = (
        "tonight 9 to 11 PM, with no deposit, and our office will confirm the cost before the visit"
    )
    covered: dict[str, Any] = {"covered": Covered.MEMBER, "deposit": Cents(0)}

    assert terms(f"So it's {said}. Shall I book?", **covered) == (said, None)


@pytest.mark.parametrize(
    ("call", "second"),
    [
        ({"recording_sid": "RE1"}, 83),
        ({"recording_sid": "RE1", "recording_until": NOW + timedelta(days=30)}, 83),
        ({"recording_sid": "RE1", "recording_until": NOW}, None),
        ({"recording_sid": "RE1", "recording": RecordingState.DELETED}, None),
        ({"recording_sid": "RE1", "recording_dropped": "objection"}, None),
        ({}, None),
    ],
)
def test_the_second_of_the_recording_while_there_is_one(
    call: dict[str, Any], second: int | None
) -> None:
    assert terms(READ_BACK, call=call) == (SAID, second)
