"""Follows the TwiML of one call, verb by verb, on the caller's leg."""

from urllib.parse import urljoin

from services.simulator.phone.legs.caller import Leg
from services.simulator.phone.media.line import HungUp, LineOrder, Redirected
from services.simulator.phone.twiml import Document, TwimlError, Verb, parse
from services.simulator.phone.verbs.connect import connect
from services.simulator.phone.verbs.dial import dial
from services.simulator.phone.verbs.record import record
from services.simulator.speech.sound import FRAME_MS

UNPLAYABLE, CIRCLE = 12400, 11220
MOST_DOCUMENTS = 50


async def follow(leg: Leg, document: Document) -> None:
    """Follow `document` and whatever it leads to, until the call is over."""
    following: Document | None = document
    try:
        for _ in range(MOST_DOCUMENTS):
            if following is None:
                leg.call.ended_by = "twiml"
                return
            following = await _next(leg, following)
        leg.warn(CIRCLE, "the documents go round in a circle")
        leg.call.ended_by = "twiml"
    except HungUp:
        leg.call.ended_by = "caller"


async def _next(leg: Leg, document: Document) -> Document | None:
    """Do one document; return the one it leads to, None at its end."""
    try:
        for verb in document.verbs:
            if verb.name in ("Hangup", "Reject"):
                return None
            following = await _do(leg, verb, document.url)
            if following is not None:
                return following
    except Redirected as exc:
        return await _obey(leg, exc.order, document.url)
    return None


async def _obey(leg: Leg, order: LineOrder, base: str) -> Document | None:
    if order.twiml:
        try:
            return parse(order.twiml, base)
        except TwimlError as exc:
            leg.warn(exc.code, f"an update's TwiML: {exc}")
            return None
    if order.url:
        return await leg.line.until(leg.fetch(order.url, {}, order.method))
    return None


async def _do(leg: Leg, verb: Verb, base: str) -> Document | None:
    """Do one verb; return the next document, where it leads to one."""
    match verb.name:
        case "Say":
            await leg.say(verb.text)
        case "Pause":
            await leg.line.silence(verb.number("length", 1))
        case "Play":
            leg.warn(UNPLAYABLE, "Play is not part of this network")
        case "Redirect":
            method = verb.get("method", "POST")
            url = urljoin(base, verb.text)
            return await leg.line.until(leg.fetch(url, {}, method)) or Document(url, ())
        case "Start":
            for noun in verb.children:
                leg.recorder.start(noun, base)
        case "Stop":
            for noun in verb.children:
                leg.recorder.stop(noun.get("name") or None)
        case "Gather":
            return await _gather(leg, verb, base)
        case "Record":
            return await record(leg, verb, base)
        case "Dial":
            return await dial(leg, verb, base)
        case "Connect":
            return await connect(leg, verb, base)
    return None


async def _gather(leg: Leg, verb: Verb, base: str) -> Document | None:
    keys = ""
    for child in verb.children:
        if child.name == "Say":
            keys += await leg.say(child.text)
        elif child.name == "Pause":
            keys += await leg.line.silence(child.number("length", 1))
    most, finish = int(verb.number("numDigits", 99)), verb.get("finishOnKey", "#")
    patience, quiet = verb.number("timeout", 5), 0.0
    while quiet < patience and len(keys) < most and not (finish and finish in keys):
        pressed = (await leg.line.frame()).keys
        keys += pressed
        quiet = 0.0 if pressed else quiet + FRAME_MS / 1000
    digits = (keys.split(finish)[0] if finish else keys)[:most]
    if not digits and verb.get("actionOnEmptyResult") != "true":
        return None
    return await leg.act(verb.or_action(base), base, {"Digits": digits})
