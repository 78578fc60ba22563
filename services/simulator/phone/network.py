"""The phone network: calls that come in, and what our side asks to be done with live ones."""

import contextlib
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any

from services.simulator.phone.account import KeptRecordings, People, TwilioAccount
from services.simulator.phone.background import BackgroundWork
from services.simulator.phone.calls import CallRecord, Notify, PhoneEvent, new_sid
from services.simulator.phone.legs.caller import Leg
from services.simulator.phone.legs.stream import MediaFaults
from services.simulator.phone.media.line import Line, LineOrder, Phone
from services.simulator.phone.texts import SmsService
from services.simulator.phone.verbs.follow import follow
from services.simulator.phone.webhooks import Exchange, TwilioWebhooks
from services.simulator.speech import Speech, Voice

# What Twilio itself says when neither the address nor its fallback gave anything to follow.
APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."


class PhoneNetwork:
    """One Twilio account, with every call it has had. All its numbers ring `account.voice_url`."""

    def __init__(
        self,
        speech: Speech,
        *,
        account_sid: str,
        auth_token: str,
        speed: float = 1.0,
        notify: Notify = lambda _: None,
    ) -> None:
        self.account = TwilioAccount(account_sid, auth_token)
        self.voice: Voice = speech.voice  # says the TwiML's <Say>, and what people on call say
        self.speed = speed  # how many times faster than life; media time stays 20 ms a frame
        self.notify = notify
        self.webhooks = TwilioWebhooks(auth_token, self._keep)
        self.people = People()
        self.media_faults = MediaFaults()
        self.recordings = KeptRecordings(self.account)
        self.calls: dict[str, CallRecord] = {}  # by SID, live and over
        self._legs: dict[str, Leg] = {}  # of the live calls, by SID
        self._background = BackgroundWork()
        self.sms = SmsService(self.account, self.webhooks, self._background, notify)

    async def close(self) -> None:
        """Finish what is under way beside the calls, and let go of the connections."""
        await self.settled()
        await self.webhooks.close()

    async def settled(self) -> None:
        """Wait until every callback has been delivered."""
        await self._background.settled()

    async def place_call(
        self, from_: str, to: str, phone: Phone, extra: Mapping[str, str] | None = None
    ) -> CallRecord:
        """Ring `to` and stay on the line to the end of the call; its webhooks carry `extra`."""
        call = CallRecord(new_sid("CA"), from_, to, self.account.sid, extra=extra or {})
        line = Line(self.people.overhear(phone), speed=self.speed)
        leg = Leg(self, call, line)
        self.calls[call.sid], self._legs[call.sid] = call, leg
        leg.note("rings", f"{from_} rings {to}")
        try:
            await self._answered(leg)
        finally:
            del self._legs[call.sid]
            leg.recorder.stop()
            call.status, call.duration_ms = "completed", line.ms
            call.caller_audio, call.agent_audio = bytes(line.caller), bytes(line.agent)
        leg.note("ended", f"by the {call.ended_by}")
        if self.account.status_callback:
            fields = call.ended_fields(datetime.now(UTC))
            await self.webhooks.send(self.account.status_callback, fields)
        return call

    async def _answered(self, leg: Leg) -> None:
        document = await leg.fetch(self.account.voice_url)
        leg.call.status = "in-progress"
        if document is None:
            leg.call.ended_by = "error"
            with contextlib.suppress(Exception):
                await leg.say(APPLICATION_ERROR)
            return
        leg.note("answered", leg.call.sid)
        await follow(leg, document)

    def go_at(self, speed: float) -> None:
        """Let the calls there are, and new ones, go on so many times faster than life."""
        self.speed = speed
        for leg in self._legs.values():
            leg.line.go_at(speed)

    def update(self, call_sid: str, order: LineOrder) -> bool:
        """Give a live call something else to do; False when it is not live."""
        leg = self._legs.get(call_sid)
        if leg is None:
            return False
        leg.line.order = order
        return True

    def stop_recording(self, call_sid: str) -> bool:
        """End the recording of a live call; False where none runs."""
        leg = self._legs.get(call_sid)
        return leg is not None and leg.recorder.stop()

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside the calls; `settled` waits for it."""
        self._background.later(work)

    def _keep(self, exchange: Exchange) -> None:
        """Write a webhook down with the call it is of: a dialled leg's with the call it left."""
        sid = exchange.fields.get("ParentCallSid") or exchange.fields.get("CallSid", "")
        if call := self.calls.get(sid):
            call.exchanges.append(exchange)
        path = exchange.url.split("?")[0]
        self.notify(
            PhoneEvent("webhook", f"{path} {exchange.status} {exchange.took_ms} ms", 0, sid)
        )
