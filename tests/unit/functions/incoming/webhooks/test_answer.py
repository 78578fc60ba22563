"""POST /incoming: the call is given to the bridge, with a token that opens one stream."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.simulator.scenarios.businesses import SMOKE_CALLER
from shared import published
from shared.domain.twilio_signature import hurried
from shared.published import BusinessFile, version_of
from tests.examples import BUSINESSES
from tests.unit.functions.incoming.phone_company import (
    CALL,
    CALLER,
    ENVIRON,
    NUMBER,
    ON_CALL,
    PUBLIC,
    Phone,
    claims_of,
)

ROOT = Path(__file__).parents[5]


def test_a_call_is_streamed_with_a_token_for_it(phone: Phone) -> None:
    answer = phone.post("/incoming", CallStatus="ringing")

    assert (answer.status, answer.content_type) == (200, "text/xml")
    assert answer.verbs[:2] == ["Start", "Connect"]
    assert answer.one("Connect").attrib == {
        "action": hurried(f"{PUBLIC}/after-stream"),
        "method": "POST",
    }
    stream = answer.one("Stream")
    assert stream.get("url") == ENVIRON["MEDIA_URL"]
    assert stream.get("statusCallback") == f"{PUBLIC}/stream-status"
    claims = claims_of(answer, phone)
    assert (claims.business_id, claims.caller, claims.synthetic) == ("coolcare_hvac", CALLER, False)
    assert claims.expires == int(phone.now.timestamp()) + 120


def test_what_follows_the_stream_reaches_a_person(phone: Phone) -> None:
    answer = phone.post("/incoming")
    assert answer.verbs == ["Start", "Connect", "Stop", "Say", "Dial"]
    assert answer.one("Number").text == ON_CALL
    assert answer.one("Dial").get("callerId") == NUMBER


def test_no_table_is_touched(phone: Phone) -> None:
    phone.world.calls.down = True
    assert phone.post("/incoming").verbs[:2] == ["Start", "Connect"]


def test_a_retry_gets_the_same_answer_with_a_fresh_token(phone: Phone) -> None:
    first, second = phone.post("/incoming"), phone.post("/incoming")
    assert claims_of(first, phone).nonce != claims_of(second, phone).nonce
    for answer in (first, second):
        answer.one("Parameter").set("value", "")
    assert first.verbs == second.verbs


def test_a_webhook_that_comes_late_is_answered_all_the_same(phone: Phone) -> None:
    phone.later(hours=3)
    assert phone.post("/incoming").verbs[:2] == ["Start", "Connect"]


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


def test_a_call_is_recorded_from_before_the_disclosure_on(phone: Phone) -> None:
    recording = phone.post("/incoming").one("Start/Recording").attrib
    assert recording["channels"] == "dual"
    assert recording["recordingStatusCallback"] == f"{PUBLIC}/recording-status?b=coolcare_hvac"
    assert "in-progress" in recording["recordingStatusCallbackEvent"]


def test_the_recording_ends_before_a_person_is_rung(phone: Phone) -> None:
    answer = phone.post("/incoming")
    assert answer.one("Stop/Recording").attrib == {
        "name": answer.one("Start/Recording").get("name")
    }
    assert answer.verbs.index("Stop") < answer.verbs.index("Dial")


OLD = (BUSINESSES / "coolcare_hvac.toml").read_text()
NEW = OLD.replace(ON_CALL, "+19375550197")
DRAFT = OLD.replace('"coolcare_hvac"', '"mine"').replace(NUMBER, "+19375550177")


@pytest.fixture
def publish() -> Iterator[Callable[..., None]]:
    """Put a text in force, with the one before it."""

    def publish(text: str, before: str | None = None) -> None:
        file = BusinessFile("coolcare_hvac", text, before, is_published=True)
        published.use({"coolcare_hvac": file})

    yield publish
    published.forget()


def test_a_call_keeps_its_version_through_its_webhooks(
    phone: Phone, publish: Callable[..., None]
) -> None:
    publish(OLD)
    answer = phone.post("/incoming")
    assert claims_of(answer, phone).version == version_of(OLD)
    publish(NEW, before=OLD)

    after = phone.post(answer.one("Connect").attrib["action"], CallStatus="in-progress")
    assert after.one("Number").text == ON_CALL
    assert phone.row().business_version == version_of(OLD)
    asked = [after.one("Dial").attrib["action"], after.one("Number").attrib["url"]]
    assert all(f"v={version_of(OLD)}" in url for url in asked)
    assert phone.post("/incoming").one("Number").text == "+19375550197"


def test_where_nothing_is_published_no_address_names_a_version(phone: Phone) -> None:
    answer = phone.post("/incoming")
    assert "v=" not in answer.one("Connect").attrib["action"]
    assert claims_of(answer, phone).version == version_of(OLD)


def test_a_draft_answers_a_smoke_call_and_nobody_else(
    phone: Phone, publish: Callable[..., None]
) -> None:
    published.fetch_with(_drafts)
    phone.environ["SYNTHETIC_CALLERS"] = SMOKE_CALLER
    named = {"To": "+19375550177", "SmokeDraft": f"mine@{version_of(DRAFT)}"}
    smoke = {"From": SMOKE_CALLER, "SmokeCall": "true"}

    claims = claims_of(phone.post("/incoming", **named, **smoke), phone)
    assert (claims.business_id, claims.version) == ("mine", version_of(DRAFT))
    # A caller's own word for it counts for nothing.
    assert "not in service" in phone.post("/incoming", **named).body
    nobody = phone.post("/incoming", **smoke, To="+19375550177", SmokeDraft="mine@000000000000")
    assert "not in service" in nobody.body


def _drafts(business_id: str, version: str) -> str | None:
    return DRAFT if (business_id, version) == ("mine", version_of(DRAFT)) else None
