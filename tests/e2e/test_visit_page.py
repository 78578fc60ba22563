"""The customer's page of a visit in a real browser: tapped on a phone, judged light and dark."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import aiohttp
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of

from functions.stripe_webhook.changing import change
from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.receipt import show
from functions.stripe_webhook.reply import Reply
from functions.stripe_webhook.settings import settings_of
from services.simulator.caller.scripted import ScriptedCaller
from services.simulator.scenarios import scenario as scenarios
from services.simulator.stack.local import Stack
from shared.domain.models import JobStatus
from tests.e2e.browser import Visitor, needs_chromium, visitor
from tests.e2e.playing import text
from tests.e2e.test_talk import AXE
from tests.examples import OFFICE, SARAH, a_call, a_customer, a_job
from tests.fakes import FakeWorld
from tests.unit.functions.stripe_webhook.surroundings import OFFSET_S, REAL_NOW
from tests.unit.functions.stripe_webhook.test_changing import Forms

pytestmark = pytest.mark.stack


@contextmanager
def served(world: FakeWorld) -> Iterator[str]:
    """The page of job1 with its own headers, at the address to open."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(show("job1", context))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(change("job1", fields, context))

        def _answer(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    environ = {"STAGE": "local", "TABLE_PREFIX": "x-", "PUBLIC_BASE_URL": address}
    settings = settings_of(environ | {"CLOCK_OFFSET_S": str(OFFSET_S)})
    context = RequestContext(settings, world.ports, lambda _: ("s" * 40,), REAL_NOW, lambda _: ())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{address}/visit/job1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def tap(page: Visitor, words: str) -> None:
    (found,) = [
        each
        for each in page.driver.find_elements(By.CSS_SELECTOR, "button, a")
        if each.text.startswith(words)
    ]
    before = page.driver.find_element(By.TAG_NAME, "html")
    found.click()
    gone = staleness_of(before)
    page.until(lambda: bool(gone(page.driver)), words, shown=lambda: words_of(page))


def words_of(page: Visitor) -> str:
    return str(page.driver.find_element(By.TAG_NAME, "body").text)


@needs_chromium
def test_a_customer_moves_and_cancels_on_a_phone() -> None:
    world = FakeWorld()
    world.calls.open(a_call())
    world.jobs.book(a_job(), a_customer())
    judged: list[str] = []

    def judge(page: Visitor) -> None:
        width = page.driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= 400, "wider than the phone"
        if AXE.exists():
            judged.extend(page.judged(AXE))

    with served(world) as address, visitor("--window-size=400,800") as page:
        size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        page.driver.get(address)
        judge(page)
        tap(page, "Move it")
        judge(page)
        tap(page, "Fri, Aug 29, 8")
        assert "Your visit is on Fri, Aug 29, 8 to 10 AM." in words_of(page)
        page.driver.refresh()  # the browser sends the form again
        assert world.jobs.rows["job1"].version == 1
        tap(page, "Cancel it")
        judge(page)
        tap(page, "Keep it")
        assert world.jobs.rows["job1"].status is JobStatus.SCHEDULED
        tap(page, "Cancel it")
        tap(page, "Yes, cancel")
        assert "This visit was canceled." in words_of(page)
        judge(page)
    assert judged == []
    (job,) = world.jobs.rows.values()
    assert (job.status.value, job.version) == ("cancelled", 1)


async def _booked_and_changed() -> tuple[list[tuple[str, str]], dict[str, object]]:
    """The specification's call; then its visit is moved and canceled by the link in its text."""
    speech, script = text(), scenarios.load("spec")
    async with Stack(speech, at=script.at, speed=10.0) as stack:
        caller = ScriptedCaller(script, speech, lambda _: None)
        try:
            await stack.network.place_call(script.caller, script.dialed, caller)
        finally:
            caller.close()
        await stack.network.settled()
        await stack.settled_rows()
        texts = stack.network.sms.taken
        before = len(texts)
        link = next(m[0] for each in texts if (m := re.search(r"http\S+/visit/\w+", each.body)))
        async with aiohttp.ClientSession() as http:
            forms = await _forms(http, link)
            forms = await _forms(http, link, forms["Move it to another time"])
            forms = await _forms(http, link, forms["Fri, Aug 29, 8 to 10 AM"])
            forms = await _forms(http, link, forms["Cancel it"])
            await _forms(http, link, forms["Yes, cancel this visit"])
        (job,) = [row for row in await stack.rows_of("jobs") if row["sk"] == "META"]
        return [(each.to, each.body) for each in texts[before:]], job


async def _forms(
    http: aiohttp.ClientSession, link: str, fields: dict[str, str] | None = None
) -> dict[str, dict[str, str]]:
    asked = http.post(link, data=fields) if fields else http.get(link)
    async with asked as answer:
        assert answer.status == 200
        return Forms(Reply(200, await answer.text())).all


def test_over_the_whole_stack_the_link_of_the_text_moves_and_cancels_with_its_texts() -> None:
    texts, job = asyncio.run(asyncio.wait_for(_booked_and_changed(), 150))
    assert (job["status"], job["version"]) == ("cancelled", 1)
    to_caller = [body for to, body in texts if to == SARAH]
    assert "moved from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 8 to 10 AM" in to_caller[0]
    assert to_caller[1].endswith("your visit on Fri, Aug 29, 8 to 10 AM is canceled.")
    to_office = " ".join(body for to, body in texts if to == OFFICE)
    assert "MOVED" in to_office and "CANCELED" in to_office
