"""What Twilio shall do with a call. Pure: from values to TwiML."""

import re
from urllib.parse import urlencode

from twilio.twiml.voice_response import Connect, Dial, Gather, Recording, Stop, VoiceResponse

from functions.incoming.phone_numbers import PhoneLine
from shared.domain.twilio_signature import hurried

RECORDING = "call"  # its name, by which it is stopped
RING_S = 20  # four rings, and the next phone
WHISPER_S = 8
WAIT_S = 10  # until it is asked again how a call goes on
LONGEST_VOICEMAIL_S = 180
MOST_RUNG = 5

SORRY = "I'm sorry, we were cut off. Please hold while I get someone on the line."
# Nobody has answered yet, or it cannot be known whether somebody has.
HOLD = "Thanks for calling. Please hold while I get someone on the line."
CONNECTING = "Please hold while I connect you."
# Where nobody is named to be on call, the office is rung, by day or night.
OF_THE_OFFICE = {
    SORRY: "I'm sorry, we were cut off. Please hold while I try our office.",
    HOLD: "Thanks for calling. Please hold while I try our office.",
    CONNECTING: "Please hold while I try our office.",
}
NOBODY = (
    "I'm sorry, nobody can come to the phone right now. If this is an emergency, hang up and call "
    "911. Otherwise please leave your name, number and what you need after the tone, and someone "
    "will call you back."
)
UNKNOWN = "I'm sorry, this number is not in service. Please check it and call again. Goodbye."

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
# 911, 311 and the others, also where a country code was put before one; and premium rate.
_NEVER = re.compile(r"\+?1?(?:[2-9]11|900[0-9]{7}|976[0-9]{7})")


def nothing() -> str:
    """For a caller who is gone: nobody follows this."""
    return str(VoiceResponse())


def message(answer: str | None) -> str:
    """What a text is answered with; None for nothing."""
    # Not above: a call that comes in is answered without it.
    from twilio.twiml.messaging_response import MessagingResponse

    response = MessagingResponse()
    if answer:
        response.message(answer)
    return str(response)


def hang_up(say: str | None = None) -> str:
    response = VoiceResponse()
    if say:
        response.say(say)
    response.hangup()
    return str(response)


def busy() -> str:
    """Take no call: whoever rang hears the tone, and is charged nothing."""
    response = VoiceResponse()
    response.reject(reason="busy")
    return str(response)


def stream(
    line: PhoneLine, number: str, *, public_url: str, media_url: str, call_sid: str, token: str
) -> str:
    """Give the call to the bridge; when that ends, /after-stream says how it goes on.

    Where calls are recorded, this one is from here on, so that the disclosure's first word is on
    it: a request to Twilio once the bridge speaks would come too late for that.
    """
    response = VoiceResponse()
    if line.is_recorded:
        _record(response, public_url=public_url, business_id=line.business_id)
    connect = Connect(action=hurried(_after_stream(line, public_url)), method="POST")
    connection = connect.stream(
        url=media_url,
        status_callback=f"{public_url}/stream-status",
        status_callback_method="POST",
    )
    connection.parameter(name="token", value=token)
    response.append(connect)
    # Reached only where the action was not: the caller still gets a person, or the mailbox.
    if not _ring(response, line, number, public_url=public_url, call_sid=call_sid, n=1, say=SORRY):
        _take_message(response, public_url=public_url, business_id=line.business_id)
    return str(response)


def wait(line: PhoneLine, *, public_url: str) -> str:
    """Leave the call as it is, and ask again: a second stream ended, and the first goes on."""
    response = VoiceResponse()
    response.pause(length=WAIT_S)
    response.redirect(hurried(_after_stream(line, public_url)), method="POST")
    return str(response)


def ring(
    line: PhoneLine,
    number: str,
    *,
    public_url: str,
    call_sid: str,
    n: int,
    say: str | None,
    first: int = 0,
) -> str | None:
    """Ring the n-th person on call (from 1), or the next who may be dialled; None when none is.
    They are counted from the one at `first`, and round.

    `say` is SORRY, HOLD or CONNECTING; of the office it is said that it is the office.

    `number` is the caller id they see: one of our own, since we may show no other.
    """
    response = VoiceResponse()
    if not _ring(
        response,
        line,
        number,
        public_url=public_url,
        call_sid=call_sid,
        n=n,
        say=say,
        first=first,
    ):
        return None
    return str(response)


def overflow(line: PhoneLine, number: str, *, public_url: str, call_sid: str) -> str | None:
    """Ring the office for a while; /incoming is asked again where nobody there took the call.
    None where the office may not be dialled."""
    if not may_be_dialled(line.office):
        return None
    response = VoiceResponse()
    dial = Dial(
        action=hurried(f"{public_url}/incoming?{_query(rung=1)}"),
        method="POST",
        timeout=line.overflow_after_s,
        caller_id=number,
        answer_on_bridge=True,
    )
    query = _query(call=call_sid, n=1, b=line.business_id)
    dial.number(line.office, url=hurried(f"{public_url}/whisper?{query}"), method="POST")
    response.append(dial)
    return str(response)


def whisper(text: str, *, public_url: str, call_sid: str, business_id: str) -> str:
    """Tell the person who was rung who is calling; without a key it was a mailbox that answered."""
    query = _query(call=call_sid, b=business_id)
    response = VoiceResponse()
    gather = Gather(
        num_digits=1,
        timeout=WHISPER_S,
        action=hurried(f"{public_url}/whisper-accept?{query}"),
        method="POST",
    )
    gather.say(f"{text} Press 1 to take the call.")
    gather.pause(length=1)
    gather.say("Press 1 to take the call.")
    response.append(gather)
    response.hangup()
    return str(response)


def join() -> str:
    """The person on call pressed 1: an empty answer joins both."""
    return str(VoiceResponse())


def voicemail(*, public_url: str, business_id: str) -> str:
    """Nobody answered: take a message."""
    response = VoiceResponse()
    _take_message(response, public_url=public_url, business_id=business_id)
    return str(response)


def _record(response: VoiceResponse, *, public_url: str, business_id: str) -> None:
    """Caller and agent, each on a channel of their own."""
    response.start().recording(
        name=RECORDING,
        channels="dual",
        track="both",
        recording_status_callback=f"{public_url}/recording-status?{_query(b=business_id)}",
        recording_status_callback_event="in-progress completed",
        recording_status_callback_method="POST",
    )


def _take_message(response: VoiceResponse, *, public_url: str, business_id: str) -> None:
    action = hurried(f"{public_url}/voicemail?{_query(b=business_id)}")
    response.say(NOBODY)
    response.record(
        action=action,
        method="POST",
        max_length=LONGEST_VOICEMAIL_S,
        timeout=5,
        play_beep=True,
        finish_on_key="#",
    )
    # Nothing was said: Record asks no action then.
    response.say("We'll call you back. Goodbye.")
    response.hangup()


def _after_stream(line: PhoneLine, public_url: str) -> str:
    """With the version, where another may come into force: a call keeps the one it began with."""
    own = f"?{_query(b=line.business_id, v=line.version)}" if line.is_published else ""
    return f"{public_url}/after-stream{own}"


def _query(**parts: str | int) -> str:
    """Sorted: Twilio signs the address as it is given, and what lies between may sort it."""
    return urlencode(sorted(parts.items()))


def may_be_dialled(number: str) -> bool:
    """A full number of a person: never 911 or its like, which would reach the wrong town's."""
    return _E164.fullmatch(number) is not None and _NEVER.fullmatch(number) is None


def _ring(
    response: VoiceResponse,
    line: PhoneLine,
    number: str,
    *,
    public_url: str,
    call_sid: str,
    n: int,
    say: str | None,
    first: int = 0,
) -> bool:
    rung = line.on_call[:MOST_RUNG]
    rung = (*rung[first:], *rung[:first])
    at = next((at for at in range(max(n, 1), len(rung) + 1) if may_be_dialled(rung[at - 1])), None)
    if at is None:
        return False
    if line.is_recorded and n == 1:
        # The person who is rung was promised no recording, and told of none.
        stop = Stop()
        stop.append(Recording(name=RECORDING))
        response.append(stop)
    if say:
        response.say(OF_THE_OFFICE.get(say, say) if line.rings_the_office else say)
    of: dict[str, str | int] = {"b": line.business_id}
    if line.is_published:
        of["v"] = line.version
    after = {"n": at, **of}
    if line.is_by_day:
        after["day"] = 1
    if first:
        after["first"] = first
    dial = Dial(
        action=hurried(f"{public_url}/handoff?{_query(**after)}"),
        method="POST",
        timeout=RING_S,
        caller_id=number,
        answer_on_bridge=True,
    )
    query = _query(call=call_sid, n=at, **of)
    dial.number(rung[at - 1], url=hurried(f"{public_url}/whisper?{query}"), method="POST")
    response.append(dial)
    return True
