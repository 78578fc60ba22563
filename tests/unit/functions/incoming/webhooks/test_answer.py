"""POST /incoming: the call is given to the bridge, with a token that opens one stream."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from functions.incoming import phone_numbers
from functions.incoming.settings import BadSettings, settings_of
from functions.incoming.webhooks.answer import caller_of
from shared import businesses
from shared.domain import stream_token
from shared.tools.dispatch import ToolDispatcher
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    ENVIRON,
    NOW,
    NUMBER,
    OFFICE,
    ON_CALL,
    PUBLIC,
    Answer,
    Phone,
)

ROOT = Path(__file__).parents[5]


def claims_of(answer: Answer, phone: Phone) -> stream_token.TokenClaims:
    parameter = answer.one("Parameter")
    assert parameter.get("name") == "token"
    assert len("token" + parameter.attrib["value"]) < 500
    return stream_token.read(
        "stream secret", parameter.attrib["value"], call_sid=CALL, now=int(phone.now.timestamp())
    )


def test_a_call_is_streamed_with_a_token_for_it(phone: Phone) -> None:
    answer = phone.post("/incoming", CallStatus="ringing")

    assert (answer.status, answer.content_type) == (200, "text/xml")
    assert answer.verbs[0] == "Connect"
    assert answer.one("Connect").attrib == {"action": f"{PUBLIC}/after-stream", "method": "POST"}
    stream = answer.one("Stream")
    assert stream.get("url") == ENVIRON["MEDIA_URL"]
    assert stream.get("statusCallback") == f"{PUBLIC}/stream-status"
    claims = claims_of(answer, phone)
    assert (claims.business_id, claims.caller, claims.synthetic) == ("coolcare_hvac", CALLER, False)
    assert claims.expires == int(phone.now.timestamp()) + 120


def test_what_follows_the_stream_reaches_a_person(phone: Phone) -> None:
    answer = phone.post("/incoming")
    assert answer.verbs == ["Connect", "Say", "Dial"]
    assert answer.one("Number").text == ON_CALL
    assert answer.one("Dial").get("callerId") == NUMBER


def test_no_table_is_touched(phone: Phone) -> None:
    phone.world.calls.down = True
    assert phone.post("/incoming").verbs[0] == "Connect"


def test_a_retry_gets_the_same_answer_with_a_fresh_token(phone: Phone) -> None:
    first, second = phone.post("/incoming"), phone.post("/incoming")
    assert claims_of(first, phone).nonce != claims_of(second, phone).nonce
    for answer in (first, second):
        answer.one("Parameter").set("value", "")
    assert first.verbs == second.verbs


def test_a_webhook_that_comes_late_is_answered_all_the_same(phone: Phone) -> None:
    phone.later(hours=3)
    assert phone.post("/incoming").verbs[0] == "Connect"


def test_a_number_nobody_owns_is_told_so(phone: Phone) -> None:
    answer = phone.post("/incoming", To="+19375559999")
    assert answer.verbs == ["Say", "Hangup"]
    assert "not in service" in (answer.one("Say").text or "")
    assert "TwimlServed" not in phone.emf.getvalue()


def test_serving_is_counted_for_the_stage_and_the_business(phone: Phone) -> None:
    phone.post("/incoming")
    line = json.loads(phone.emf.getvalue())
    assert (line["TwimlServed"], line["stage"], line["business"]) == (1, "local", "coolcare_hvac")


@pytest.mark.parametrize(
    ("number", "caller"),
    [
        (CALLER, CALLER),
        ("", None),
        ("anonymous", None),
        ("+266696687", None),
        ("sip:someone@example.com", None),
        ("client:" + "x" * 400, None),
        ("+1" + "5" * 400, None),
    ],
)
def test_only_a_number_one_could_call_back_is_a_caller_id(
    phone: Phone, number: str, caller: str | None
) -> None:
    assert caller_of(number) == caller
    assert claims_of(phone.post("/incoming", From=number), phone).caller == caller


OURS = sorted(
    {
        number
        for owner in businesses.all_businesses().values()
        for number in (*owner.numbers, owner.office, *owner.on_call)
    }
)


@pytest.mark.parametrize("number", OURS)
def test_a_number_of_ours_is_nobodys_caller_id(phone: Phone, number: str) -> None:
    """A line that forwards its calls may be presented as their origin."""
    assert claims_of(phone.post("/incoming", From=number), phone).caller is None
    assert phone_numbers.is_ours(number)
    assert CALLER not in OURS and not phone_numbers.is_ours(CALLER)


@pytest.mark.parametrize(
    ("fields", "caller"),
    [
        ({"From": NUMBER}, None),
        ({"From": "+19375550177", "ForwardedFrom": "+19375550177"}, None),
        ({"From": "+19375550177", "ForwardedFrom": "(937) 555-0177"}, None),
        ({"From": "+19375550177", "ForwardedFrom": "0019375550177"}, None),
        ({"From": "+19375550177", "Called": "+19375550177"}, None),
        # It takes a number away; it never gives one, and another's changes nothing.
        ({"From": CALLER, "ForwardedFrom": OFFICE}, CALLER),
        ({"From": "", "ForwardedFrom": CALLER}, None),
        ({"From": "anonymous", "ForwardedFrom": OFFICE}, None),
        ({"From": CALLER, "ForwardedFrom": "0000"}, CALLER),
        ({"From": CALLER, "ForwardedFrom": ""}, CALLER),
        ({"From": CALLER, "ForwardedFrom": "sip:pbx@example.com"}, CALLER),
    ],
)
def test_a_forwarding_line_is_recognised_and_never_believed(
    phone: Phone, fields: dict[str, str], caller: str | None
) -> None:
    assert claims_of(phone.post("/incoming", **fields), phone).caller == caller


@pytest.mark.parametrize("said", ["this number is fine", "the number I'm calling from", ""])
def test_nothing_is_left_for_a_forwarded_caller_who_named_no_number(
    phone: Phone, said: str
) -> None:
    claims = claims_of(phone.post("/incoming", From=OFFICE), phone)
    owner = businesses.all_businesses()["coolcare_hvac"]
    phone.has_row(caller=claims.caller)
    dispatcher = ToolDispatcher(owner, CALL, claims.caller, phone.world.ports, PUBLIC, False)

    arguments = {"name": "Sarah Miller", "phone": said, "message": "Call me back."}
    reply = dispatcher.use("take_message", arguments, now=NOW, real_now=NOW)

    assert "error" in reply.output
    assert not phone.world.texts.sent and not phone.world.customers.rows


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+19375559999", "number"),
        ("sip:+19375550100@example.sip.twilio.com;region=us1", "sip"),
        ("client:dispatcher", "client"),
        ("9375559999", "other"),
        ("", "other"),
    ],
)
def test_a_call_to_a_number_of_nobodys_is_counted_and_logged_without_it(
    phone: Phone, number: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = phone.post("/incoming", To=number)

    assert answer.verbs == ["Say", "Hangup"]
    counted = [json.loads(line) for line in phone.emf.getvalue().splitlines()]
    assert [line.get("CallsToUnknownNumber") for line in counted] == [1]
    (record,) = [r for r in caplog.records if r.name.startswith("functions")]
    told = vars(record)
    assert (told["call_sid"], told["kind"]) == (CALL, kind)
    assert "9375559999" not in str(told) and "9375550100" not in str(told)


def test_a_call_to_a_number_of_ours_is_not_counted_as_unknown(phone: Phone) -> None:
    phone.post("/incoming")
    assert "CallsToUnknownNumber" not in phone.emf.getvalue()


def test_a_smoke_call_is_marked(phone: Phone) -> None:
    phone.environ["SYNTHETIC_CALLERS"] = f"+15550000000, {CALLER}"
    assert claims_of(phone.post("/incoming", SmokeCall="true"), phone).synthetic


def test_a_forged_caller_id_is_no_smoke_call(phone: Phone) -> None:
    """What counts nowhere raises no alarm: nobody may call that way but us."""
    phone.environ["SYNTHETIC_CALLERS"] = CALLER
    assert not claims_of(phone.post("/incoming"), phone).synthetic
    assert "TwimlServed" in phone.emf.getvalue()
    phone.environ["SYNTHETIC_CALLERS"] = "+15005550006"
    assert not claims_of(phone.post("/incoming", SmokeCall="true"), phone).synthetic


def test_lines_are_those_of_the_businesses() -> None:
    for owner in businesses.all_businesses().values():
        line = phone_numbers.of_business(owner.id)
        assert line is not None
        assert (line.name, line.numbers) == (owner.name, owner.numbers)
        assert line.on_call == (owner.on_call or (owner.office,))
        assert all(phone_numbers.dialled(number) == line for number in owner.numbers)
    assert len(phone_numbers.all_lines()) == len(businesses.all_businesses())


@pytest.mark.parametrize("name", ["STAGE", "PUBLIC_BASE_URL", "MEDIA_URL", "TWILIO_ACCOUNT_SID"])
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of({**ENVIRON, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [("CLOCK_OFFSET_S", "soon"), ("MEDIA_URL", "wss://media.example.com/media?a=1")],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        settings_of({**ENVIRON, name: value})


def test_business_time_may_not_be_moved_in_prod() -> None:
    assert settings_of({**ENVIRON, "CLOCK_OFFSET_S": "-60"}).clock_offset.total_seconds() == -60
    with pytest.raises(BadSettings, match="CLOCK_OFFSET_S"):
        settings_of({**ENVIRON, "CLOCK_OFFSET_S": "60", "STAGE": "prod"})


def test_answering_loads_nothing_heavy() -> None:
    """A fresh interpreter, one really signed call, and then what it has loaded."""
    ran = subprocess.run(
        [sys.executable, "tests/bench/answer_path.py", "--once"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["status"] == 200 and "<Connect" in told["body"]
    loaded = set(told["modules"])
    heavy = {
        "twilio.rest",
        "openai",
        "stripe",
        "boto3",
        "aws_xray_sdk",
        "pydantic",
        "phonenumbers",
        "requests",
    }
    assert not loaded & heavy
    # powertools' own __init__ names its Tracer and asks for botocore's version; neither is used.
    assert {name for name in loaded if name.startswith("botocore")} <= {"botocore"}
    assert not {name for name in loaded if name.startswith("shared.actions")}
