"""<Dial>: the leg to the person who is rung, up to the moment both are connected."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

from services.simulator.phone.calls import CallRecord, DialRecord
from services.simulator.phone.legs.documents import Documents
from services.simulator.phone.twiml import Document, Verb
from services.simulator.scenarios.scenario import OnCall

ANSWERS_AFTER_S = 2.0
NESTED_DIAL = 13237
_WORDS_A_SECOND = 2.8
_DEFAULT_EVENTS = "completed"


@dataclass(frozen=True, slots=True)
class Callee:
    """The person who is rung: what they do, and in what time."""

    person: OnCall
    speed: float

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


class CalleeLeg:
    """One <Number>: rings, is answered or not, and hears its own TwiML first."""

    def __init__(
        self,
        call: CallRecord,
        record: DialRecord,
        number: Verb,
        callee: Callee,
        documents: Documents,
    ) -> None:
        self._call, self._record, self._number = call, record, number
        self._callee, self._documents = callee, documents
        self._status = "ringing"

    async def ring(self, base: str, timeout_s: float) -> None:
        """Fill in how it went: `bridged` is whether the caller may be connected now."""
        await self._report(base, "initiated", "ringing")
        if self._callee.person.answers == "no_answer":
            await self._callee.wait(timeout_s)
            self._status = self._record.status = "no-answer"
            await self._report(base, "completed")
            return
        await self._callee.wait(ANSWERS_AFTER_S)
        self._status = "in-progress"
        await self._report(base, "answered")
        connected = True
        if url := self._number.get("url"):
            connected = await self._screened(urljoin(base, url))
        # Answered and put down again is "completed" all the same; only DialBridged tells.
        self._record.status = "completed"
        self._record.bridged = connected

    async def hang_up(self, base: str) -> None:
        """The talk is over."""
        self._status = "completed"
        await self._report(base, "completed")

    async def _screened(self, url: str) -> bool:
        """Follow the callee's TwiML; False when it ended the call instead of connecting."""
        document = await self._fetch(url, self._number.get("method", "POST"), {})
        while document is not None:
            following: Document | None = None
            for verb in document.verbs:
                if verb.name in ("Hangup", "Reject"):
                    return False
                following = await self._do(verb, document.url)
                if following is not None:
                    break
            if following is None:
                return True
            document = following
        return False

    async def _do(self, verb: Verb, base: str) -> Document | None:
        match verb.name:
            case "Say":
                await self._hear(verb)
            case "Pause":
                await self._callee.wait(verb.number("length", 1))
            case "Redirect":
                return await self._fetch(urljoin(base, verb.text), verb.get("method", "POST"), {})
            case "Gather":
                return await self._gather(verb, base)
            case "Dial" | "Connect" | "Record":
                self._call.warnings.append(f"{NESTED_DIAL}: {verb.name} in a Number's document")
        return None

    async def _hear(self, verb: Verb) -> None:
        self._record.whispered = f"{self._record.whispered} {verb.text}".strip()
        await self._callee.wait(len(verb.text.split()) / _WORDS_A_SECOND)

    async def _gather(self, verb: Verb, base: str) -> Document | None:
        for child in verb.children:
            await self._do(child, base)
        if self._callee.person.answers != "accepts":
            await self._callee.wait(verb.number("timeout", 5))
            return None
        await self._callee.wait(1)
        self._record.pressed += "1"
        action = urljoin(base, verb.get("action") or base)
        return await self._fetch(action, verb.get("method", "POST"), {"Digits": "1"})

    async def _fetch(self, url: str, method: str, extra: dict[str, str]) -> Document | None:
        return await self._documents.fetch(url, {**self._fields(), **extra}, method)

    async def _report(self, base: str, *events: str) -> None:
        callback = self._number.get("statusCallback")
        if not callback:
            return
        wanted = self._number.get("statusCallbackEvent", _DEFAULT_EVENTS).split()
        for event in events:
            if event in wanted:
                status = self._status if event in ("completed", "answered") else event
                fields = {**self._fields(), "CallStatus": status}
                await self._documents.webhooks.send(
                    urljoin(base, callback), fields, self._number.get("statusCallbackMethod")
                )

    def _fields(self) -> dict[str, str]:
        number = self._record.number
        return {
            **self._call.fields(),
            "CallSid": self._record.sid,
            "ParentCallSid": self._call.sid,
            "Direction": "outbound-dial",
            "CallStatus": self._status,
            "To": number,
            "Called": number,
        }
