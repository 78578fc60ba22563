"""A whole call in the stack: its rows tell of it, and a receiver hears it, signed and in order."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functions.deliver import handler
from functions.deliver.settings import settings_of
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.hooks import HookReceiver
from services.simulator.scenarios import scenario as scenarios
from services.simulator.stack.local import Stack
from shared import businesses, published
from shared.domain.models.event import EVENTS, event_of
from tests.calendar_client import CalendarClient
from tests.e2e.playing import text

pytestmark = pytest.mark.stack

SECRET = "whsec_" + base64.b64encode(b"a key of this test").decode()
TOLD = """
[integrations.calendars.crew-1]
invite = ["crew-1@coolcare.example"]
[integrations.report]
by = "mail"
[[integrations.webhooks]]
name = "board"
url = "{url}"
secret = "board-key"
"""


def with_receiver(folder: Path, url: str) -> None:
    """The example business, which also tells a system of its own."""
    own = (Path(businesses.__file__).parent / "coolcare_hvac.toml").read_text("utf-8")
    own = own.replace("on_call = [", 'office_email = "office@coolcare.example"\non_call = [', 1)
    (folder / "coolcare_hvac.toml").write_text(own + TOLD.format(url=url), "utf-8")


def test_a_booked_call_is_told_to_everybody_who_is_to_hear_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech, script = text(), scenarios.load("spec")
    receiver = HookReceiver(SECRET)

    async def run() -> None:
        with_receiver(tmp_path, await receiver.start())
        monkeypatch.setenv("BUSINESSES_DIR", str(tmp_path))
        try:
            async with Stack(speech, at=script.at, speed=10.0) as stack:
                caller = ScriptedCaller(script, speech, lambda _: None)
                try:
                    await stack.network.place_call(script.caller, script.dialed, caller)
                finally:
                    caller.close()
                await stack.network.settled()
                rows = await stack.settled_rows()
                waiting = [r for t in rows.values() for r in t if r["sk"] == "OUTBOX"]
                for row in waiting:
                    assert row["pk"] == f"EVENT#{event_of(row['event']).id}"
                environ = {**stack.environment, "BUSINESS_SECRET_BOARD_KEY": SECRET}
                for name, value in (environ | {"WEBHOOKS_TO_LOOPBACK": "on"}).items():
                    monkeypatch.setenv(name, value)
                published.forget()
                await asyncio.to_thread(deliver)
                left = [r for r in await stack.rows_of("jobs") if r["pk"].startswith("EVENT#")]
                assert not left
                calendar, reports = CalendarClient(), []
                for mail in stack.mail.taken:
                    if mail.calendar is None:
                        reports.append(mail)
                    else:
                        calendar.take(mail.calendar, mail.method or "")
                (job,) = [r for r in rows["jobs"] if r["sk"] == "META"]
                start = datetime.fromisoformat(job["window"]["start"]).astimezone(UTC)
                assert [begins for begins, _ in calendar.windows] == [start]
                (report,) = reports
                assert report.to == "office@coolcare.example"
                assert "Sarah Miller, booked" in report.subject
                assert "Agent: Thanks for calling CoolCare HVAC" in report.body
        finally:
            await receiver.stop()

    asyncio.run(asyncio.wait_for(run(), 200))

    types = [event["type"] for event in receiver.taken]
    assert types[0] == "booking.created" and set(types) >= {"booking.created", "call.completed"}
    assert receiver.refused == 0
    for event in receiver.taken:
        EVENTS.validate_python(event, strict=False)
    (call,) = [event for event in receiver.taken if event["type"] == "call.completed"]
    assert call["data"]["outcome"] == "booked"


def deliver() -> None:
    """Two runs of the function: what is due at once, and the report two minutes later."""
    import os

    handler._opened.cache_clear()
    handler._secrets.cache_clear()
    outward = handler._opened(settings_of(os.environ))
    now = datetime.now(UTC) + timedelta(seconds=3)
    for at in (now, now + timedelta(minutes=3)):
        handler.work(outward, handler._secrets().of_business, at, lambda: True)
