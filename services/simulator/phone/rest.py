"""Twilio's REST side: takes messages and updates of live calls, refuses what Twilio refuses."""

import asyncio
import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from services.simulator.asked import noted
from services.simulator.loopback import Served
from services.simulator.phone.calls import CallRecord, Text, new_sid, rfc2822
from services.simulator.phone.media.line import LineOrder
from services.simulator.phone.network import PhoneNetwork
from services.simulator.phone.placed import placed
from services.simulator.phone.twiml import TwimlError, parse

LONGEST_BODY = 1600
_E164 = re.compile(r"^\+[1-9]\d{7,14}$")
# Twilio's magic numbers, and the code each one is refused with.
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MESSAGES = {
    20003: "Authenticate",
    20001: "Invalid parameter",
    20503: "Service unavailable",
    20404: "The requested resource was not found",
    21211: "The 'To' number is not a valid phone number.",
    21212: "The 'From' number is not a valid phone number.",
    21220: "Unable to update record. Call is not in-progress. Cannot redirect.",
    21408: "Permission to send an SMS has not been enabled for the region of the 'To' number.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' number is not a valid, SMS-capable number of your account.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "The 'From' number has exceeded its queue of messages.",
    21612: "The message cannot be delivered between these numbers.",
    21614: "The 'To' number is not a mobile number.",
    21617: "The concatenated message body exceeds the 1600 character limit.",
}


class RestApi:
    """Serves one account of a `PhoneNetwork` on loopback."""

    def __init__(self, network: PhoneNetwork) -> None:
        self._network = network
        self._served = Served()

    async def start(self, port: int = 0) -> str:
        """Listen and return the address that replaces https://api.twilio.com."""
        app = web.Application(middlewares=[noted(self._network.account.asked)])
        account = "/2010-04-01/Accounts/{account}"
        app.router.add_post(account + "/Messages.json", self._create_message)
        app.router.add_get(account + "/Messages.json", self._list_messages)
        app.router.add_delete(account + "/Messages/{sid}.json", self._delete_message)
        app.router.add_get(account + "/Calls.json", self._list_calls)
        app.router.add_post(account + "/Calls.json", self._place_call)
        app.router.add_post(account + "/Calls/{sid}.json", self._update_call)
        app.router.add_get(account + "/Calls/{sid}.json", self._fetch_call)
        app.router.add_get(account + "/Recordings.json", self._list_recordings)
        app.router.add_get(account + "/Recordings/{sid}", self._fetch_recording)
        app.router.add_delete(account + "/Recordings/{sid}.json", self._delete_recording)
        current = account + "/Calls/{sid}/Recordings/Twilio.CURRENT.json"
        app.router.add_post(current, self._stop_recording)
        self._network.account.api_url = await self._served.start(app, port)
        return self._network.account.api_url

    async def stop(self) -> None:
        await self._served.stop()

    async def _create_message(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _error(401, 20003)
        form = {name: str(value) for name, value in (await request.post()).items()}
        await asyncio.sleep(self._network.sms.delay_s)
        if self._network.sms.is_down:
            return _error(503, 20503)
        if code := self._refusal(form):
            return _error(400, code)
        text = Text(new_sid("SM"), form["To"], form["From"], form["Body"])
        self._network.sms.take(text, form.get("StatusCallback"))
        return web.json_response(_message(self._network.account.sid, text), status=201)

    async def _list_messages(self, request: web.Request) -> web.Response:
        """The newest first, a page at a time, to or from a number where one is asked for."""
        if not self._is_ours(request):
            return _error(401, 20003)
        wanted, sms = request.query, self._network.sms
        every = [
            _message(self._network.account.sid, text)
            for text in reversed(sms.taken)
            if text.sid not in sms.deleted
            and wanted.get("To", text.to) == text.to
            and wanted.get("From", text.sender) == text.sender
        ]
        return _paged(request, "messages", every)

    async def _delete_message(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _error(401, 20003)
        sms, sid = self._network.sms, request.match_info["sid"]
        if sid in sms.deleted or all(text.sid != sid for text in sms.taken):
            return _error(404, 20404)
        sms.deleted.add(sid)
        return web.Response(status=204)

    def _refusal(self, form: Mapping[str, str]) -> int | None:
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        if not to:
            return 21604
        if not sender:
            return 21603
        if not body:
            return 21602
        if len(body) > LONGEST_BODY:
            return 21617
        if not _E164.match(sender):
            return 21212
        if not _E164.match(to):
            return 21211
        return MAGIC_FROM.get(sender) or MAGIC_TO.get(to) or self._network.sms.refused.get(to)

    async def _place_call(self, request: web.Request) -> web.Response:
        """Ring a phone, with the TwiML that stands in the request."""
        if not self._is_ours(request):
            return _error(401, 20003)
        form = {name: str(value) for name, value in (await request.post()).items()}
        to, sender, text = form.get("To", ""), form.get("From", ""), form.get("Twiml", "")
        if not _E164.match(to) or not _E164.match(sender) or not text:
            return _error(400, 21211)
        try:
            document = parse(text)
        except TwimlError:
            return _error(400, 21218)
        call = placed(self._network.account.sid, sender, to)
        self._network.sms.placed.take(call, document)
        return web.json_response(_call(call), status=201)

    async def _update_call(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _error(401, 20003)
        call = self._network.calls.get(request.match_info["sid"])
        if call is None:
            return _error(404, 20404)
        form = {name: str(value) for name, value in (await request.post()).items()}
        order = LineOrder(
            url=form.get("Url", ""), method=form.get("Method", "POST"), twiml=form.get("Twiml", "")
        )
        asks = form.get("Status") == "completed" or order.url or order.twiml
        if asks and not self._network.update(call.sid, order):
            return _error(400, 21220)
        return web.json_response(_call(call))

    async def _list_calls(self, request: web.Request) -> web.Response:
        """The newest first, a page at a time, to or from a number where one is asked for."""
        if not self._is_ours(request):
            return _error(401, 20003)
        wanted = request.query
        every = [
            _call(call)
            for call in reversed(self._network.calls.values())
            if wanted.get("To", call.to) == call.to and wanted.get("From", call.from_) == call.from_
        ]
        return _paged(request, "calls", every)

    async def _fetch_call(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _error(401, 20003)
        call = self._network.calls.get(request.match_info["sid"])
        return web.json_response(_call(call)) if call else _error(404, 20404)

    async def _fetch_recording(self, request: web.Request) -> web.Response:
        """The sound of a recording, as asked by its ending. There is no MP3 encoder here: whatever
        the label says, it is mu-law, 8000 a second."""
        if not self._is_ours(request):
            return _error(401, 20003)
        sid, _, ending = request.match_info["sid"].partition(".")
        audio = self._network.recordings.audio.get(sid)
        if audio is None or ending not in ("", "mp3"):
            return _error(404, 20404)
        return web.Response(body=audio, content_type="audio/mpeg" if ending else "audio/basic")

    async def _list_recordings(self, request: web.Request) -> web.Response:
        """The newest first, a page at a time; which day is asked for makes no difference here."""
        if not self._is_ours(request):
            return _error(401, 20003)
        kept = self._network.recordings
        of_call = request.query.get("CallSid")
        every = [
            told
            for sid, told in reversed(kept.listed.items())
            if sid in kept.audio and of_call in (None, told["call_sid"])
        ]
        return _paged(request, "recordings", every)

    async def _delete_recording(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return _error(401, 20003)
        recordings, sid = self._network.recordings, request.match_info["sid"]
        if recordings.refusing:
            return _error(503, 20503)
        if recordings.audio.pop(sid, None) is None:
            return _error(404, 20404)
        recordings.deleted.append(sid)
        return web.Response(status=204)

    async def _stop_recording(self, request: web.Request) -> web.Response:
        """Of a live call; the only change of a recording that is asked for here."""
        if not self._is_ours(request):
            return _error(401, 20003)
        if (await request.post()).get("Status") != "stopped":
            return _error(400, 20001)
        sid = request.match_info["sid"]
        if not self._network.stop_recording(sid):
            return _error(404, 20404)
        return web.json_response({"call_sid": sid, "status": "stopped"})

    def _is_ours(self, request: web.Request) -> bool:
        """Check basic auth: the account and its token, in the address, too."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        try:
            user, _, password = b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        account = self._network.account
        return (kind, user, password, request.match_info["account"]) == (
            "Basic",
            account.sid,
            account.auth_token,
            account.sid,
        )


def _paged(request: web.Request, name: str, every: list[Any]) -> web.Response:
    size, page = int(request.query.get("PageSize", "50")), int(request.query.get("Page", "0"))
    more = len(every) > (page + 1) * size
    following = request.rel_url.update_query(Page=str(page + 1))
    shown = every[page * size : (page + 1) * size]
    return web.json_response({name: shown, "next_page_uri": str(following) if more else None})


def _error(status: int, code: int) -> web.Response:
    body = {
        "code": code,
        "message": MESSAGES.get(code, "Refused"),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status)


def _message(account_sid: str, text: Text) -> dict[str, Any]:
    now = rfc2822(datetime.now(UTC))
    return {
        "sid": text.sid,
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": text.body,
        "from": text.sender,
        "to": text.to,
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": str(-(-len(text.body) // 153) if len(text.body) > 160 else 1),
        "num_media": "0",
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "messaging_service_sid": None,
        "error_code": None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }


def _call(call: CallRecord) -> dict[str, Any]:
    return {
        "sid": call.sid,
        "account_sid": call.account_sid,
        "from": call.from_,
        "to": call.to,
        "status": call.status,
        "direction": "inbound",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{call.account_sid}/Calls/{call.sid}.json",
    }
