"""The calendars of crews are read again before a caller has to wait for it."""

from collections.abc import Callable, Iterable

from shared.actions.ports import Ports
from shared.domain.business import Business


def refresh(
    ports: Ports, businesses: Iterable[Business], more_time: Callable[[], bool]
) -> dict[str, int]:
    """Read what is due, and count what could not be read for half an hour.

    Raises:
        PortError: the table is down.
    """
    unread = 0
    for business in businesses:
        if business.integrations.busy and more_time():
            unsure = ports.calendars.busy(business).unsure
            if unsure:
                ports.metrics.count("CalendarsUnread", len(unsure), business=business.id)
            unread += len(unsure)
    return {"unread": unread} if unread else {}
