"""Amazon SES on a laptop: takes mails as SESv2 does, and keeps them to be looked at."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
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
    calendar: str | None = None  # the iCalendar part of an invitation
    method: str | None = None


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
            return _refused(
                "BadRequestException", "a mail or an invitation to one address is taken"
            )
        if mail.sender != SENDER:
            return _refused("MessageRejected", "Email address is not verified.")
        self.taken.append(mail)
        return web.json_response({"MessageId": f"mail-{len(self.taken)}"})


def _read(asked: Mapping[str, Any]) -> TakenMail:
    (to,) = asked["Destination"]["ToAddresses"]
    now, sender, content = datetime.now(UTC), asked["FromEmailAddress"], asked["Content"]
    if "Raw" in content:
        return _read_raw(now, sender, to, base64.b64decode(content["Raw"]["Data"]))
    simple = content["Simple"]
    subject, body = simple["Subject"]["Data"], simple["Body"]["Text"]["Data"]
    return TakenMail(now, sender, to, subject, body)


def _read_raw(now: datetime, sender: str, to: str, data: bytes) -> TakenMail:
    """A mail as it travels: text, and beside it what a calendar takes."""
    mail = message_from_bytes(data, policy=default)
    text, calendar = mail.iter_parts()
    if mail["From"] != sender or mail["To"] != to or calendar.get_content_type() != "text/calendar":
        raise ValueError("no invitation of this sender")
    method = calendar.get_param("method")
    return TakenMail(
        now,
        sender,
        to,
        str(mail["Subject"]),
        text.get_content().replace("\r\n", "\n").rstrip("\n"),
        calendar.get_content(),
        str(method) if method else None,
    )


def _refused(kind: str, message: str) -> web.Response:
    return web.json_response({"message": message}, status=400, headers={"x-amzn-ErrorType": kind})
