"""Somebody's browser at the office's page: it keeps cookies, and sends the forms it was shown."""

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from functions.office import door
from functions.office.context import OfficeContext
from functions.office.handler import answer
from functions.office.settings import settings_of
from shared.actions import office_link
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.switches import DynamoSwitches
from shared.domain.call_time import CallTime
from shared.domain.models import Job
from tests.examples import NOW, OFFICE, a_call, a_customer, a_job
from tests.fakes import FakeDevices, FakeWorld

PUBLIC, SECRET, SHOP = "https://callwright.test", "s3cret", "coolcare_hvac"
ENVIRON = {
    "STAGE": "local",
    "TABLE_PREFIX": "office-",
    "PUBLIC_BASE_URL": PUBLIC,
    "TWILIO_ACCOUNT_SID": "AC1",
}
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Shop:
    """The office's surroundings at the spec's moment; job1 is booked for tonight at nine."""

    def __init__(self, client: Any) -> None:
        self.world, self.devices = FakeWorld(), FakeDevices()
        self.world.calls.open(a_call())
        self.world.jobs.book(a_job(), a_customer())
        self._locks = DynamoJobs(client, "office-")
        self.blocks = DynamoBlocks(client, "office-")
        self.switches = DynamoSwitches(client, "office-")
        self.passed = timedelta()  # since the spec's moment
        self.codes = iter(f"{n:06d}" for n in range(424_242, 999_999))
        self._keys = iter(range(10_000))

    def books(self, job: Job) -> None:
        """Its row is the fake's; its locks lie in the tables, where blocks are."""
        self.world.jobs.book(job, a_customer())
        self._locks.book(job, a_customer())

    @property
    def at(self) -> CallTime:
        return CallTime(now=NOW + self.passed, real=NOW + self.passed)

    @property
    def context(self) -> OfficeContext:
        return OfficeContext(
            settings=settings_of(ENVIRON),
            ports=self.world.ports,
            blocks=self.blocks,
            switches=self.switches,
            devices=self.devices,
            secret=lambda _: (SECRET, "the one before"),
            at=self.at,
            new_key=lambda: f"key{next(self._keys)}",
            new_code=lambda: next(self.codes),
        )

    def link(self, business_id: str = SHOP, secret: str = SECRET) -> str:
        """The path of a link that was made now."""
        expires = int((self.at.real + office_link.GOOD_FOR).timestamp())
        token = office_link.mint(secret, business_id, expires=expires)
        return f"/office/in/{business_id}/{token}"

    @property
    def texts(self) -> list[str]:
        return [sent.body for sent in self.world.texts.sent if sent.to == OFFICE]


class Browser:
    """One device. `page` is what it shows, `status` how it was answered."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.cookies = shop, dict[str, str]()
        self.page, self.status = "", 0
        self.headers: Mapping[str, str] = {}

    def get(self, path: str) -> str:
        where, _, query = path.partition("?")
        pairs = [part.partition("=") for part in query.split("&") if part]
        return self._ask("GET", where, query={name: value for name, _, value in pairs})

    def post(self, path: str, **form: str) -> str:
        return self.sends(path, form, {"origin": PUBLIC})

    def sends(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
        """The same, where the browser says something else of where it comes from."""
        body = base64.b64encode(urlencode(form).encode()).decode()
        return self._ask("POST", path, headers=headers, body=body, isBase64Encoded=True)

    def does(self, act: str, **form: str) -> str:
        """Send a form of this device's."""
        return self.post("/office", csrf=self.csrf, act=act, **form)

    def agrees(self) -> str:
        """Press "Do it"."""
        return self.post("/office", **dict(self.fields()))

    def fields(self) -> Iterator[tuple[str, str]]:
        """The hidden fields of the page that it shows."""
        for name, value in _FIELD.findall(self.page):
            yield name, unescape(value)

    @property
    def csrf(self) -> str:
        self.get("/office")
        return dict(self.fields())["csrf"]

    def asks_for_a_code(self, link: str | None = None) -> str:
        """The code that was texted for it."""
        self.post(link or self.shop.link())
        (code,) = re.findall(r"\b\d{6}\b", self.shop.texts[-1])
        return str(code)

    def gives(self, code: str, link: str | None = None) -> str:
        return self.post(link or self.shop.link(), code=code, **dict(self.fields()))

    def unlocks(self, link: str | None = None) -> str:
        self.gives(self.asks_for_a_code(link), link)
        return self.get(door.HOME)

    def _ask(self, method: str, path: str, **more: Any) -> str:
        parts = path.strip("/").split("/")
        route, found = path, dict[str, str]()
        if parts[1:2] == ["in"]:
            route = "/office/in/{business_id}/{token}"
            found = {"business_id": parts[2], "token": parts[3]}
        elif parts[1:2] == ["visit"]:
            route, found = "/office/visit/{job_id}", {"job_id": parts[2]}
        elif parts[1:2] == ["call"]:
            route, found = "/office/call/{call_sid}", {"call_sid": parts[2]}
        event = {
            "version": "2.0",
            "routeKey": f"{method} {route}",
            "pathParameters": found,
            "queryStringParameters": more.pop("query", {}),
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "headers": {},
            **more,
        }
        reply = answer(event, self.shop.context)
        for cookie in reply["cookies"]:
            name, _, value = cookie.partition(";")[0].partition("=")
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        self.status, self.headers = reply["statusCode"], reply["headers"]
        self.page = reply["body"]
        return self.page
