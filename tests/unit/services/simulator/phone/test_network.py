"""The phone network against a server of ours in a few lines: webhooks, TwiML, other people."""

import asyncio

import aiohttp
import pytest
from twilio.request_validator import RequestValidator

from services.simulator.caller.sending import CallerTick
from services.simulator.phone.webhooks import RETRIEVAL_FAILURE
from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech.textline import decode
from tests.unit.services.simulator.phone.phone_bench import (
    CALLER,
    DIALED,
    ON_CALL,
    Bench,
    ScriptedPhone,
    response,
    says,
)

DIAL = f'<Dial action="/dialled" timeout="5"><Number url="/whisper">{ON_CALL}</Number></Dial>'
WHISPER = '<Gather numDigits="1" action="/accept" timeout="3"><Say>Press 1</Say></Gather><Hangup/>'


def test_the_voice_webhook_is_signed_over_all_its_fields() -> None:
    bench = Bench({"/incoming": response("<Say>Hello</Say>")})
    call = bench.call(ScriptedPhone())
    form = bench.form("/incoming")
    assert (form["From"], form["To"], form["CallStatus"]) == (CALLER, DIALED, "ringing")
    assert form["FromCity"] == ""  # blank, and signed all the same
    path, signature = bench.signatures[0]
    assert path == "/incoming"
    assert RequestValidator("token").validate(bench.url + path, form, signature)
    assert call.warnings == []


def test_the_caller_hears_what_is_said_and_the_end_is_reported() -> None:
    phone = ScriptedPhone()
    bench = Bench({"/incoming": response("<Say>Hello there</Say><Hangup/>")})
    call = bench.call(phone)
    assert decode(bytes(phone.heard)) == "Hello there"
    assert (call.ended_by, call.status) == ("twiml", "completed")
    ended = bench.form("/call-status")
    assert ended["CallStatus"] == "completed"
    assert ended["CallSid"] == call.sid


def test_a_caller_who_hangs_up_ends_the_call() -> None:
    bench = Bench({"/incoming": response('<Pause length="60"/>')})
    assert bench.call(ScriptedPhone(patience=3)).ended_by == "caller"


def test_a_failing_webhook_is_followed_by_twilios_apology() -> None:
    bench = Bench({})
    call = bench.call(ScriptedPhone())
    assert call.warnings[0].startswith(str(RETRIEVAL_FAILURE))
    assert call.said == ["We are sorry. An application error has occurred. Goodbye."]


def test_keys_are_gathered_and_posted() -> None:
    bench = Bench(
        {
            "/incoming": response('<Gather numDigits="2" action="/keys"><Say>Keys</Say></Gather>'),
            "/keys": response("<Hangup/>"),
        }
    )
    bench.call(ScriptedPhone(CallerTick(keys="4"), CallerTick(keys="2")))
    assert bench.form("/keys")["Digits"] == "42"


def test_nobody_presses_anything_and_the_next_verb_follows() -> None:
    body = '<Gather action="/keys" timeout="1"/><Say>Goodbye</Say>'
    bench = Bench({"/incoming": response(body)})
    assert bench.call(ScriptedPhone()).said == ["Goodbye"]
    assert "/keys" not in bench.paths


def test_whoever_accepts_is_connected() -> None:
    bench = Bench(
        {
            "/incoming": response(DIAL),
            "/whisper": response(WHISPER),
            "/accept": response(""),
            "/dialled": response("<Hangup/>"),
        }
    )
    phone = ScriptedPhone()
    call = bench.call(phone, OnCall(answers="accepts", says="Dana here"))
    assert decode(bytes(phone.heard)) == "Dana here"
    assert call.dials[0].bridged
    whisper, dialled = bench.form("/whisper"), bench.form("/dialled")
    assert whisper["ParentCallSid"] == call.sid
    assert whisper["CallSid"] == dialled["DialCallSid"] == call.dials[0].sid
    assert (dialled["DialCallStatus"], dialled["DialBridged"]) == ("completed", "true")
    assert call.warnings == []


def test_an_answer_without_pressing_1_connects_nobody() -> None:
    bench = Bench(
        {
            "/incoming": response(DIAL),
            "/whisper": response(WHISPER),
            "/dialled": response("<Say>Nobody</Say>"),
        }
    )
    call = bench.call(ScriptedPhone(), OnCall(answers="declines"))
    dialled = bench.form("/dialled")
    assert (dialled["DialCallStatus"], dialled["DialBridged"]) == ("completed", "false")
    assert "/accept" not in bench.paths
    assert call.said == ["Nobody"]


def test_a_phone_that_rings_on_is_no_answer() -> None:
    bench = Bench({"/incoming": response(DIAL), "/dialled": response("<Hangup/>")})
    bench.call(ScriptedPhone())
    assert bench.form("/dialled")["DialCallStatus"] == "no-answer"


def test_a_caller_who_leaves_while_it_rings_is_told_to_the_action() -> None:
    bench = Bench({"/incoming": response(DIAL), "/dialled": response("<Say>Too late</Say>")})
    call = bench.call(ScriptedPhone(patience=10))
    assert call.ended_by == "caller"
    form = bench.form("/dialled")
    assert (form["DialCallStatus"], form["CallStatus"]) == ("canceled", "completed")
    assert call.said == []


def test_a_voicemail_is_recorded_and_its_address_posted() -> None:
    body = '<Record action="/voicemail" timeout="2" maxLength="60"/>'
    bench = Bench({"/incoming": response(body), "/voicemail": response("<Hangup/>")})
    silent_beep = [CallerTick()] * 25
    call = bench.call(ScriptedPhone(*silent_beep, *says("Please call me back")))
    form = bench.form("/voicemail")
    assert form["RecordingUrl"] == call.recordings[0]
    assert bench.network is not None
    recorded = bench.network.recordings.audio[form["RecordingSid"]]
    assert decode(recorded) == "Please call me back"


def test_an_empty_voicemail_asks_no_action() -> None:
    body = '<Record action="/voicemail" timeout="1"/><Say>Goodbye</Say>'
    bench = Bench({"/incoming": response(body)})
    assert bench.call(ScriptedPhone()).said == ["Goodbye"]
    assert "/voicemail" not in bench.paths


def test_documents_that_go_round_in_a_circle_end() -> None:
    bench = Bench({"/incoming": response("<Redirect>/incoming</Redirect>")})
    call = bench.call(ScriptedPhone(patience=100_000))
    assert any("circle" in warning for warning in call.warnings)


@pytest.mark.parametrize(
    ("url", "code"),
    [("ws://example.com/media", "31922"), ("wss://example.com/media?token=1", "31920")],
)
def test_an_address_twilio_would_not_stream_to_is_refused(url: str, code: str) -> None:
    body = f'<Connect action="/after"><Stream url="{url}"/></Connect>'
    bench = Bench({"/incoming": response(body), "/after": response("<Hangup/>")})
    call = bench.call(ScriptedPhone())
    assert call.warnings[0].startswith(code)
    assert call.streams == []


def texting(fields: dict[str, str], token: str = "token") -> tuple[int, dict[str, object], Bench]:
    """Send one message during a call; return status, answer and bench."""
    bench = Bench({"/incoming": response('<Pause length="30"/>'), "/sms-status": response("")})
    answers: list[tuple[int, dict[str, object]]] = []

    async def send() -> None:
        while bench.network is None or not bench.network.account.api_url:
            await asyncio.sleep(0)
        account = bench.network.account.sid
        url = f"{bench.network.account.api_url}/2010-04-01/Accounts/{account}/Messages.json"
        data = {**fields, "StatusCallback": bench.url + "/sms-status"}
        login = aiohttp.encode_basic_auth(account, token)
        async with (
            aiohttp.ClientSession(headers={"Authorization": login}) as http,
            http.post(url, data=data) as answer,
        ):
            answers.append((answer.status, await answer.json()))

    class Sender(ScriptedPhone):
        def tick(self, heard: bytes) -> CallerTick:
            if not self.heard:
                self.task = asyncio.ensure_future(send())
            super().tick(heard)
            return CallerTick(hangs_up=self.task.done())

    bench.call(Sender())
    return *answers[0], bench


GOOD = {"To": CALLER, "From": DIALED, "Body": "Your window is 9 to 11 PM"}


def test_a_text_is_taken_and_reported_sent_then_delivered() -> None:
    status, answer, bench = texting(GOOD)
    assert (status, answer["status"]) == (201, "queued")
    assert bench.network is not None
    assert [text.body for text in bench.network.sms.taken] == [GOOD["Body"]]
    reports = [form["MessageStatus"] for path, form in bench.forms if path == "/sms-status"]
    assert reports == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": "555"}, 21211),
        ({"To": "+15005550004"}, 21610),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"From": "+15005550007"}, 21606),
    ],
)
def test_a_text_twilio_would_refuse_is_refused_with_its_code(
    change: dict[str, str], code: int
) -> None:
    status, answer, bench = texting({**GOOD, **change})
    assert (status, answer["code"]) == (400, code)
    assert bench.network is not None
    assert bench.network.sms.taken == []


def test_a_text_with_another_token_is_not_ours() -> None:
    status, answer, _ = texting(GOOD, token="other")
    assert (status, answer["code"]) == (401, 20003)
