"""Stripe, the phone network and the metrics' reader, as far as a made-up call needs them."""

import itertools
from datetime import datetime

from shared.actions.ports import CheckoutSession, Voicemail
from shared.domain.business import Business
from shared.domain.calendar.busy import BusyCrews
from shared.domain.models import Job
from shared.domain.money import Cents
from shared.schema import METRICS


class OpenCheckout:
    """Implements `Checkout`: every session can be paid until it is expired."""

    def __init__(self) -> None:
        self._amounts: dict[str, Cents] = {}
        self._expired: set[str] = set()

    def create(
        self, job: Job, *, number: int, business_name: str, return_url: str
    ) -> CheckoutSession:
        session_id = f"cs_sample_{job.job_id}_{number}"
        self._amounts[session_id] = job.deposit
        return self.get(session_id)

    def get(self, session_id: str) -> CheckoutSession:
        amount = self._amounts[session_id]
        if session_id in self._expired:
            return CheckoutSession(session_id, None, "expired", amount)
        return CheckoutSession(session_id, f"https://pay.example/{session_id}", "open", amount)

    def expire(self, session_id: str) -> None:
        self._expired.add(session_id)


class TakenTexts:
    """Implements `Texts`: the network takes every one."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)

    def send(self, to: str, body: str, *, sender: str) -> str:
        return f"SM{next(self._ids):032x}"


class NoRecordings:
    """Implements `CallRecordings`: past calls have none."""

    def voicemails(self, since: datetime) -> list[Voicemail]:
        return []

    def parties(self, call_sid: str) -> tuple[str, str]:
        return "", ""

    def delete(self, recording_sid: str) -> None: ...

    def stop(self, call_sid: str) -> None: ...


class NoCalendars:
    """Implements `BusyCalendars`: nobody is busy elsewhere."""

    def busy(self, business: Business) -> BusyCrews:
        return BusyCrews()


class ArrivedMail:
    """Implements `Mail`: every one arrives."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)

    def send(self, to: str, subject: str, body: str) -> str:
        return f"mail-{next(self._ids)}"

    def invite(self, to: str, subject: str, body: str, *, method: str, ics: str) -> str:
        return self.send(to, subject, body)


class NoMetrics:
    """Implements `Metrics`: past calls are not counted again."""

    def count(self, metric: str, value: float = 1, *, business: str | None = None) -> None:
        METRICS[metric]
