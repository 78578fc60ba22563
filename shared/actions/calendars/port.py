"""Where busy times come from; adapters and fakes implement it."""

from typing import Protocol

from shared.domain.business import Business
from shared.domain.calendar.busy import BusyCrews


class BusyCalendars(Protocol):
    def busy(self, business: Business) -> BusyCrews:
        """When its crews are busy elsewhere; what is older than five minutes is read again first.

        A calendar that cannot be read holds nothing up: it counts as it was read last.

        Raises:
            PortError: the table is down.
        """
