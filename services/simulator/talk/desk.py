"""What a page may ask of the stack: ring, speak, type, press, text, play somebody, listen."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from services.simulator.caller.recordings import MissingRecording
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.phone.calls import CallRecord, PhoneEvent
from services.simulator.phone.media.line import Phone
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import ScenarioError
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack
from services.simulator.talk.pages import Page, Pages
from services.simulator.talk.phones import whose
from services.simulator.talk.receiver import Overheard, Receiver
from services.simulator.talk.watching import Watching

LONGEST = 600  # letters that are typed or texted at once
_NUMBER = re.compile(r"\+[1-9]\d{7,14}")


# What is kept of a call that was placed here, once it is over.
# The last is how many metrics there were before it.
Leave = Callable[[Stack, Speech, CallRecord, Mapping[str, int]], Coroutine[Any, Any, None]]


class NotDone(ValueError):
    """It cannot be done; the message says why, to the person at the page."""


class Desk:
    """Serves the pages with one stack, from `open` to `close`. One call at a time goes on here."""

    def __init__(
        self,
        stack: Stack,
        speech: Speech,
        pages: Pages,
        leave: Leave,
        now: Callable[[], datetime],
    ) -> None:
        """`now` is the business's time, by which texts are dated."""
        self._stack, self._speech, self._pages = stack, speech, pages
        self._leave, self._now = leave, now
        self._speed = stack.network.speed  # another one may be asked for by others' calls
        self._receiver: Receiver | None = None  # of the person's call that goes on
        self._talking: Page | None = None  # the page whose call it is
        self._call: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()  # pages of calls that are over

    def open(self) -> None:
        """Watch the stack, and let the pages hear its calls, whoever rings."""
        self._watching = asyncio.create_task(Watching(self._stack, self._pages.tell).run())
        self._stack.network.people.overhear = self._tapped

    async def close(self) -> None:
        """End the call that goes on, and watch no more."""
        running = [task for task in (self._call, self._watching) if task is not None]
        running += self._leaving
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    @property
    def busy(self) -> bool:
        """Whether a call that was placed here goes on."""
        return self._call is not None and not self._call.done()

    def phone(self, event: PhoneEvent) -> None:
        """Tell what the phone network did."""
        told: dict[str, Any] = {
            "kind": "phone", "what": event.kind, "text": event.text,
            "at_ms": round(event.at_ms / self._speed), "call": event.call_sid,
        }  # fmt: skip
        if event.kind == "text":
            text = self._stack.network.sms.taken[-1]
            told |= {"kind": "text", "to": text.to, "from": text.sender, "text": text.body}
            told |= {"whose": whose(text.to), "at": self._now().isoformat()}
        self._pages.tell(told)

    async def do(self, asked: Mapping[str, Any], page: Page) -> None:
        """Do what a page asks. Raises NotDone."""
        match asked.get("do"):
            case "call":
                self._ring(_number(asked, "from"), _number(asked, "to"), page)
            case "hang_up":
                self._hang_up()
            case "key":
                self._mine(page).press(str(asked.get("key", "")))
            case "say":
                await self._say(_words(asked, "text"), page)
            case "text":
                await self._text(asked)
            case "play":
                self._play(str(asked.get("scenario", "")))
            case other:
                raise NotDone(f"nothing here does {other!r}")

    def hear(self, frame: bytes, page: Page) -> None:
        """Take 20 ms of a page's microphone; of a page that does not talk it is left out."""
        if self._receiver is not None and page is self._talking:
            self._receiver.hear(frame)

    def gone(self, page: Page) -> None:
        """A page was closed: whoever talked has hung up."""
        if page is self._talking and self._receiver is not None:
            self._receiver.hang_up()

    # -- calls -------------------------------------------------------------------------------

    def _ring(self, from_: str, to: str, page: Page) -> None:
        self._free()
        self._receiver, self._talking = Receiver(), page
        self._begin(from_, to, self._receiver, lambda: None)

    def _play(self, name: str) -> None:
        self._free()
        try:
            scenario = scenarios.load(name)
            caller = ScriptedCaller(scenario, self._speech, lambda _: None)
        except (ScenarioError, MissingRecording) as exc:
            raise NotDone(str(exc)) from exc
        if scenario.rogue:
            caller.close()
            raise NotDone("a model that goes rogue is played by `make call` alone")
        self._stack.network.people.everybody_else = scenario.on_call
        self._begin(scenario.caller, scenario.dialed, caller, caller.close)

    def _begin(self, from_: str, to: str, phone: Phone, after: Callable[[], None]) -> None:
        async def call() -> None:
            counts = self._stack.logs.counts()
            try:
                played = await self._stack.network.place_call(from_, to, phone)
            finally:
                after()
                self._receiver = self._talking = None
                self._pages.tell({"kind": "calling", "is": False}, remember=False)
            # The next call need not wait for it.
            leaving = asyncio.create_task(self._leave(self._stack, self._speech, played, counts))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

        self._stack.network.go_at(self._speed)
        self._call = asyncio.create_task(call())
        self._pages.tell({"kind": "calling", "is": True, "from": from_, "to": to}, remember=False)

    def _tapped(self, phone: Phone) -> Phone:
        return Overheard(phone, self._heard)

    def _heard(self, heard: bytes, said: bytes) -> None:
        if self._speech.mode == "voice":  # words as data are no sound: nobody wants to hear them
            self._pages.sound(heard, said, self._talking)

    def _hang_up(self) -> None:
        if self._receiver is not None:
            self._receiver.hang_up()
        elif self.busy and self._call is not None:
            self._call.cancel()

    def _free(self) -> None:
        if self.busy:
            raise NotDone("a call goes on already; hang up first")

    def _mine(self, page: Page) -> Receiver:
        if self._receiver is None or page is not self._talking:
            raise NotDone("there is no call of yours; press Call first")
        return self._receiver

    # -- words -------------------------------------------------------------------------------

    async def _say(self, words: str, page: Page) -> None:
        receiver = self._mine(page)
        try:
            sound = await asyncio.to_thread(lambda: b"".join(self._speech.voice.speak(words)))
        except Exception as exc:  # whatever a voice stumbles over, the call goes on
            raise NotDone("the voice cannot say that; write it differently") from exc
        receiver.say(sound)

    async def _text(self, asked: Mapping[str, Any]) -> None:
        from_, to, body = _number(asked, "from"), _number(asked, "to"), _words(asked, "body")
        self._pages.tell(
            {"kind": "text", "from": from_, "to": to, "text": body, "whose": whose(from_),
             "sent": True, "at": self._now().isoformat()}
        )  # fmt: skip
        try:
            exchange = await self._stack.network.sms.text_us(from_, to, body)
        except LookupError as exc:
            raise NotDone(f"the text was not taken: {exc}") from exc
        if exchange.error is not None or exchange.status >= 400:
            raise NotDone(f"the text was not taken: the answer was {exchange.status}")


def _number(asked: Mapping[str, Any], name: str) -> str:
    number = re.sub(r"[\s().-]", "", str(asked.get(name, "")))
    if not _NUMBER.fullmatch(number):
        raise NotDone(f"{name}: a number looks like +15551230000")
    return number


def _words(asked: Mapping[str, Any], name: str) -> str:
    words = str(asked.get(name, "")).strip()
    if not words:
        raise NotDone("there are no words in it")
    return words[:LONGEST]
