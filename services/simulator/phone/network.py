"""The phone network: calls that come in, and the texts and updates our side asks for."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any

from services.simulator.phone.calls import (
    CallRecord,
    Notify,
    PhoneEvent,
    Text,
    new_sid,
    text_fields,
)
from services.simulator.phone.legs.caller import Leg
from services.simulator.phone.legs.line import Line, LineOrder, Phone
from services.simulator.phone.twiml import answers
from services.simulator.phone.verbs.follow import follow
from services.simulator.phone.webhooks import Exchange, TwilioWebhooks
from services.simulator.scenarios.scenario import OnCall
from services.simulator.speech import Speech, Voice

# What Twilio itself says when neither the address nor its fallback gave anything to follow.
APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."


class PhoneNetwork:
    """One Twilio account. Every number of it rings `voice_url`."""

    def __init__(
        self,
        speech: Speech,
        *,
        account_sid: str,
        auth_token: str,
        speed: float = 1.0,
        notify: Notify = lambda _: None,
    ) -> None:
        self.account_sid, self.auth_token, self.speed = account_sid, auth_token, speed
        self.voice: Voice = speech.voice
        self.notify = notify
        self.webhooks = TwilioWebhooks(auth_token, self._keep)
        self.voice_url = ""
        self.fallback_url: str | None = None
        self.status_callback: str | None = None
        self.sms_url: str | None = None  # every number of it texts there
        self.api_url = ""  # of the REST side, for the addresses of recordings
        self.calls: dict[str, CallRecord] = {}
        self.texts: list[Text] = []
        self.recordings: dict[str, bytes] = {}
        self.refused_texts: dict[str, int] = {}  # number -> Twilio's code
        self.people: dict[str, OnCall] = {}
        self.everybody_else = OnCall()
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    async def close(self) -> None:
        """Finish what is under way beside the calls, and let go of the connections."""
        await self.settled()
        await self.webhooks.close()

    async def settled(self) -> None:
        """Wait until every callback has been delivered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def place_call(
        self, from_: str, to: str, phone: Phone, extra: Mapping[str, str] | None = None
    ) -> CallRecord:
        """Ring `to` and stay on the line to the end of the call; its webhooks carry `extra`."""
        call = CallRecord(new_sid("CA"), from_, to, self.account_sid, extra=extra or {})
        line = Line(phone, speed=self.speed)
        self.calls[call.sid], self._lines[call.sid] = call, line
        leg = Leg(self, call, line)
        leg.note("rings", f"{from_} rings {to}")
        try:
            await self._answered(leg)
        finally:
            del self._lines[call.sid]
            call.status, call.duration_ms = "completed", line.ms
            call.caller_audio, call.agent_audio = bytes(line.caller), bytes(line.agent)
        leg.note("ended", f"by the {call.ended_by}")
        if self.status_callback:
            fields = call.ended_fields(datetime.now(UTC))
            await self.webhooks.send(self.status_callback, fields)
        return call

    async def _answered(self, leg: Leg) -> None:
        document = await leg.fetch(self.voice_url)
        leg.call.status = "in-progress"
        if document is None:
            leg.call.ended_by = "error"
            with contextlib.suppress(Exception):
                await leg.say(APPLICATION_ERROR)
            return
        leg.note("answered", leg.call.sid)
        await follow(leg, document)

    # -- what the REST side does --------------------------------------------------------

    def update(self, call_sid: str, order: LineOrder) -> bool:
        """Give a live call something else to do; False when it is not live."""
        line = self._lines.get(call_sid)
        if line is None:
            return False
        line.order = order
        return True

    def take_text(self, text: Text, status_callback: str | None) -> None:
        """Deliver an SMS, and report it sent and delivered."""
        self.texts.append(text)
        self.notify(PhoneEvent("text", f"to {text.to}: {text.body}"))
        if status_callback:
            self.later(self._report(text, status_callback))

    async def text_us(self, from_: str, to: str, body: str, sid: str | None = None) -> Exchange:
        """A phone texts a number of ours; what we answer is delivered as a text. The same `sid`
        again is the same webhook, delivered once more."""
        fields = text_fields(sid or new_sid("SM"), from_, to, body, self.account_sid)
        if self.sms_url is None:
            raise LookupError("no number takes texts")
        exchange = await self.webhooks.send(self.sms_url, fields)
        for answer in answers(exchange.body) if exchange.error is None else ():
            self.take_text(Text(new_sid("SM"), from_, to, answer), None)
        return exchange

    async def _report(self, text: Text, callback: str) -> None:
        for status in ("sent", "delivered"):
            fields = {
                "MessageSid": text.sid,
                "SmsSid": text.sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "To": text.to,
                "From": text.sender,
                "AccountSid": self.account_sid,
                "ApiVersion": "2010-04-01",
            }
            await self.webhooks.send(callback, fields)

    # -- what a call needs ---------------------------------------------------------------

    def person(self, number: str) -> OnCall:
        """Return who answers at `number`."""
        return self.people.get(number, self.everybody_else)

    def keep_recording(self, audio: bytes) -> str:
        """Return the address of a new recording."""
        sid = new_sid("RE")
        self.recordings[sid] = audio
        return f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}"

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside the calls; `settled` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _keep(self, exchange: Exchange) -> None:
        sid = exchange.fields.get("ParentCallSid") or exchange.fields.get("CallSid", "")
        if call := self.calls.get(sid):
            call.exchanges.append(exchange)
        path = exchange.url.split("?")[0]
        self.notify(
            PhoneEvent("webhook", f"{path} {exchange.status} {exchange.took_ms} ms", 0, sid)
        )
