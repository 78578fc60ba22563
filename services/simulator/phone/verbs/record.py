"""<Record>: the voicemail box."""

from urllib.parse import urljoin

from services.simulator.phone.legs.caller import Leg
from services.simulator.phone.media.line import HungUp
from services.simulator.phone.twiml import Document, Verb
from services.simulator.speech.sound import FRAME_MS, SILENCE


async def record(leg: Leg, verb: Verb, base: str) -> Document | None:
    """Take a message; return what the action says to it."""
    if verb.get("playBeep", "true") == "true":
        await leg.line.silence(0.5)
    audio = bytearray()
    try:
        digits = await _listen(leg, verb, audio)
    except HungUp:
        if audio.strip(SILENCE[:1]):
            fields = _kept(leg, bytes(audio), "hangup")
            await leg.act_after_hang_up(verb.or_action(base), base, fields)
            await _recorded(leg, verb, base, fields)
        raise
    if not audio.strip(SILENCE[:1]):
        return None  # nothing was said: the next verb follows, and no action is asked
    fields = _kept(leg, bytes(audio), digits)
    leg.network.later(_recorded(leg, verb, base, fields))
    return await leg.act(verb.or_action(base), base, fields)


async def _listen(leg: Leg, verb: Verb, audio: bytearray) -> str:
    """Fill `audio` until silence, a key or the longest time; return the key."""
    quiet = 0.0
    finish = verb.get("finishOnKey", "1234567890*#")
    longest = verb.number("maxLength", 3600) * 1000 / FRAME_MS
    while quiet < verb.number("timeout", 5) and len(audio) < longest * len(SILENCE):
        tick = await leg.line.frame()
        audio += tick.audio
        if any(key in finish for key in tick.keys):
            return tick.keys
        quiet = quiet + FRAME_MS / 1000 if tick.audio == SILENCE else 0.0
    return ""


def _kept(leg: Leg, audio: bytes, digits: str) -> dict[str, str]:
    url = leg.network.recordings.keep(audio, call_sid=leg.call.sid, source="RecordVerb")
    leg.call.recordings.append(url)
    seconds = round(len(audio) / len(SILENCE) * FRAME_MS / 1000)
    leg.note("recorded", f"{seconds} s")
    return {
        "RecordingUrl": url,
        "RecordingSid": url.rsplit("/", 1)[-1],
        "RecordingDuration": str(seconds),
        "Digits": digits,
    }


async def _recorded(leg: Leg, verb: Verb, base: str, fields: dict[str, str]) -> None:
    if callback := verb.get("recordingStatusCallback"):
        report = {key: value for key, value in fields.items() if key != "Digits"}
        report |= {"CallSid": leg.call.sid, "AccountSid": leg.call.account_sid}
        report |= {"RecordingStatus": "completed", "RecordingChannels": "1"}
        await leg.network.webhooks.send(urljoin(base, callback), report)
