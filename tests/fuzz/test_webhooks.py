"""Whatever a signed webhook holds, it is answered in its own kind, and nobody unknown is written
to; what is not signed is refused.

`make fuzz` looks for longer and with fresh seeds.
"""

from typing import Final
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeWorld
from tests.fuzz.seeds import fuzzed
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    FIELDS,
    NUMBER,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Phone,
    asked,
    signed,
)

PATHS: Final = (
    "/incoming",
    "/after-stream",
    "/handoff",
    "/whisper",
    "/whisper-accept",
    "/alert-accept",
    "/voicemail",
    "/sms",
    "/call-status",
    "/sms-status",
    "/recording-status",
    "/stream-status",
)
NAMES: Final = (
    *FIELDS,
    "Body",
    "Digits",
    "MessageSid",
    "MessageStatus",
    "ErrorCode",
    "ErrorUrl",
    "DialCallStatus",
    "DialCallSid",
    "DialBridged",
    "ParentCallSid",
    "RecordingUrl",
    "RecordingSid",
    "RecordingStatus",
    "RecordingDuration",
    "StreamSid",
    "StreamEvent",
    "StirVerstat",
    "ForwardedFrom",
    "Timestamp",
    "CallDuration",
    "SequenceNumber",
)
PLAIN: Final = (CALL, CALLER, NUMBER, OFFICE, ON_CALL, "completed", "in-progress", "1", "STOP")
ODD: Final = ("", "\x00", "<Dial>", "&b=coolcare_hvac", "-1", "NaN", "9" * 400, "💥", "+", "a\nb")
values = st.sampled_from(PLAIN + ODD) | st.text(max_size=30)
queries = st.dictionaries(st.sampled_from(["b", "n", "call", "of", "t", "x"]), values, max_size=4)
forms = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


def target_of(path: str, query: dict[str, str]) -> str:
    return f"{PUBLIC}{path}" + (f"?{urlencode(query)}" if query else "")


def texted(world: FakeWorld) -> set[str]:
    return {text.to for text in world.texts.sent}


@fuzzed
@given(
    st.lists(st.tuples(st.sampled_from(PATHS), queries, forms), max_size=5),
    st.sampled_from([{}, {"escalation": asked()}, {"business_id": "nobody's"}]),
)
def test_every_signed_webhook_is_answered_and_texts_nobody_unknown(
    requests: list[tuple[str, dict[str, str], dict[str, str]]], row: dict[str, object]
) -> None:
    phone = Phone()
    phone.has_row(**row)
    known = {CALLER, NUMBER, OFFICE, ON_CALL}
    for path, query, form in requests:
        body = urlencode({**FIELDS, **form})
        target = target_of(path, query)
        answer = phone.deliver(target, body, signed(target, body))
        assert answer.status in (200, 204, 400, 403, 404), answer.body
        if answer.content_type.startswith("text/xml"):
            assert answer.xml.tag == "Response"
        known |= {form[name] for name in ("From", "Caller") if name in form}
    assert texted(phone.world) <= known


@fuzzed
@given(st.sampled_from(PATHS), queries, st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_what_is_not_signed_is_refused_and_changes_nothing(
    path: str, query: dict[str, str], body: bytes, signature: str | None
) -> None:
    phone = Phone()

    answer = phone.deliver(target_of(path, query), body, signature)

    assert answer.status == 403
    assert not phone.world.calls.rows and not phone.world.texts.sent
