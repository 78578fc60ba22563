"""A text in reply: its words reach the office once, and the sender learns what to do."""

import logging

import pytest

from functions.incoming.phone_numbers import all_lines
from shared.actions.alerts.raising import hazard_alert
from shared.businesses import by_id
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    NUMBER,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Answer,
    Phone,
)

SID = "SM" + "1" * 32


def text(phone: Phone, body: str = "Can we do Friday instead?", **changes: str) -> Answer:
    fields = {"MessageSid": SID, "CallSid": "", "From": CALLER, "To": NUMBER, "NumMedia": "0"}
    return phone.post("/sms", **{**fields, "Body": body, **changes})


def answer_of(answer: Answer) -> str | None:
    assert answer.status == 200 and answer.content_type == "text/xml"
    found = answer.xml.find("Message")
    return None if found is None else found.text


def test_the_words_reach_the_office_and_the_sender_is_told_what_to_do(phone: Phone) -> None:
    told = answer_of(text(phone))
    assert told and "the office has your message" in told and "937-555-0100" in told
    (body,) = phone.world.texts.to(OFFICE)
    assert body == "CoolCare HVAC: text from 555-123-0000: Can we do Friday instead?"
    assert [sent.to for sent in phone.world.texts.sent] == [OFFICE]
    assert phone.world.follow_ups.rows == {}


def test_the_same_message_again_sends_nothing_more(phone: Phone) -> None:
    assert answer_of(text(phone))
    for _ in range(3):
        assert answer_of(text(phone)) is None
    assert len(phone.world.texts.sent) == 1


def test_a_text_that_the_network_does_not_take_is_kept_for_the_office(phone: Phone) -> None:
    phone.world.texts.fail_all = 0
    text(phone)
    (kept,) = phone.world.follow_ups.rows.values()
    assert kept.to == OFFICE and "Friday" in str(kept.body)


def test_with_the_tables_down_the_words_still_reach_the_office(phone: Phone) -> None:
    phone.world.inbox.down = True
    assert answer_of(text(phone)) is None
    assert len(phone.world.texts.to(OFFICE)) == 1


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stop. ", "STOPALL", "UNSUBSCRIBE", "REVOKE", "START", "HELP"]
)
def test_words_that_are_twilios_are_not_answered_by_us(phone: Phone, word: str) -> None:
    assert answer_of(text(phone, word)) is None
    assert phone.world.texts.sent == []


@pytest.mark.parametrize("words", ["Stop by on Friday", "Please help, no heat", "Start at nine?"])
def test_a_sentence_is_no_keyword(phone: Phone, words: str) -> None:
    assert answer_of(text(phone, words))
    assert words in phone.world.texts.to(OFFICE)[0]


@pytest.mark.parametrize("ours", [n for line in all_lines() for n in line.numbers] + [OFFICE])
def test_our_own_numbers_are_neither_answered_nor_passed_on(phone: Phone, ours: str) -> None:
    assert answer_of(text(phone, From=ours)) is None
    assert phone.world.texts.sent == []


def test_who_is_on_call_is_heard_by_the_office(phone: Phone) -> None:
    text(phone, "Running late", From=ON_CALL)
    assert "Running late" in phone.world.texts.to(OFFICE)[0]


def test_a_number_is_answered_five_times_an_hour_and_heard_every_time(phone: Phone) -> None:
    answers = [answer_of(text(phone, MessageSid=f"SM{n:032x}")) for n in range(8)]
    assert [bool(answer) for answer in answers] == [True] * 5 + [False] * 3
    assert len(phone.world.texts.to(OFFICE)) == 8
    phone.later(hours=1)
    assert answer_of(text(phone, MessageSid=f"SM{99:032x}"))


def test_a_flood_of_texts_is_not_the_offices(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for n in range(40):
            text(phone, MessageSid=f"SM{n:032x}")
    assert len(phone.world.texts.to(OFFICE)) == 30
    assert CALLER not in caplog.text and "Friday" not in caplog.text


@pytest.mark.parametrize("sender", ["+18765550142", "22395", "+442079460018", "Bank"])
def test_numbers_abroad_and_short_codes_are_heard_and_not_answered(
    phone: Phone, sender: str
) -> None:
    assert answer_of(text(phone, From=sender)) is None
    assert len(phone.world.texts.to(OFFICE)) == 1


def test_a_links_address_and_a_card_number_stay_out_of_our_texts(phone: Phone) -> None:
    text(phone, "Pay at https://evil.example/x or card 4242 4242 4242 4242")
    (body,) = phone.world.texts.to(OFFICE)
    assert "evil.example" not in body and "http" not in body and "4242 4242 4242" not in body


def test_an_endless_text_is_cut(phone: Phone) -> None:
    text(phone, "word " * 2000)
    assert len(phone.world.texts.to(OFFICE)[0]) < 500


def test_a_picture_is_told(phone: Phone) -> None:
    text(phone, "", NumMedia="2")
    assert "with a picture" in phone.world.texts.to(OFFICE)[0]


def test_a_number_of_nobody_is_not_answered(phone: Phone) -> None:
    assert answer_of(text(phone, To="+19375559999")) is None
    assert phone.world.texts.sent == []


@pytest.mark.parametrize("sid", ["", " ", "SM/../x", "SM" + "1" * 63])
def test_a_text_without_its_id_is_refused(phone: Phone, sid: str) -> None:
    assert text(phone, MessageSid=sid).status == 400
    assert phone.world.texts.sent == []


def test_an_unsigned_text_is_refused(phone: Phone) -> None:
    assert phone.deliver(f"{PUBLIC}/sms", f"MessageSid={SID}", "bm8=").status == 403
    assert phone.world.texts.sent == []


def test_a_1_of_the_phone_that_was_asked_takes_the_emergency(phone: Phone) -> None:
    business = by_id("coolcare_hvac")
    assert business is not None
    phone.has_row()
    hazard_alert(phone.world.ports, business, CALL, CALLER, "gas_leak", real_now=phone.now)

    told = answer_of(text(phone, "1", From=ON_CALL))
    assert told and "you have a gas leak" in told and "555-123-0000" in told
    row = phone.world.calls.rows[CALL]
    assert row.acknowledged_by == ON_CALL and row.acknowledged_at == phone.now
    assert phone.world.texts.to(OFFICE) == []


def test_a_1_of_anybody_else_is_a_text_as_any_other(phone: Phone) -> None:
    assert "the office has your message" in str(answer_of(text(phone, "1")))
    assert phone.world.texts.to(OFFICE)[0].endswith(": 1")
