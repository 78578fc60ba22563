"""A business's list of single holidays comes to its end: the office is told, once for each list.

Looked at every night; told when the office opens. Holidays by rule never end.
"""

import logging
from collections.abc import Iterable
from datetime import date

from shared.actions.ports import Ports
from shared.actions.texts import outbox
from shared.actions.texts.outbox import Sms
from shared.businesses.odd import holidays_end
from shared.domain.business import Business
from shared.domain.calendar.scheduling import next_opening
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError

logger = logging.getLogger(__name__)


def check(ports: Ports, businesses: Iterable[Business], at: CallTime) -> list[str]:
    """Ids of the businesses whose office is told now."""
    return [each.id for each in businesses if not each.is_example and _told(ports, each, at)]


def _told(ports: Ports, business: Business, at: CallTime) -> bool:
    last = holidays_end(business, business.local(at.now).date())
    if last is None:
        return False
    key = f"holidays:{business.id}:{last}"
    text = Sms(business.office, _words(business, last), key)
    try:
        due_in = next_opening(business, at.now) - at.now
        left = outbox.as_follow_up(business, text, at.real, due_in=due_in)
        return ports.follow_ups.leave_once(key, [left], at=at.real)
    except (PortError, LookupError):  # tomorrow night again; or it is never open
        logger.warning("office not told of its holidays", extra={"business_id": business.id})
        return False


def _words(business: Business, last: date) -> str:
    return (
        f"{business.name}: the last holiday in your business file is {last:%b} {last.day}, "
        f"{last.year}. On holidays after that callers are offered visits as on any day. Name the "
        "next ones, or use yearly_holidays, which never end."
    )
