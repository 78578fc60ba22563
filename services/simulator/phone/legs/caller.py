"""The caller's leg: her line, the documents fetched for it, and what all verbs have in common."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol
from urllib.parse import urljoin

from services.simulator.phone.account import KeptRecordings, People, TwilioAccount
from services.simulator.phone.calls import CallRecord, Notify, PhoneEvent
from services.simulator.phone.legs.recorder import CallRecorder
from services.simulator.phone.legs.stream import MediaFaults
from services.simulator.phone.media.line import Line
from services.simulator.phone.twiml import SCHEMA_WARNING, Document, TwimlError, Verb, parse
from services.simulator.phone.webhooks import Exchange, TwilioWebhooks
from services.simulator.speech import Voice


class LegNetwork(Protocol):
    """What a call needs of the network it is in."""

    account: TwilioAccount
    webhooks: TwilioWebhooks
    people: People
    media_faults: MediaFaults
    recordings: KeptRecordings
    voice: Voice
    speed: float
    notify: Notify

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside the call."""


class Leg:
    """One caller's side of a call."""

    def __init__(self, network: LegNetwork, call: CallRecord, line: Line) -> None:
        self.network, self.call, self.line = network, call, line
        self.recorder = CallRecorder(line, self._keep_recording, self._report_recording)

    async def fetch(
        self, url: str, extra: dict[str, str] | None = None, method: str = "POST"
    ) -> Document | None:
        """Return the document at `url`, or the fallback's; None when neither can be followed."""
        fields = {**self.call.fields(), **(extra or {})}
        exchange = await self.network.webhooks.send(url, fields, method)
        document = self._read(exchange)
        fallback = self.network.account.fallback_url
        if document is None and fallback:
            error = {"ErrorCode": str(exchange.error or ""), "ErrorUrl": url}
            asked = await self.network.webhooks.send(fallback, {**fields, **error}, "GET")
            document = self._read(asked)
        return document

    async def act(self, verb: Verb, base: str, fields: dict[str, str]) -> Document | None:
        """Return what the verb's action says; None without an action: the next verb follows."""
        if not verb.get("action"):
            return None
        url = urljoin(base, verb.get("action"))
        document = await self.line.until(self.fetch(url, fields, verb.get("method", "POST")))
        # An action that cannot be followed ends the call: nothing after the verb is done any more.
        return document or Document(url, ())

    async def act_after_hang_up(self, verb: Verb, base: str, fields: dict[str, str]) -> None:
        """Tell the action of a caller who left; what it answers comes too late."""
        self.call.status = "completed"
        if verb.get("action"):
            url = urljoin(base, verb.get("action"))
            fields = {**self.call.fields(), **fields}
            await self.network.webhooks.send(url, fields, verb.get("method", "POST"))

    async def say(self, text: str, who: str = "Twilio") -> str:
        """Speak to the caller and return the keys she pressed meanwhile."""
        self.call.said.append(text)
        self.note("said", f"{who}: {text}")
        speak = asyncio.to_thread(lambda: b"".join(self.network.voice.speak(text)))
        sound = await self.line.until(speak)
        return self.line.pressed + await self.line.play(sound)

    def note(self, kind: Any, text: str) -> None:
        """Tell whoever watches."""
        self.network.notify(PhoneEvent(kind, text, self.line.ms, self.call.sid))

    def warn(self, code: int, text: str) -> None:
        """Keep what Twilio's debugger would show."""
        self.call.warnings.append(f"{code}: {text}")
        self.note("warning", f"{code}: {text}")

    def _keep_recording(self, sid: str, sound: bytes) -> str:
        url = self.network.recordings.keep(
            sound, sid, call_sid=self.call.sid, source="StartCallRecordingTwiML"
        )
        self.call.recordings.append(url)
        self.note("recorded", f"the call, {sid}")
        return url

    def _report_recording(self, url: str, report: Mapping[str, str]) -> None:
        """Twilio's report names the call, and none of its numbers."""
        fields = {"AccountSid": self.call.account_sid, "CallSid": self.call.sid, **report}
        self.network.later(self.network.webhooks.send(url, fields))

    def _read(self, exchange: Exchange) -> Document | None:
        if exchange.error is not None:
            self.warn(exchange.error, f"{exchange.url} answered {exchange.status or 'nothing'}")
            return None
        try:
            document = parse(exchange.body, exchange.url)
        except TwimlError as exc:
            self.warn(exc.code, f"{exchange.url}: {exc}")
            return None
        for warning in document.warnings:
            self.warn(SCHEMA_WARNING, f"{exchange.url}: {warning}")
        return document
