"""Where what is kept of a number that texts go to stands; adapters and fakes implement it."""

from datetime import datetime
from typing import Protocol

from shared.domain.models import OptOut, Talk, TextConsent


class Texting(Protocol):
    def opt_out(self, business_id: str, phone: str, said: OptOut) -> None:
        """Keep that this number wants no texts; the first time stands."""

    def opt_in(self, business_id: str, phone: str) -> None:
        """It wants them again; fine when it never said otherwise."""

    def opted_out(self, business_id: str, phone: str) -> OptOut | None: ...

    def consent(self, business_id: str, phone: str, given: TextConsent) -> None:
        """Keep that this number said yes to texts; the newest yes stands."""

    def consented(self, business_id: str, phone: str) -> TextConsent | None: ...

    def text_back(self, business_id: str, phone: str, *, at: datetime, since: datetime) -> bool:
        """Note that the number is texted back now; False where it was after `since`, or where it
        has never said yes to texts."""

    def ask(self, talk: Talk) -> None:
        """Keep what the number was asked, in the place of an earlier question."""

    def talk(self, business_id: str, phone: str, *, now: datetime) -> Talk | None:
        """What it was asked and has not answered, unless that has expired by `now`, real time."""

    def answered(self, talk: Talk) -> bool:
        """Strike that very question off; False when it is asked no more: somebody was quicker."""
