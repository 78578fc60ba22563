"""<Dial>: rings other people, and joins the caller with whoever accepts."""

import re

from services.simulator.phone.calls import DialRecord, new_sid
from services.simulator.phone.legs.callee import Callee, CalleeLeg
from services.simulator.phone.legs.caller import Leg
from services.simulator.phone.media.line import HungUp
from services.simulator.phone.twiml import Document, Verb
from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech.sound import FRAME_MS, SILENCE

INVALID_NUMBER = 13224
TALK_QUIET_S = 6.0
_NUMBER = re.compile(r"^\+[1-9]\d{7,14}$")


async def dial(leg: Leg, verb: Verb, base: str) -> Document | None:
    """Ring until somebody accepts, then let them talk; return what the action says to it."""
    dialled: DialRecord | None = None
    began = leg.line.ms
    try:
        for number in verb.children or (Verb("Number", text=verb.text),):
            dialled = DialRecord(number.text, new_sid("CA"))
            if await _ring(leg, verb, base, number, dialled):
                break
    except HungUp:
        if dialled is not None:
            fields = _fields(leg, dialled, began)
            await leg.act_after_hang_up(verb, base, fields)
        raise
    fields = _fields(leg, dialled, began) if dialled else {"DialCallStatus": "failed"}
    return await leg.act(verb, base, fields)


async def _ring(leg: Leg, verb: Verb, base: str, number: Verb, record: DialRecord) -> bool:
    leg.call.dials.append(record)
    leg.note("dials", record.number)
    if not _NUMBER.match(record.number):
        record.status = "failed"
        leg.warn(INVALID_NUMBER, "Dial with an invalid phone number")
        return False
    callee = Callee(leg.network.people.at(record.number), leg.network.speed)
    other = CalleeLeg(leg.call, record, number, callee, leg.documents)
    await leg.line.until(other.ring(base, verb.number("timeout", 30)), abandon=True)
    if record.whispered:
        leg.note("whisper", record.whispered)
    try:
        if record.bridged:
            leg.note("bridged", record.number)
            await _talk(leg, callee.person)
        else:
            leg.note("unanswered", record.number)
    finally:
        if record.status == "completed":
            leg.network.later(other.hang_up(base))
    return record.bridged


async def _talk(leg: Leg, person: OnCall) -> None:
    """Both are connected; whoever was rung hangs up when the caller has nothing more to say."""
    await leg.say(person.says, "on call")
    quiet = 0.0
    while quiet < TALK_QUIET_S:
        tick = await leg.line.frame()
        quiet = quiet + FRAME_MS / 1000 if tick.audio == SILENCE else 0.0


def _fields(leg: Leg, record: DialRecord, began_ms: int) -> dict[str, str]:
    status = "canceled" if record.status == "ringing" else record.status
    fields = {
        "DialCallStatus": status,
        "DialCallSid": record.sid,
        "DialBridged": str(record.bridged).lower(),
    }
    if status == "completed":
        fields["DialCallDuration"] = str((leg.line.ms - began_ms) // 1000)
    return fields
