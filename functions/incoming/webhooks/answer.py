"""POST /incoming: a call comes in. No table, no pydantic, no boto3 on this path."""

import logging
from dataclasses import replace

from functions.incoming import mode, phone_numbers, twiml
from functions.incoming.caller import E164, attestation, caller_id, is_synthetic
from functions.incoming.context import Request
from functions.incoming.phone_numbers import PhoneLine
from functions.incoming.signature import Form
from shared.domain import stream_token

logger = logging.getLogger(__name__)

LONGEST_SID = 64
DRAFT_FIELD = "SmokeDraft"


def answer(form: Form, request: Request, *, rung: bool = False) -> str:
    """The TwiML that gives this call to the bridge; a retry gets the same with a fresh token.

    `rung`: people were rung before, and did not take it. Smoke calls are always the agent's.

    Raises:
        PortError: the secret that signs tokens is not to be had.
    """
    number, call_sid = form.get("To"), form.get("CallSid")[:LONGEST_SID]
    synthetic = is_synthetic(form, request.settings)
    line = _drafted(form) if synthetic else None
    line = line or phone_numbers.dialled(number)
    if line is None:
        return _not_in_service(number, call_sid, request)
    if phone_numbers.dialled(form.get("From")) is not None:
        # We ring people as one of our lines: a phone that forwards to us brings our own call back.
        # Busy, and the next person rings.
        logger.warning("a call of ours came back", extra={"call_sid": call_sid})
        return twiml.busy()
    if not synthetic:
        if not rung and mode.is_blocked(form, request):
            logger.warning("a blocked number called", extra={"call_sid": call_sid})
            return twiml.hang_up(mode.BLOCKED)
        if people := mode.people_first(line, form, request, rung=rung):
            return people
    token = stream_token.mint(
        request.secret("STREAM_TOKEN_SECRET")[0],
        call_sid=call_sid,
        business_id=line.business_id,
        caller=caller_id(form),
        synthetic=synthetic,
        # The bridge checks it by the real time, whatever day a laptop plays.
        expires=int(request.real_now.timestamp()) + stream_token.TTL_S,
        nonce=request.nonce,
        attestation=attestation(form),
        version=line.version,
    )
    if not synthetic:
        request.metrics.count("TwimlServed", business=line.business_id)
    return twiml.stream(
        replace(line, is_recorded=line.is_recorded and not synthetic),
        number,
        public_url=request.settings.public_url,
        media_url=request.settings.media_url,
        call_sid=call_sid,
        token=token,
    )


def _drafted(form: Form) -> PhoneLine | None:
    """The line that a smoke call asks for: of a version that is not in force, "<id>@<version>"."""
    business_id, _, version = form.get(DRAFT_FIELD).partition("@")
    return phone_numbers.of_version(business_id, version) if version else None


def _not_in_service(number: str, call_sid: str, request: Request) -> str:
    # Which number it was, Twilio's log of the call tells; ours holds no numbers.
    request.metrics.count("CallsToUnknownNumber")
    logger.warning(
        "a number that no business has was called",
        extra={"call_sid": call_sid, "kind": _kind(number)},
    )
    return twiml.hang_up(twiml.UNKNOWN)


def _kind(number: str) -> str:
    """What was dialled, for a log: never the number itself."""
    if number.lower().startswith(("sip:", "sips:", "client:")):
        return "sip" if number.lower().startswith("sip") else "client"
    return "number" if E164.fullmatch(number) else "other"
