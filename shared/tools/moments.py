"""confirm_details and report_danger: what the model leaves to code to say."""

from collections.abc import Set

from shared.domain.call_time import CallTime
from shared.domain.errors import BadContact
from shared.domain.models import HazardCategory
from shared.domain.money import Figure
from shared.domain.read_back import (
    TERMS,
    Detail,
    address_detail,
    apart,
    consent_asked,
    name_detail,
    phone_detail,
    recitation,
)
from shared.domain.spoken import contact
from shared.domain.spoken.addresses.address import as_said, parse
from shared.domain.spoken.addresses.aloud import aloud
from shared.tools.arguments import ConfirmDetails, ReportDanger
from shared.tools.booking.consent import may_text
from shared.tools.booking.terms import terms_of
from shared.tools.context import Danger, ToolContext, ToolReply

ASKING = (
    "They are being asked now whether it is right. Say nothing until they have answered. Then go "
    "on, or call this again with what they corrected."
)
CONFIRMED = "All of it was read back and confirmed already. Go on."
REPORTED = (
    "What matters is being said to them now. Say nothing until they have answered, then ask only "
    "whether they are safe."
)


def confirm_details(
    context: ToolContext, asked: ConfirmDetails, at: CallTime, settled: Set[str]
) -> ToolReply:
    """The sentence that reads back what is not `settled` of name, phone and address, and before a
    booking of its terms: in two sentences, and two answers, where one would be too long.

    Keys of the reply: `asking` and `read_back`, the sentence; or `confirmed`.

    Raises:
        BadContact: the number cannot be one, or there is no house and street to go to.
        BookingError: it is asked before a booking, which could not be made.
    """
    parts = [part for part in _parts(context, asked) if part.name not in settled]
    amounts: tuple[Figure, ...] = ()
    if asked.booking is not None and TERMS not in settled:
        terms, amounts = terms_of(context, asked.booking, at)
        parts = _first_asked(context, [*parts, terms])
    if not parts:
        return ToolReply({"confirmed": True, "message": CONFIRMED})
    books = parts[-1].name == TERMS
    texts = books and may_text(context, asked.phone)
    said = recitation(parts, context.memory.wordings, texts=texts)
    context.memory.consent = consent_asked(said.sentence)
    output: dict[str, object] = {
        "asking": True,
        "read_back": said.sentence,
        "message": ASKING,
    }
    return ToolReply(output, amounts if books else (), recitation=said)


def _first_asked(context: ToolContext, parts: list[Detail]) -> list[Detail]:
    """All of it where that is short. Else what is to be read back alone, and its terms after the
    answer: once, so that who answers neither yes nor no hears the terms all the same."""
    first, memory = apart(parts), context.memory
    if first == memory.apart:
        return parts
    memory.apart = first if len(first) < len(parts) else []
    return first


def _parts(context: ToolContext, asked: ConfirmDetails) -> tuple[Detail, ...]:
    phone = contact.phone(asked.phone, context.caller).normalised
    try:
        address = parse(asked.address)
    except BadContact:
        address = as_said(asked.address)
    return (
        name_detail(asked.name),
        phone_detail(phone, context.caller),
        address_detail(address.normalised, aloud(address, home=context.business.home_states)),
    )


def report_danger(context: ToolContext, asked: ReportDanger, at: CallTime) -> ToolReply:
    """What the model took for a danger; the bridge says what to do, or asks."""
    output: dict[str, object] = {"heard": True, "message": REPORTED}
    return ToolReply(output, danger=Danger(HazardCategory(asked.category), asked.words))
