""" "1" by text: it counts from the phone that was asked, for its newest open emergency."""

from datetime import timedelta

from functions.incoming.signature import Form
from functions.incoming.webhooks.texts.taken import acknowledged
from shared.actions.alerts.raising import hazard_alert
from shared.businesses import by_id
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    OFFICE,
    ON_CALL,
    Phone,
    a_context,
)

DAYS = timedelta(days=7)
SID = "SM" + "1" * 32


def raised(phone: Phone) -> None:
    business = by_id("coolcare_hvac")
    assert business is not None
    phone.has_row()
    hazard_alert(phone.world.ports, business, CALL, CALLER, "gas_leak", real_now=phone.now)


def said(phone: Phone, word: str, sender: str = ON_CALL) -> str | None:
    context = a_context(phone.world, form=Form([("From", sender), ("MessageSid", SID)]))
    return acknowledged(context, word, remember=DAYS)


def test_the_phone_that_was_asked_has_it_and_hears_whom_to_call(phone: Phone) -> None:
    raised(phone)
    assert "you have a gas leak" in str(said(phone, "1"))
    assert phone.world.calls.rows[CALL].acknowledged_by == ON_CALL


def test_neither_another_word_nor_another_phone_takes_it(phone: Phone) -> None:
    raised(phone)
    assert said(phone, "2") is None
    assert said(phone, "1", CALLER) is None
    assert phone.world.calls.rows[CALL].acknowledged_by is None


def test_a_table_that_is_down_leaves_it_to_the_office(phone: Phone) -> None:
    raised(phone)
    phone.world.calls.down = True
    assert said(phone, "1") is None


def test_who_answers_late_is_told_who_has_it(phone: Phone) -> None:
    raised(phone)
    phone.world.calls.note(CALL, alert_asked=(ON_CALL, OFFICE))
    assert "you have a gas leak" in str(said(phone, "1"))
    phone.world.inbox.taken.clear()
    assert "937-555-0191 has taken a gas leak" in str(said(phone, "1", OFFICE))
    assert phone.world.calls.rows[CALL].acknowledged_by == ON_CALL


def test_who_has_it_and_answers_again_hears_that_they_have_it(phone: Phone) -> None:
    raised(phone)
    assert "you have a gas leak" in str(said(phone, "1"))
    phone.world.inbox.taken.clear()
    assert "you have a gas leak" in str(said(phone, "1"))
