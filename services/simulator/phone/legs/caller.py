"""The caller's leg: her line, the documents fetched for it, and what all verbs have in common."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol
from urllib.parse import urljoin

from services.simulator.phone.account import KeptRecordings, People, TwilioAccount
from services.simulator.phone.calls import CallRecord, Notify, PhoneEvent
from services.simulator.phone.legs.documents import Documents
from services.simulator.phone.legs.recorder import CallRecorder
from services.simulator.phone.legs.stream import MediaFaults
from services.simulator.phone.media.line import Line
from services.simulator.phone.twiml import Document, Verb
from services.simulator.phone.webhooks import TwilioWebhooks
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
        self.documents = Documents(network.account, network.webhooks, self.warn)
        self.recorder = CallRecorder(line, self._keep_recording, self._report_recording)

    async def fetch(
        self, url: str, extra: dict[str, str] | None = None, method: str = "POST"
    ) -> Document | None:
        """Return the document at `url`, or the fallback's; None when neither can be followed."""
        fields = {**self.call.fields(), **(extra or {})}
        return await self.documents.fetch(url, fields, method)

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
