"""The door of a stack that stays up, on loopback: who it is, what was texted, and calls to play.

GET  /           {"pid": …}
GET  /texts      what was texted and mailed, to read and to click
GET  /texts.json the same for programs
POST /calls      {"scenario", "speed", "wav", "page", "json", "terminal", …}: plays one, answers
                 with a JSON object a line: {"out"} and {"err"} to print as they are, {"status"} at
                 the end
"""

import asyncio
import html
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console

from services.simulator.caller.recordings import MissingRecording
from services.simulator.cli.ending import FAILED, USAGE
from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.play import play_on
from services.simulator.cli.playing.report import opening, phonebook
from services.simulator.cli.playing.view import LiveView
from services.simulator.cli.staying.relay import Relay
from services.simulator.cli.terminal import console
from services.simulator.loopback import Served
from services.simulator.scenarios import businesses
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import ScenarioError
from services.simulator.speech import Speech
from services.simulator.stack.local import Stack

_LINK = re.compile(r"https?://[^\s&<>\"']+")
Tell = Callable[[dict[str, Any]], None]


class Control:
    """Serves one stack. One call is played at a time; the next one waits."""

    def __init__(self, stack: Stack, speech: Speech, relay: Relay) -> None:
        self._stack, self._speech, self._relay = stack, speech, relay
        self._playing = asyncio.Lock()
        self._served = Served()

    async def start(self) -> str:
        """Listen and return the address, without a slash at its end."""
        app = web.Application()
        app.router.add_get("/", self._who)
        app.router.add_get("/texts", self._texts_page)
        app.router.add_get("/texts.json", self._texts_json)
        app.router.add_post("/calls", self._play)
        return await self._served.start(app)

    async def stop(self) -> None:
        await self._served.stop()

    async def _who(self, _: web.Request) -> web.Response:
        return web.json_response({"pid": os.getpid()})

    def _texts(self) -> list[dict[str, str]]:
        texts = zip(self._stack.network.sms.taken, self._relay.texted_at, strict=False)
        found = [
            {"at": at.isoformat(), "to": text.to, "whose": whose(text.to), "body": text.body}
            for text, at in texts
        ]
        found += [
            {"at": mail.at.isoformat(), "to": mail.to, "whose": "mail", "body": mail.body}
            for mail in self._stack.mail.taken
        ]
        return sorted(found, key=lambda each: each["at"])

    async def _texts_json(self, _: web.Request) -> web.Response:
        return web.json_response(self._texts())

    async def _texts_page(self, _: web.Request) -> web.Response:
        """What the phones show, the newest first; texts are escaped, their links can be clicked."""
        shown = "".join(
            f"<p><b>{html.escape(text['whose'])} {html.escape(text['to'])}</b><br>"
            f"{_LINK.sub(_linked, html.escape(text['body']))}</p>"
            for text in reversed(self._texts())
        )
        page = f"<!doctype html><title>Texts</title>{shown or '<p>Nothing was texted yet.</p>'}"
        return web.Response(text=page, content_type="text/html")

    async def _play(self, request: web.Request) -> web.StreamResponse:
        # A page of another site cannot send this type without asking first, and is not answered.
        if request.content_type != "application/json":
            return web.json_response({"error": "application/json is taken"}, status=415)
        try:
            asked = await request.json()
        except ValueError:
            return web.json_response({"error": "that is no JSON"}, status=400)
        answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await answer.prepare(request)
        said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        playing = asyncio.create_task(self._played(asked, said.put_nowait))
        try:
            while "status" not in (part := await said.get()):
                await answer.write(json.dumps(part).encode() + b"\n")
            await answer.write(json.dumps(part).encode() + b"\n")
        except ConnectionResetError:
            pass  # whoever asked has hung up: so does the caller
        finally:
            playing.cancel()
            await asyncio.wait([playing])
        return answer

    async def _played(self, asked: dict[str, Any], tell: Tell) -> None:
        status = FAILED
        try:
            scenario = scenarios.load(str(asked["scenario"]))
            paper = Paper(None if asked["json"] else _console(asked, tell))
            speed, verbose = float(asked["speed"]), bool(asked.get("verbose"))
            view = LiveView(
                paper,
                phonebook=phonebook(scenario.business, scenario.caller),
                verbose=verbose,
                speed=speed,
                opening=opening(scenario.business),
                progress=lambda text: tell({"err": f"simulator: {text}\n"}),
            )
            async with self._playing:
                self._relay.view, self._stack.network.speed = view, speed
                report = await play_on(
                    self._stack,
                    scenario,
                    self._speech,
                    view,
                    wav=Path(str(asked["wav"])) if asked.get("wav") else None,
                    page=Path(str(asked["page"])) if asked.get("page") else None,
                )
            if asked["json"]:
                tell({"out": report.json() + "\n"})
            report.show(paper, verbose=verbose)
            status = 0 if report.passed else FAILED
        except (KeyError, TypeError, ValueError, ScenarioError, MissingRecording) as exc:
            tell({"err": f"simulator: {exc}\n"})
            status = USAGE
        finally:
            self._relay.view = None
            tell({"status": status})


class _Out(io.StringIO):
    """What is printed to it goes to whoever asked for the call."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def write(self, text: str, /) -> int:
        self._tell({"out": text})
        return len(text)


def _console(asked: dict[str, Any], tell: Tell) -> Console:
    """The terminal of whoever asked, who says what it can."""
    return console(
        _Out(tell),
        terminal=bool(asked.get("terminal")),
        colours=bool(asked.get("colours")),
        columns=int(asked.get("columns") or 80),
    )


def whose(number: str) -> str:
    """Whose phone it is: an office's, an on-call one, else a caller's."""
    for each in businesses.ids():
        if known := phonebook(each, "").get(number):
            return known
    return "caller"


def _linked(found: re.Match[str]) -> str:
    address = found[0].rstrip(".,;)")
    return f'<a href="{address}">{address}</a>{found[0][len(address) :]}'
