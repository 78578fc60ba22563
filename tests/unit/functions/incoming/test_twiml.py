"""TwiML: who is rung, who is never dialled, and what the caller hears before."""

from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.incoming import twiml
from functions.incoming.phone_numbers import PhoneLine
from tests.unit.functions.incoming.phone_company import (
    CALL,
    NUMBER,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Answer,
)

OFFICE_ONLY = PhoneLine("x", "X", (NUMBER,), (OFFICE,), OFFICE)


NOBODY_AT_ALL = PhoneLine("x", "X", (NUMBER,), ("+19005550100", "911"), OFFICE)


def said(document: str | None) -> str:
    return "" if document is None else Answer(200, document, "text/xml").one("Say").text or ""


def test_on_call_people_are_rung_one_after_the_other() -> None:
    line = PhoneLine(
        "x", "X", ("+19375550100",), ("+19375550191", "+19375550192", "911", "+19375550193")
    )
    rung = [
        twiml.ring(line, "+19375550100", public_url=PUBLIC, call_sid=CALL, n=n, say=None) or ""
        for n in range(1, 6)
    ]
    assert [document.count("</Number>") for document in rung] == [1, 1, 1, 1, 0]
    # The number that may not be dialled is passed over, and the count goes on after it.
    assert (">+19375550193<" in rung[2] and "&n=4" in rung[2]) or "&amp;n=4" in rung[2]


@pytest.mark.parametrize(
    "number",
    [
        "911",
        "+911",
        "+1911",
        "+1411",
        "311",
        "9375550191",
        "",
        "+",
        "sip:x@y",
        "+19005550100",
        "+1" + "5" * 20,
    ],
)
def test_numbers_that_are_never_dialled(number: str) -> None:
    assert not twiml.may_be_dialled(number)
    line = PhoneLine("x", "X", ("+19375550100",), (number,))
    assert twiml.ring(line, "+19375550100", public_url=PUBLIC, call_sid=CALL, n=1, say=None) is None


@given(st.text(max_size=200))
def test_whatever_a_summary_holds_is_well_formed(summary: str) -> None:
    plain = "".join(c for c in summary if c.isprintable())
    document = twiml.whisper(plain, public_url=PUBLIC, call_sid=CALL, business_id="x")
    assert Answer(200, document, "text/xml").verbs == ["Gather", "Hangup"]


@pytest.mark.parametrize("say", [twiml.SORRY, twiml.CONNECTING])
def test_who_is_put_through_to_the_office_is_told_so(say: str) -> None:
    def rung(line: PhoneLine) -> str | None:
        return twiml.ring(line, NUMBER, public_url=PUBLIC, call_sid=CALL, n=1, say=say)

    assert "our office" in said(rung(OFFICE_ONLY))
    assert said(rung(PhoneLine("x", "X", (NUMBER,), (ON_CALL,), OFFICE))) == say


def test_with_no_number_to_ring_the_mailbox_answers_at_once() -> None:
    document = twiml.stream(
        NOBODY_AT_ALL, NUMBER, public_url=PUBLIC, media_url="wss://m", call_sid=CALL, token="t"
    )
    answer = Answer(200, document, "text/xml")
    assert answer.verbs == ["Connect", "Say", "Record", "Say", "Hangup"]
    assert "hold" not in said(document) and "nobody can come" in said(document)


RECORDED = PhoneLine("x", "X", (NUMBER,), (ON_CALL,), OFFICE, is_recorded=True)
DOCUMENTS = (
    twiml.stream(
        RECORDED, NUMBER, public_url=PUBLIC, media_url="wss://m", call_sid=CALL, token="t"
    ),
    twiml.ring(RECORDED, NUMBER, public_url=PUBLIC, call_sid=CALL, n=1, say=None) or "",
    twiml.whisper("Hi.", public_url=PUBLIC, call_sid=CALL, business_id="x"),
    twiml.voicemail(public_url=PUBLIC, business_id="x"),
    twiml.wait(RECORDED, public_url=PUBLIC),
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_query_of_every_address_is_sorted_for_whoever_sorts_it_before_signing(
    document: str,
) -> None:
    root = ElementTree.fromstring(document)
    addresses = [
        value
        for verb in root.iter()
        for value in (*verb.attrib.values(), verb.text or "")
        if value.startswith(PUBLIC)
    ]
    assert addresses
    for address in addresses:
        names = [name for name, _ in parse_qsl(urlsplit(address).query)]
        assert names == sorted(names)
