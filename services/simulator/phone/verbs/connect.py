"""<Connect><Stream>: hands the caller's audio to a server until it closes the socket."""

from urllib.parse import urljoin, urlsplit

from services.simulator.phone.calls import StreamRecord, new_sid
from services.simulator.phone.legs.caller import Leg
from services.simulator.phone.legs.stream import HANDSHAKE, MediaStream
from services.simulator.phone.media.line import HungUp, Redirected
from services.simulator.phone.twiml import SCHEMA_WARNING, Document, Verb

STREAM_SCHEME = 31922
LONGEST_PARAMETER = 500


async def connect(leg: Leg, verb: Verb, base: str) -> Document | None:
    """Stream until the server closes the socket; return what the action says to it."""
    if not verb.children:
        return None
    noun = verb.children[0]
    url = noun.get("url")
    parameters = {child.get("name"): child.get("value") for child in noun.children}
    record = StreamRecord(new_sid("MZ"), url, parameters)
    if not _streamable(leg, url, parameters):
        return await leg.act(verb, base, {})
    leg.call.streams.append(record)
    stream = MediaStream(
        leg.call,
        record,
        leg.line,
        auth_token=leg.network.account.auth_token,
        faults=leg.network.media_faults,
        warn=leg.warn,
    )
    try:
        reached = await stream.run(lambda: _tell(leg, noun, base, record, "stream-started"))
    except (HungUp, Redirected) as exc:
        _tell(leg, noun, base, record, "stream-stopped")
        if isinstance(exc, HungUp):
            await leg.act_after_hang_up(verb, base, {"StreamSid": record.sid})
        raise
    _tell(leg, noun, base, record, "stream-stopped" if reached else "stream-error")
    return await leg.act(verb, base, {"StreamSid": record.sid})


def _streamable(leg: Leg, url: str, parameters: dict[str, str]) -> bool:
    """Tell whether Twilio would open it; what it would not is a warning."""
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "wss" and not (parts.scheme == "ws" and loopback):
        leg.warn(STREAM_SCHEME, f"Stream url with the scheme {parts.scheme!r}")
        return False
    if parts.query or parts.fragment:
        leg.warn(HANDSHAKE, "Stream url with a query string")
        return False
    for name, value in parameters.items():
        if len(name) + len(value) >= LONGEST_PARAMETER:
            leg.warn(SCHEMA_WARNING, f"Parameter {name} of 500 characters or more")
            return False
    return True


def _tell(leg: Leg, noun: Verb, base: str, record: StreamRecord, event: str) -> None:
    leg.note("stream", event)
    if callback := noun.get("statusCallback"):
        fields = {
            "AccountSid": leg.call.account_sid,
            "CallSid": leg.call.sid,
            "StreamSid": record.sid,
            "StreamName": noun.get("name", record.sid),
            "StreamEvent": event,
        }
        if event == "stream-error":
            fields |= {"StreamError": "handshake failed", "StreamErrorCode": str(HANDSHAKE)}
        method = noun.get("statusCallbackMethod", "POST")
        leg.network.later(leg.network.webhooks.send(urljoin(base, callback), fields, method))
