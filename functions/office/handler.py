"""The composition root: the page of a business's office (payload 2.0 of the HTTP API)."""

import base64
import binascii
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl

from functions.office import acts, call, day, door, session, visit
from functions.office.context import OfficeContext, PageRequest
from functions.office.render import PageReply
from functions.office.session import OfficeSession
from functions.office.settings import OfficeSettings, settings_of
from shared.actions.ports import Ports
from shared.adapters import business_store, wiring
from shared.adapters.business_store import BusinessStore
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.devices import DynamoDevices
from shared.adapters.dynamo.switches import DynamoSwitches
from shared.adapters.secrets import Secrets
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.logs import by_kind, kind_of
from shared.tools.appointments.codes import new_code

logger = logging.getLogger(__name__)

LONGEST_FORM: Final = 10_000  # bytes
# Before a device is unlocked, and after.
OPEN: Mapping[str, Callable[[PageRequest, OfficeContext], PageReply]] = {
    "GET /office/in/{business_id}/{token}": door.show,
    "POST /office/in/{business_id}/{token}": door.open_it,
}
INSIDE: Mapping[str, Callable[[PageRequest, OfficeSession, OfficeContext], PageReply]] = {
    "GET /office": day.show,
    "POST /office": acts.do,
    "GET /office/visit/{job_id}": visit.show,
    "GET /office/call/{call_sid}": call.show,
}


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    with by_kind(logger):
        settings, real_now = settings_of(os.environ), datetime.now(UTC)
        opened = _opened(settings)
        _store(settings.adapters.business_store).keep_current(real_now, opened[0].metrics)
        at = CallTime(now=real_now + settings.clock_offset, real=real_now)
        return answer(event, context_of(settings, *opened, at))


def context_of(
    settings: OfficeSettings,
    ports: Ports,
    blocks: DynamoBlocks,
    switches: DynamoSwitches,
    devices: DynamoDevices,
    at: CallTime,
) -> OfficeContext:
    return OfficeContext(
        settings=settings,
        ports=ports,
        blocks=blocks,
        switches=switches,
        devices=devices,
        secret=_secrets().get,
        at=at,
        new_key=lambda: secrets.token_urlsafe(32),
        new_code=new_code,
    )


def answer(event: Mapping[str, Any], context: OfficeContext) -> dict[str, Any]:
    """The answer to one event of the HTTP API."""
    try:
        reply = _reply(str(event.get("routeKey")), _asked(event), context)
    except PortError as exc:
        reply = door.unavailable(exc)
    except Exception as exc:  # noqa: BLE001 - a bug of ours: told by kind, and the page says so
        logger.error(
            "the office's page broke", extra={"route": event.get("routeKey")} | kind_of(exc)
        )
        reply = door.broken()
    return {
        "statusCode": reply.status,
        "headers": dict(reply.headers),
        "cookies": list(reply.cookies),
        "body": reply.body,
    }


def _reply(route: str, asked: PageRequest, context: OfficeContext) -> PageReply:
    if route in OPEN:
        return OPEN[route](asked, context)
    found = session.of(asked, context)
    return door.closed() if found is None else INSIDE[route](asked, found, context)


def _asked(event: Mapping[str, Any]) -> PageRequest:
    headers = {str(n).lower(): str(v) for n, v in (event.get("headers") or {}).items()}
    return PageRequest(
        path=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        form=_form(event),
        headers=headers,
        cookies=_cookies(event.get("cookies") or ()),
    )


def _form(event: Mapping[str, Any]) -> Mapping[str, str]:
    """What was posted, each name once; nothing of a form that is too large or no form."""
    body = str(event.get("body") or "")
    try:
        raw = (
            base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        )
        if len(raw) > LONGEST_FORM:
            return {}
        return dict(parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=50))
    except (binascii.Error, ValueError):
        return {}


def _cookies(pairs: Iterable[str]) -> Mapping[str, str]:
    split = (str(pair).partition("=") for pair in pairs)
    return {name.strip(): value for name, _, value in split}


@cache
def _opened(
    settings: OfficeSettings,
) -> tuple[Ports, DynamoBlocks, DynamoSwitches, DynamoDevices]:
    """The clients, made by the first request of this process and then kept."""
    known = settings.adapters
    client = wiring.dynamo_client(region=known.region, endpoint_url=known.aws_endpoint_url)
    ports = wiring.open_ports(
        known, _secrets().get, tables=client, secret_of_business=_secrets().of_business
    )
    prefix = known.table_prefix
    return (
        ports,
        DynamoBlocks(client, prefix),
        DynamoSwitches(client, prefix),
        DynamoDevices(client, prefix),
    )


@cache
def _store(bucket: str) -> BusinessStore:
    return business_store.opened(bucket, os.environ)


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))
