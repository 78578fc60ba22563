"""Webhooks nobody signed, webhooks twice, late and out of order: a clear answer, and no change."""

import asyncio
import base64
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import aiohttp
import pytest

from services.simulator.phone.signature import HEADER, sign
from services.simulator.phone.twiml import Document, parse
from tests.e2e.world import World, world

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PATHS = [
    "/incoming", "/after-stream", "/handoff", "/whisper", "/whisper-accept", "/alert-accept",
    "/voicemail", "/call-status", "/sms-status", "/stream-status", "/recording-status", "/sms",
]  # fmt: skip
pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as made:
        yield made


def answered(here: World) -> tuple[dict[str, str], Document]:
    """Ring once; return the call's form and the TwiML it was answered with."""
    fields = here.call().fields()
    exchange = here.webhook("/incoming", fields)
    assert exchange.error is None, exchange
    return fields, parse(exchange.body)


def stream_of(document: Document) -> tuple[str, dict[str, str]]:
    (noun,) = next(verb for verb in document.verbs if verb.name == "Connect").children
    return noun.get("url"), {child.get("name"): child.get("value") for child in noun.children}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signature", [None, "", "bm8=", "not base64", "é"])
def test_an_unsigned_webhook_is_refused_and_changes_nothing(
    here: World, path: str, signature: str | None
) -> None:
    before = here.tables()
    headers = {**FORM, **({} if signature is None else {HEADER: signature})}
    body = urlencode(here.call().fields()).encode()
    status, _ = here.post(path, body, headers)
    assert status == 403
    assert here.tables() == before


def test_a_signature_of_another_address_is_refused(here: World) -> None:
    fields = here.call().fields()
    url = here.stack.public_url + "/handoff"
    headers = {**FORM, HEADER: sign(here.stack.network.account.auth_token, url, fields.items())}
    assert here.post("/incoming", urlencode(fields).encode(), headers)[0] == 403


def test_answering_needs_no_table_and_twice_is_the_same(here: World) -> None:
    before = here.tables()
    fields, first = answered(here)
    again = parse(here.webhook("/incoming", fields).body)
    assert first.warnings == again.warnings == ()
    assert stream_of(first)[0] == stream_of(again)[0] == here.stack.environment["MEDIA_URL"]
    assert here.tables() == before


def test_a_number_nobody_owns_is_told_so(here: World) -> None:
    call = here.call()
    call.to = "+15550000000"
    exchange = here.webhook("/incoming", call.fields())
    document = parse(exchange.body)
    assert exchange.status == 200
    assert "Connect" not in [verb.name for verb in document.verbs]


@pytest.mark.parametrize(
    ("path", "status"), [("/call-status", "completed"), ("/after-stream", "in-progress")]
)
def test_an_end_that_comes_twice_writes_one_row(here: World, path: str, status: str) -> None:
    """Also where /media never wrote the row."""
    call = here.call()
    call.status = status
    fields = {**call.fields(), "CallDuration": "3", "SequenceNumber": "0"}
    assert here.webhook(path, fields).status in (200, 204)
    once = [row for row in here.tables()["calls"] if row["pk"] == f"CALL#{call.sid}"]
    assert here.webhook(path, fields).status in (200, 204)
    twice = [row for row in here.tables()["calls"] if row["pk"] == f"CALL#{call.sid}"]
    assert len(once) == 1
    assert once[0]["outcome"]
    assert once == twice


def test_the_end_before_and_after_the_stream_are_the_same_in_any_order(here: World) -> None:
    ends = []
    for order in (["/after-stream", "/call-status"], ["/call-status", "/after-stream"]):
        call = here.call()
        call.status = "completed"
        for path in order:
            here.webhook(path, {**call.fields(), "SequenceNumber": "0"})
        row = next(row for row in here.tables()["calls"] if row["pk"] == f"CALL#{call.sid}")
        ends.append({name: row.get(name) for name in ("outcome", "failure", "business_hours")})
    assert ends[0] == ends[1]


# -- the media socket --------------------------------------------------------------------


async def talk(
    here: World, url: str, frames: list[str | bytes], *, signed: str | None = None
) -> tuple[int, str]:
    """Open /media, send frames, and return (status, how it ended)."""
    token = here.stack.network.account.auth_token
    headers = {HEADER: sign(token, url) if signed is None else signed}
    async with aiohttp.ClientSession() as http:
        try:
            socket = await http.ws_connect(url, headers=headers)
        except aiohttp.WSServerHandshakeError as exc:
            return exc.status, "refused"
        for frame in frames:
            await (socket.send_bytes if isinstance(frame, bytes) else socket.send_str)(frame)  # type: ignore[arg-type]
        async with asyncio.timeout(15):
            async for _ in socket:
                pass
        return 101, "closed"


def start(here: World, parameters: dict[str, str], call_sid: str) -> list[str | bytes]:
    account, stream = here.stack.network.account.sid, "MZ" + "1" * 32
    media = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    body = {
        "accountSid": account,
        "streamSid": stream,
        "callSid": call_sid,
        "tracks": ["inbound"],
        "mediaFormat": media,
        "customParameters": parameters,
    }
    begin = {"event": "start", "sequenceNumber": "1", "start": body, "streamSid": stream}
    return ['{"event":"connected","protocol":"Call","version":"1.0.0"}', json.dumps(begin)]


@pytest.mark.parametrize("signature", ["", "bm8="])
def test_an_unsigned_upgrade_is_refused(here: World, signature: str) -> None:
    url = here.stack.environment["MEDIA_URL"]
    assert here.run(talk(here, url, [], signed=signature))[0] == 403


@pytest.mark.parametrize(
    "frames",
    [
        ["{"],
        [b"\0\1\2"],
        ['{"event":"media"}'],
        ['{"event":"start","start":{}}'],
        ["[]", "null", '"start"'],
        [json.dumps({"event": "media", "media": {"payload": base64.b64encode(b"x").decode()}})],
    ],
)
def test_frames_that_are_not_twilios_end_the_socket_and_write_nothing(
    here: World, frames: list[str | bytes]
) -> None:
    before = here.tables()["calls"]
    url = here.stack.environment["MEDIA_URL"]
    assert here.run(talk(here, url, frames)) == (101, "closed")
    assert here.tables()["calls"] == before


@pytest.mark.parametrize("token", ["", "forged", "a.b", "x" * 480])
def test_a_token_that_is_not_ours_is_refused(here: World, token: str) -> None:
    call = here.call()
    url = here.stack.environment["MEDIA_URL"]
    frames = start(here, {"token": token}, call.sid)
    assert here.run(talk(here, url, frames)) == (101, "closed")
    assert not [row for row in here.tables()["calls"] if call.sid in row["pk"]]


def test_a_token_opens_one_call_and_no_other(here: World) -> None:
    fields, document = answered(here)
    url, parameters = stream_of(document)
    frames = start(here, parameters, fields["CallSid"])
    stop = json.dumps(
        {"event": "stop", "sequenceNumber": "2", "stop": {}, "streamSid": "MZ" + "1" * 32}
    )
    other = here.call()
    assert here.run(talk(here, url, start(here, parameters, other.sid))) == (101, "closed")
    assert not [row for row in here.tables()["calls"] if other.sid in row["pk"]]
    here.run(talk(here, url, [*frames, stop]))
    first = here.ended_call(fields["CallSid"])
    here.run(talk(here, url, frames))
    rows = [row for row in here.tables()["calls"] if fields["CallSid"] in row["pk"]]
    again = [row for row in rows if row["sk"] != "OUTBOX"]  # told to others, then removed
    assert again == [first]
