"""After the stream: whatever happened, the caller ends up with a person or a mailbox."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.incoming import handler, twiml
from functions.incoming.phone_numbers import PhoneLine
from functions.incoming.routes import Request
from functions.incoming.settings import settings_of
from functions.incoming.signature import Form
from functions.incoming.webhooks.handoff import WebhookContext, after_stream, spoken_summary
from shared import businesses
from shared.adapters.secrets import Secrets
from shared.domain.models import Escalation, Outcome
from shared.metrics import EmfMetrics
from tests.examples import a_turn
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    NOW,
    NUMBER,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Answer,
    Phone,
)

HANDOFF = "/handoff?n=1&b=coolcare_hvac"
ACCEPT = f"/whisper-accept?call={CALL}&b=coolcare_hvac"
VOICEMAIL = "/voicemail?b=coolcare_hvac"
RECORDING = f"https://api.twilio.com/Recordings/RE{'1' * 32}"
LATER = datetime(2025, 8, 28, 23, 20, tzinfo=UTC)


def asked(result: str = "pending", summary: str = "Sarah Miller, AC not cooling") -> Escalation:
    return Escalation.model_validate(
        {"reason": "asked for a person", "summary": summary, "asked_at": NOW, "result": result}
    )


def rings(answer: Answer, number: str = ON_CALL) -> bool:
    return answer.status == 200 and "Dial" in answer.verbs and answer.one("Number").text == number


# --- /after-stream


def test_a_call_that_ended_well_is_hung_up(phone: Phone) -> None:
    phone.has_row(ended_at=NOW, outcome="booked", end_reason="goodbye")
    assert phone.post("/after-stream").verbs == ["Hangup"]
    assert phone.row().outcome == Outcome.BOOKED and phone.row().failure is None


def test_a_caller_who_asked_for_a_person_is_put_through(phone: Phone) -> None:
    phone.has_row(ended_at=NOW, escalation=asked())
    answer = phone.post("/after-stream")
    assert rings(answer)
    dial = answer.one("Dial")
    assert dial.attrib == {
        "action": f"{PUBLIC}{HANDOFF}",
        "method": "POST",
        "timeout": "20",
        "callerId": NUMBER,
        "answerOnBridge": "true",
    }
    assert answer.one("Number").get("url") == f"{PUBLIC}/whisper?call={CALL}&n=1&b=coolcare_hvac"
    assert phone.row().failure is None


@pytest.mark.parametrize("row", [None, {}, {"ended_at": NOW, "failure": "model_lost"}])
def test_a_call_that_died_is_told_so_put_through_and_recorded(
    phone: Phone, row: dict[str, object] | None
) -> None:
    if row is not None:
        phone.has_row(**row)
    answer = phone.post("/after-stream")
    assert rings(answer)
    assert answer.verbs[0] == "Say" and "cut off" in (answer.one("Say").text or "")
    assert phone.row().failure == ((row or {}).get("failure") or "bridge_lost")
    assert phone.row().outcome == Outcome.FAILED
    counted_here = (row or {}).get("failure") is None
    assert phone.world.metrics.total("CallsEndedAbnormally") == counted_here


def test_a_lost_bridge_is_counted_once_however_often_twilio_asks(phone: Phone) -> None:
    first, second = phone.post("/after-stream"), phone.post("/after-stream")
    assert rings(first) and rings(second)
    assert phone.world.metrics.total("CallsEndedAbnormally") == 1


def test_a_caller_who_is_gone_gets_nothing(phone: Phone) -> None:
    phone.has_row(escalation=asked())
    answer = phone.post("/after-stream", CallStatus="completed")
    assert (answer.status, answer.verbs) == (200, [])
    assert phone.row().escalation == asked()


def test_a_caller_who_is_gone_leaves_an_outcome_also_where_the_bridge_wrote_none(
    phone: Phone,
) -> None:
    phone.has_row(quoted_at=NOW)
    for _ in range(2):
        assert phone.post("/after-stream", CallStatus="completed").verbs == []
    row = phone.row()
    assert (row.outcome, row.ended_at, row.failure) == ("quote_only", NOW, None)
    assert phone.world.metrics.total("CallsEndedAbnormally") == 0


def test_a_caller_who_is_gone_and_a_table_that_is_down_is_still_an_answer(phone: Phone) -> None:
    phone.world.calls.down = True
    assert phone.post("/after-stream", CallStatus="completed").status == 200


def test_with_the_table_down_the_caller_is_put_through_all_the_same(phone: Phone) -> None:
    phone.world.calls.down = True
    assert rings(phone.post("/after-stream"))
    assert phone.post(f"/whisper?call={CALL}&b=coolcare_hvac").verbs == ["Gather", "Hangup"]
    assert phone.post(ACCEPT, Digits="1").verbs == []
    assert phone.post(HANDOFF, DialCallStatus="completed", DialBridged="true").verbs == ["Hangup"]
    assert phone.post(HANDOFF, DialCallStatus="completed", DialBridged="false").verbs[-3:] == [
        "Record",
        "Say",
        "Hangup",
    ]


# --- the person who is rung


def test_who_is_rung_hears_who_calls_and_must_press_a_key(phone: Phone) -> None:
    phone.has_row(escalation=asked(), hazard="gas_leak")
    answer = phone.post(f"/whisper?call={CALL}&n=1&b=coolcare_hvac", To=ON_CALL, CallSid="CAchild")
    assert answer.verbs == ["Gather", "Hangup"]
    gather = answer.one("Gather")
    assert (gather.get("numDigits"), gather.get("action")) == ("1", f"{PUBLIC}{ACCEPT}")
    said = gather.findtext("Say") or ""
    assert "CoolCare HVAC" in said and "gas leak" in said and "Sarah Miller" in said
    assert said.endswith("Press 1 to take the call.")


def test_the_summary_spoken_has_no_number_and_no_address() -> None:
    owner = businesses.all_businesses()["coolcare_hvac"]
    row = Phone()
    row.has_row(
        escalation=asked(
            summary="Sarah Miller, 555-123-0000, 123 Oak Street, Springfield 45501, "
            "card 4242 4242 4242 4242."
        )
    )
    said = spoken_summary(owner, row.row())
    assert "Sarah Miller" in said
    assert not any(part in said for part in ("555", "0000", "123", "Oak", "45501", "4242"))


def test_a_key_is_remembered_and_joins_both(phone: Phone) -> None:
    phone.has_row(escalation=asked(), ended_at=NOW)
    assert phone.post(ACCEPT, Digits="1", CallSid="CAchild", To=ON_CALL).verbs == []
    assert phone.row().escalation == asked("answered")
    assert phone.post(HANDOFF, DialCallStatus="completed", DialBridged="true").verbs == ["Hangup"]
    assert phone.row().outcome == Outcome.TRANSFERRED
    assert "CAchild" not in phone.world.calls.rows


@pytest.mark.parametrize("digits", ["", "2", "11", "*"])
def test_any_other_key_is_no_acceptance(phone: Phone, digits: str) -> None:
    phone.has_row(escalation=asked())
    assert phone.post(ACCEPT, Digits=digits).verbs == ["Hangup"]
    assert phone.row().escalation == asked()


def test_a_mailbox_that_answers_is_no_person(phone: Phone) -> None:
    phone.has_row(escalation=asked(), ended_at=NOW)
    answer = phone.post(
        HANDOFF, DialCallStatus="completed", DialCallDuration="31", DialBridged="false"
    )
    assert answer.verbs == ["Say", "Record", "Say", "Hangup"]
    assert phone.row().escalation == asked("nobody")
    assert phone.world.metrics.total("EscalationFailed") == 1


def test_who_accepted_and_hung_up_before_talking_is_not_the_end(phone: Phone) -> None:
    phone.has_row(escalation=asked("answered"))
    answer = phone.post(HANDOFF, DialCallStatus="completed", DialBridged="false")
    assert "Record" in answer.verbs


# --- the next one, and the mailbox


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
    assert ">+19375550193<" in rung[2] and "handoff?n=4" in rung[2]


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled", ""])
def test_nobody_answering_leads_to_the_mailbox(phone: Phone, status: str) -> None:
    phone.has_row(escalation=asked())
    answer = phone.post(HANDOFF, DialCallStatus=status)
    record = answer.one("Record")
    assert record.get("action") == f"{PUBLIC}{VOICEMAIL}"
    assert record.get("playBeep") == "true" and int(record.attrib["maxLength"]) >= 60
    assert phone.world.metrics.total("EscalationFailed") == 1
    phone.post(HANDOFF, DialCallStatus=status)
    assert phone.world.metrics.total("EscalationFailed") == 1


@pytest.mark.parametrize("n", ["", "0", "-1", "x", "9" * 50, "²"])
def test_a_strange_count_is_answered(phone: Phone, n: str) -> None:
    phone.has_row(escalation=asked())
    assert phone.post(f"/handoff?n={n}&b=coolcare_hvac", DialCallStatus="busy").status == 200


def test_a_caller_who_hangs_up_while_it_rings_gets_nothing(phone: Phone) -> None:
    phone.has_row(escalation=asked())
    answer = phone.post(HANDOFF, DialCallStatus="canceled", CallStatus="completed")
    assert answer.verbs == []


def test_a_message_reaches_office_and_on_call_once(phone: Phone) -> None:
    phone.has_row(escalation=asked("nobody"), ended_at=NOW)
    fields = {"RecordingUrl": RECORDING, "RecordingDuration": "12", "Digits": "hangup"}
    for _ in range(2):
        assert phone.post(VOICEMAIL, **fields).verbs == ["Say", "Hangup"]
    for number in (OFFICE, ON_CALL):
        (body,) = phone.world.texts.to(number)
        assert f"left a voicemail: {PUBLIC}/voicemail/" in body and "twilio" not in body
    assert phone.row().outcome == Outcome.MESSAGE_TAKEN


def test_a_message_of_nothing_is_no_message(phone: Phone) -> None:
    phone.has_row(escalation=asked("nobody"))
    phone.post(VOICEMAIL)
    phone.post(VOICEMAIL, RecordingUrl=RECORDING, RecordingDuration="0")
    assert not phone.world.texts.sent


def test_a_message_is_texted_though_the_table_is_down(phone: Phone) -> None:
    phone.world.calls.down = True
    phone.post(VOICEMAIL, RecordingUrl=RECORDING, RecordingDuration="12")
    assert f"{PUBLIC}/voicemail/" in phone.world.texts.to(OFFICE)[0]


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


# --- wrong order, late, unknown


def test_a_whole_handover_in_the_wrong_order_ends_the_same(phone: Phone) -> None:
    phone.post("/call-status", CallStatus="completed")
    phone.post(VOICEMAIL, RecordingUrl=RECORDING, RecordingDuration="12", CallStatus="completed")
    phone.post(HANDOFF, DialCallStatus="no-answer", CallStatus="completed")
    assert phone.row().outcome == Outcome.MESSAGE_TAKEN
    assert phone.row().caller == CALLER


@pytest.mark.parametrize(
    "route", ["/after-stream", "/handoff?n=1", "/voicemail", "/whisper", "/whisper-accept"]
)
def test_a_business_that_is_none_of_ours_is_answered_politely(phone: Phone, route: str) -> None:
    answer = phone.post(route, To="+19375559999", From="+19375558888")
    assert (answer.status, answer.verbs[-1]) == (200, "Hangup")
    assert not phone.world.calls.rows


# --- nobody on call


OFFICE_ONLY = PhoneLine("x", "X", (NUMBER,), (OFFICE,), OFFICE)
NOBODY_AT_ALL = PhoneLine("x", "X", (NUMBER,), ("+19005550100", "911"), OFFICE)


def said(document: str | None) -> str:
    return "" if document is None else Answer(200, document, "text/xml").one("Say").text or ""


@pytest.mark.parametrize("say", [twiml.SORRY, twiml.CONNECTING])
def test_who_is_put_through_to_the_office_is_told_so(say: str) -> None:
    ring = {"public_url": PUBLIC, "call_sid": CALL}
    assert "our office" in said(twiml.ring(OFFICE_ONLY, NUMBER, **ring, n=1, say=say))
    with_on_call = PhoneLine("x", "X", (NUMBER,), (ON_CALL,), OFFICE)
    assert said(twiml.ring(with_on_call, NUMBER, **ring, n=1, say=say)) == say


def test_with_no_number_to_ring_the_mailbox_answers_at_once() -> None:
    document = twiml.stream(
        NOBODY_AT_ALL, NUMBER, public_url=PUBLIC, media_url="wss://m", call_sid=CALL, token="t"
    )
    answer = Answer(200, document, "text/xml")
    assert answer.verbs == ["Connect", "Say", "Record", "Say", "Hangup"]
    assert "hold" not in said(document) and "nobody can come" in said(document)


def a_desk(phone: Phone, line: PhoneLine) -> WebhookContext:
    owner = businesses.all_businesses()["coolcare_hvac"]
    on_call = () if line.rings_the_office else line.on_call
    return WebhookContext(
        business=owner.model_copy(update={"on_call": on_call}),
        line=line,
        ports=phone.world.ports,
        public_url=PUBLIC,
        now=NOW,
        real_now=NOW,
    )


def test_a_call_that_died_with_nobody_to_ring_goes_to_the_mailbox_and_is_counted(
    phone: Phone,
) -> None:
    desk, form = a_desk(phone, NOBODY_AT_ALL), Form([("CallSid", CALL), ("From", CALLER)])
    for _ in range(2):
        answer = Answer(200, after_stream(form, desk), "text/xml")
        assert answer.verbs == ["Say", "Record", "Say", "Hangup"]
    assert phone.row().escalation is not None
    assert phone.world.metrics.total("EscalationFailed") == 1


@pytest.mark.parametrize(
    ("row", "verbs"),
    [
        ({"end_reason": "completed", "message_taken": True}, ["Hangup"]),
        ({"end_reason": "silence"}, ["Hangup"]),
        # They pressed 0 after all, or the call broke: the office is tried.
        ({"end_reason": "handed_over"}, ["Say", "Dial"]),
        ({"end_reason": "completed", "failure": "model_lost"}, ["Say", "Dial"]),
    ],
)
def test_who_was_told_that_nobody_is_there_is_not_rung_through_after_the_goodbye(
    phone: Phone, row: dict[str, object], verbs: list[str]
) -> None:
    phone.has_row(ended_at=NOW, escalation=asked("nobody"), **row)
    form = Form([("CallSid", CALL), ("From", CALLER), ("CallStatus", "in-progress")])
    document = after_stream(form, a_desk(phone, OFFICE_ONLY))
    assert Answer(200, document, "text/xml").verbs == verbs


# --- a second stream


REFUSED, OWN = "MZ" + "2" * 32, "MZ" + "1" * 32


@pytest.mark.parametrize("stream", [{"StreamSid": REFUSED}, {}])
def test_the_end_of_a_refused_second_stream_leaves_the_live_call_alone(
    phone: Phone, stream: dict[str, str]
) -> None:
    phone.has_row(stream_sid=OWN, refused_stream=REFUSED)
    before = phone.row()
    for _ in range(2):
        answer = phone.post("/after-stream", **stream)
        assert answer.verbs == ["Pause", "Redirect"]
        assert answer.one("Redirect").text == f"{PUBLIC}/after-stream"
    assert phone.row() == before
    assert not phone.world.metrics.counted and not phone.world.texts.sent


def test_a_live_call_goes_on_for_as_long_as_it_has_turns(phone: Phone) -> None:
    phone.has_row(stream_sid=OWN, refused_stream=REFUSED)
    for seq in range(1, 6):
        phone.later(seconds=60)
        phone.world.turns.add([a_turn(call_sid=CALL, seq=seq, at=phone.now)])
        assert phone.post("/after-stream").verbs == ["Pause", "Redirect"]
    phone.later(seconds=91)
    assert rings(phone.post("/after-stream")) and phone.row().failure == "bridge_lost"


@pytest.mark.parametrize("row", [{}, {"refused_stream": REFUSED}, {"stream_sid": OWN}])
def test_without_a_stream_of_its_own_and_a_refused_one_a_call_is_lost(
    phone: Phone, row: dict[str, object]
) -> None:
    phone.has_row(**row)
    assert rings(phone.post("/after-stream", StreamSid=REFUSED))
    assert phone.row().failure == "bridge_lost"


def test_the_end_of_the_calls_own_stream_is_the_end_whatever_was_refused_before(
    phone: Phone,
) -> None:
    phone.has_row(stream_sid=OWN, refused_stream=REFUSED)
    assert rings(phone.post("/after-stream", StreamSid=OWN))
    assert phone.row().failure == "bridge_lost"


@pytest.mark.parametrize(
    ("row", "verbs"),
    [
        ({"ended_at": NOW, "end_reason": "goodbye"}, ["Hangup"]),
        ({"ended_at": NOW, "escalation": asked()}, ["Say", "Dial"]),
        ({"ended_at": NOW, "failure": "model_lost"}, ["Say", "Dial"]),
    ],
)
def test_a_call_that_has_ended_is_not_waited_for(
    phone: Phone, row: dict[str, object], verbs: list[str]
) -> None:
    phone.has_row(stream_sid=OWN, refused_stream=REFUSED, **row)
    assert phone.post("/after-stream", StreamSid=REFUSED).verbs == verbs


# --- our own bugs


def test_a_bug_of_ours_still_reaches_a_person(phone: Phone) -> None:
    phone.broken = True
    assert rings(phone.post("/after-stream"))
    assert "Record" in phone.post(HANDOFF, DialCallStatus="busy").verbs
    assert phone.post(f"/whisper?call={CALL}&b=coolcare_hvac").verbs == ["Hangup"]
    assert phone.post("/call-status", CallStatus="completed").status == 500
    assert phone.emf.getvalue().count('"WebhooksBroken":1') == 4
    phone.environ["STREAM_TOKEN_SECRET"] = ""
    assert rings(phone.post("/incoming"))


def test_a_table_that_is_down_is_an_error_to_a_report(phone: Phone) -> None:
    phone.world.calls.down = True
    assert phone.post("/call-status", CallStatus="completed").status == 500


def test_the_real_tables_and_texts_can_be_opened() -> None:
    row = Phone()
    row.environ |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    request = Request(
        settings=settings_of(row.environ),
        secret=Secrets(row.environ, lambda: NOW).get,
        real_now=NOW,
        nonce="n",
        metrics=EmfMetrics("local", lambda: NOW),
        ports=handler.open_ports,
    )
    ports = handler.open_ports(request)
    assert ports is handler.open_ports(request)
