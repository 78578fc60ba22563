"""Amazon SES on a laptop: takes mails as SESv2 does, and keeps them to be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from services.simulator.loopback import Served

SENDER = "agent@callwright.example"


@dataclass(frozen=True, slots=True)
class TakenMail:
    """One mail that was handed over, in plain text."""

    at: datetime
    sender: str
    to: str
    subject: str
    body: str


class MailStandIn:
    """SendEmail of SESv2 on loopback, for the one identity `SENDER`. `taken` is in order."""

    def __init__(self) -> None:
        self.taken: list[TakenMail] = []
        self._served = Served()

    async def start(self) -> str:
        """Listen and return the address that replaces SES's own."""
        app = web.Application()
        app.router.add_post("/v2/email/outbound-emails", self._take)
        return await self._served.start(app)

    async def stop(self) -> None:
        await self._served.stop()

    async def _take(self, request: web.Request) -> web.Response:
        try:
            mail = _read(await request.json())
        except (ValueError, KeyError, TypeError, AttributeError):
            return _refused("BadRequestException", "a simple mail to one address is taken")
        if mail.sender != SENDER:
            return _refused("MessageRejected", "Email address is not verified.")
        self.taken.append(mail)
        return web.json_response({"MessageId": f"mail-{len(self.taken)}"})


def _read(asked: Mapping[str, Any]) -> TakenMail:
    (to,) = asked["Destination"]["ToAddresses"]
    simple = asked["Content"]["Simple"]
    subject, body = simple["Subject"]["Data"], simple["Body"]["Text"]["Data"]
    return TakenMail(datetime.now(UTC), asked["FromEmailAddress"], to, subject, body)


def _refused(kind: str, message: str) -> web.Response:
    return web.json_response({"message": message}, status=400, headers={"x-amzn-ErrorType": kind})
