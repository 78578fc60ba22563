"""After the stream: whatever happened, the caller ends up with a person or a mailbox."""

import pytest

from functions.incoming import twiml
from functions.incoming.context import WebhookContext
from functions.incoming.phone_numbers import PhoneLine
from functions.incoming.signature import Form
from functions.incoming.webhooks.after_stream import after_stream
from shared import businesses
from shared.actions import cut_calls
from shared.actions.admission import NOT_ADMITTED
from shared.domain.models import Outcome
from shared.domain.twilio_signature import hurried
from tests.examples import a_turn
from tests.unit.functions.incoming.phone_company import (
    ACCEPT,
    CALL,
    CALLER,
    HANDOFF,
    NOW,
    NUMBER,
    OFFICE,
    PUBLIC,
    Answer,
    Phone,
    a_context,
    asked,
    rings,
)


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
        "action": hurried(f"{PUBLIC}{HANDOFF}"),
        "method": "POST",
        "timeout": "20",
        "callerId": NUMBER,
        "answerOnBridge": "true",
    }
    whisper = f"{PUBLIC}/whisper?b=coolcare_hvac&call={CALL}&n=1"
    assert answer.one("Number").get("url") == hurried(whisper)
    assert phone.row().failure is None


@pytest.mark.parametrize("row", [{}, {"ended_at": NOW, "failure": "model_lost"}])
def test_a_call_that_died_is_told_so_put_through_and_recorded(
    phone: Phone, row: dict[str, object]
) -> None:
    phone.has_row(**row)
    answer = phone.post("/after-stream")
    assert rings(answer)
    assert answer.verbs[:2] == ["Stop", "Say"] and "cut off" in (answer.one("Say").text or "")
    assert phone.row().failure == (row.get("failure") or "bridge_lost")
    assert phone.row().outcome == Outcome.FAILED
    assert phone.world.metrics.total("CallsEndedAbnormally") == 1


def bridge_counts(phone: Phone) -> None:
    """What the bridge does once the row says what broke."""
    metrics = phone.world.metrics
    cut_calls.tell_once(
        phone.world.ports, CALL, lambda: metrics.count("CallsEndedAbnormally"), real_now=NOW
    )


@pytest.mark.parametrize("bridge_is_first", [True, False])
def test_a_call_that_broke_is_counted_once_whoever_sees_it_first(
    phone: Phone, *, bridge_is_first: bool
) -> None:
    phone.has_row()
    if bridge_is_first:
        bridge_counts(phone)
    phone.post("/after-stream")
    bridge_counts(phone)
    assert phone.world.metrics.total("CallsEndedAbnormally") == 1


def test_a_caller_whom_no_bridge_took_is_put_through_without_a_word_of_being_cut_off(
    phone: Phone,
) -> None:
    answer = phone.post("/after-stream")
    assert rings(answer)
    assert (answer.one("Say").text or "").startswith("Thanks for calling. Please hold")
    assert (phone.row().failure, phone.row().outcome) == ("capacity", Outcome.FAILED)
    assert phone.world.metrics.total("CallsEndedAbnormally") == 0  # the bridge has counted it


def test_a_lost_bridge_is_counted_once_however_often_twilio_asks(phone: Phone) -> None:
    phone.has_row()
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


# --- nobody on call


OFFICE_ONLY = PhoneLine("x", "X", (NUMBER,), (OFFICE,), OFFICE)


NOBODY_AT_ALL = PhoneLine("x", "X", (NUMBER,), ("+19005550100", "911"), OFFICE)


def with_line(phone: Phone, line: PhoneLine, **fields: str) -> WebhookContext:
    owner = businesses.all_businesses()["coolcare_hvac"]
    on_call = () if line.rings_the_office else line.on_call
    return a_context(
        phone.world,
        form=Form(list(({"CallSid": CALL, "From": CALLER} | fields).items())),
        business=owner.model_copy(update={"on_call": on_call}),
        line=line,
    )


def test_a_call_that_died_with_nobody_to_ring_goes_to_the_mailbox_and_is_counted(
    phone: Phone,
) -> None:
    context = with_line(phone, NOBODY_AT_ALL)
    for _ in range(2):
        answer = Answer(200, after_stream(context), "text/xml")
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
    document = after_stream(with_line(phone, OFFICE_ONLY, CallStatus="in-progress"))
    assert Answer(200, document, "text/xml").verbs == verbs


@pytest.mark.parametrize("failure", sorted(NOT_ADMITTED))
def test_whom_the_model_did_not_take_is_greeted_and_put_through(phone: Phone, failure: str) -> None:
    phone.has_row(ended_at=NOW, failure=failure, escalation=asked())
    document = after_stream(with_line(phone, OFFICE_ONLY, CallStatus="in-progress"))
    assert twiml.OF_THE_OFFICE[twiml.HOLD] in document
    assert Answer(200, document, "text/xml").verbs[-2:] == ["Say", "Dial"]


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
        assert answer.one("Redirect").text == hurried(f"{PUBLIC}/after-stream")
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
        ({"ended_at": NOW, "escalation": asked()}, ["Stop", "Say", "Dial"]),
        ({"ended_at": NOW, "failure": "model_lost"}, ["Stop", "Say", "Dial"]),
    ],
)
def test_a_call_that_has_ended_is_not_waited_for(
    phone: Phone, row: dict[str, object], verbs: list[str]
) -> None:
    phone.has_row(stream_sid=OWN, refused_stream=REFUSED, **row)
    assert phone.post("/after-stream", StreamSid=REFUSED).verbs == verbs


THREE = PhoneLine("x", "X", (NUMBER,), ("+19375550191", "+19375550192", "+19375550193"), OFFICE)


def rung_first(document: str) -> str:
    return Answer(200, document, "text/xml").one("Number").text or ""


def test_of_many_calls_that_broke_at_once_each_rings_another_person(phone: Phone) -> None:
    rung = set()
    for number in range(12):
        sid = f"CA{number:032x}"
        context = with_line(phone, THREE, CallStatus="in-progress", CallSid=sid)
        rung.add(rung_first(after_stream(context)))

    assert rung == set(THREE.on_call)


def test_who_asked_for_a_person_gets_the_first_of_them(phone: Phone) -> None:
    phone.has_row(ended_at=NOW, escalation=asked())
    document = after_stream(with_line(phone, THREE, CallStatus="in-progress"))

    assert rung_first(document) == THREE.on_call[0]
    assert "first=" not in document


@pytest.mark.parametrize("first", [1, 2])
def test_whoever_is_rung_first_all_of_them_are(phone: Phone, first: int) -> None:
    rung = []
    for n in (1, 2, 3):
        document = twiml.ring(
            THREE, NUMBER, public_url=PUBLIC, call_sid=CALL, n=n, say=None, first=first
        )
        assert document is not None and f"first={first}" in document
        rung.append(rung_first(document))
    assert rung == [*THREE.on_call[first:], *THREE.on_call[:first]]
    assert not twiml.ring(
        THREE, NUMBER, public_url=PUBLIC, call_sid=CALL, n=4, say=None, first=first
    )
