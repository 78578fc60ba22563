"""What a page may ask of the stack, and what it is told where that cannot be done."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from services.simulator.loopback import Served
from services.simulator.phone.calls import CallRecord, PhoneEvent, Text
from services.simulator.speech import Speech, open_speech
from services.simulator.stack.local import Stack
from services.simulator.talk.desk import Desk, NotDone
from services.simulator.talk.pages import Page, Pages

AT = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
CALLER, DIALED = "+15551230000", "+19375550100"
RING = {"do": "call", "from": CALLER, "to": DIALED}


class Listened(Pages):
    """Pages of which it is known what they were told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Mapping[str, Any]] = []

    def tell(self, event: Mapping[str, Any], *, remember: bool = True) -> None:
        self.told.append(event)
        super().tell(event, remember=remember)


class Office:
    """A desk over a stack whose processes never started; a few lines of TwiML answer."""

    def __init__(self) -> None:
        self.speech = open_speech("text")
        self.stack = Stack(self.speech, at=AT, speed=200)
        self.pages, self.page = Listened(), Page()
        self.left: list[tuple[CallRecord, Mapping[str, int]]] = []
        self.sms_status = 200
        self.desk = Desk(self.stack, self.speech, self.pages, self._leave, lambda: AT)

    async def _leave(
        self, _: Stack, speech: Speech, call: CallRecord, before: Mapping[str, int]
    ) -> None:
        assert speech is self.speech
        self.left.append((call, before))

    async def answer(self, request: web.Request) -> web.Response:
        twiml = '<Response><Pause length="600"/></Response>'
        status = self.sms_status if request.path == "/sms" else 200
        return web.Response(text=twiml, content_type="text/xml", status=status)

    async def over(self) -> None:
        """Wait for the call's end, and for what is kept of it."""
        while not self.left:
            await asyncio.sleep(0)
        assert {"kind": "calling", "is": False} in self.pages.told


def at_a_desk(does: Callable[[Office], Awaitable[None]]) -> Office:
    async def run() -> Office:
        office, served, app = Office(), Served(), web.Application()
        app.router.add_post("/{path:.*}", office.answer)
        url = await served.start(app)
        office.stack.network.account.voice_url = f"{url}/incoming"
        office.stack.network.account.sms_url = f"{url}/sms"
        try:
            await does(office)
        finally:
            await office.desk.close()
            await office.stack.network.close()
            await served.stop()
        return office

    return asyncio.run(asyncio.wait_for(run(), 20))


def refusal(asked: Mapping[str, Any]) -> str:
    said: list[str] = []

    async def does(office: Office) -> None:
        with pytest.raises(NotDone) as refused:
            await office.desk.do(asked, office.page)
        said.append(str(refused.value))

    at_a_desk(does)
    return said[0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"do": "dance"}, "nothing here does 'dance'"),
        ({}, "nothing here does None"),
        ({**RING, "from": "12"}, "from: a number looks like +15551230000"),
        ({**RING, "to": None}, "to: a number looks like +15551230000"),
        ({"do": "key", "key": "1"}, "there is no call of yours; press Call first"),
        ({"do": "say", "text": "  "}, "there are no words in it"),
        ({"do": "say", "text": "Hello"}, "there is no call of yours; press Call first"),
        ({"do": "text", "from": CALLER, "to": DIALED, "body": ""}, "there are no words in it"),
        ({"do": "play", "scenario": "nobody"}, "no scenario 'nobody'"),
        ({"do": "play", "scenario": "rogue"}, "a model that goes rogue is played by `make call`"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(asked: Mapping[str, Any], words: str) -> None:
    assert words in refusal(asked)


def test_a_call_is_rung_and_ends_and_is_left_with_what_was_measured_before_it() -> None:
    async def does(office: Office) -> None:
        office.stack.logs.metrics["Quotes"] += [1.0, 1.0]
        await office.desk.do({**RING, "from": "+1 (555) 123-0000"}, office.page)
        assert office.desk.busy
        with pytest.raises(NotDone, match="a call goes on already"):
            await office.desk.do(RING, office.page)
        with pytest.raises(NotDone, match="no call of yours"):
            await office.desk.do({"do": "key", "key": "1"}, Page())  # of another page
        await office.desk.do({"do": "key", "key": "1"}, office.page)
        await office.desk.do({"do": "say", "text": "My AC stopped cooling."}, office.page)
        await office.desk.do({"do": "hang_up"}, office.page)
        await office.over()
        assert not office.desk.busy

    office = at_a_desk(does)
    assert {"kind": "calling", "is": True, "from": CALLER, "to": DIALED} in office.pages.told
    call, before = office.left[0]
    assert (call.from_, call.to, call.ended_by) == (CALLER, DIALED, "caller")
    assert before == {"Quotes": 2}


def test_who_closes_the_page_has_hung_up() -> None:
    async def does(office: Office) -> None:
        await office.desk.do(RING, office.page)
        office.desk.gone(Page())
        assert office.desk.busy
        office.desk.gone(office.page)
        await office.over()

    assert at_a_desk(does).left[0][0].ended_by == "caller"


def test_a_stack_that_ends_ends_the_call_on_it() -> None:
    async def does(office: Office) -> None:
        await office.desk.do(RING, office.page)

    assert not at_a_desk(does).desk.busy


def test_a_text_to_a_phone_is_told_with_whose_it_is_and_when_it_came() -> None:
    async def does(office: Office) -> None:
        text = Text("SM1", DIALED, CALLER, "You're booked.")
        office.stack.network.sms.take(Text("SM1", CALLER, DIALED, "You're booked."), None)
        office.desk.phone(PhoneEvent("text", f"to {text.to}: {text.body}"))

    told = at_a_desk(does).pages.told[-1]
    wanted = {"kind": "text", "to": CALLER, "from": DIALED, "text": "You're booked."}
    assert wanted.items() <= told.items()
    assert (told["whose"], told["at"]) == ("caller", AT.isoformat())


def test_an_answer_to_a_text_goes_out_signed_and_a_refusal_is_told() -> None:
    asked = {"do": "text", "from": CALLER, "to": DIALED, "body": "Running late"}

    async def does(office: Office) -> None:
        await office.desk.do(asked, office.page)
        office.sms_status = 500
        with pytest.raises(NotDone, match="the text was not taken: the answer was 500"):
            await office.desk.do(asked, office.page)

    told = at_a_desk(does).pages.told
    assert [(event["kind"], event["sent"], event["at"]) for event in told] == [
        ("text", True, AT.isoformat())
    ] * 2
