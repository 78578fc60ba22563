"""The pages that are open: what each is told, and whom it hears."""

import asyncio
import json

from aiohttp import ClientSession, WSMsgType, web

from services.simulator.loopback import Served
from services.simulator.talk.pages import AGENT, CALLER, Page, Pages


def read_by(*pages: Page) -> list[list[object]]:
    """What each page gets over a real socket until it has taken all that waited."""

    async def read() -> list[list[object]]:
        got: list[list[object]] = []
        waiting = list(pages)

        async def serve(request: web.Request) -> web.WebSocketResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            page = waiting.pop(0)
            page.put("end")
            writer = asyncio.create_task(page.write(socket))
            async for _ in socket:
                break
            writer.cancel()
            return socket

        served, app = Served(), web.Application()
        app.router.add_get("/", serve)
        url = await served.start(app)
        async with ClientSession() as http:
            for _ in pages:
                got.append([])
                async with http.ws_connect(url) as socket:
                    async for message in socket:
                        if message.data == "end":
                            await socket.send_str("enough")
                            break
                        is_text = message.type is WSMsgType.TEXT
                        got[-1].append(json.loads(message.data) if is_text else message.data)
        await served.stop()
        return got

    return asyncio.run(read())


def test_a_page_opened_later_is_told_what_happened_before_but_not_what_passes() -> None:
    pages, late = Pages(), Page()
    pages.tell({"kind": "turn"})
    pages.tell({"kind": "calling"}, remember=False)
    pages.enter(late, {"kind": "state"})
    pages.tell({"kind": "row"})
    assert read_by(late) == [[{"kind": "state"}, {"kind": "turn"}, {"kind": "row"}]]


def test_who_talks_hears_the_agent_alone_and_who_listens_both() -> None:
    pages, talking, listening, gone = Pages(), Page(), Page(), Page()
    for page in (talking, listening, gone):
        pages.enter(page)
    pages.leave(gone)
    pages.sound(b"a", b"c", talking)
    assert read_by(talking, listening, gone) == [[AGENT + b"a"], [AGENT + b"a", CALLER + b"c"], []]


def test_another_stack_has_no_past() -> None:
    pages, page = Pages(), Page()
    pages.tell({"kind": "turn"})
    pages.forget()
    pages.enter(page)
    assert read_by(page) == [[]]
