"""Which job of this call a booking means: the same visit asked for again, or another one.

A caller who changes their mind books again, and the second booking must move the first. The same
visit is the same service at the same place in one call. A phone number alone never makes another
visit: a number corrected on the way is still that caller's one visit. What is asked for at the
very window of a job of the same service is that job, too, with its address put right.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.actions.ports import Jobs
from shared.domain.models import Job, JobStatus


@dataclass(frozen=True, slots=True)
class Visit:
    """What a booking asks for: `start` in UTC, phone as E.164, address as it is written."""

    start: datetime
    service_type: str
    phone: str
    address: str

    def is_met_by(self, job: Job) -> bool:
        """The job is this visit already: nothing is left to do."""
        return (
            job.status is JobStatus.SCHEDULED
            and self._is_at_window_of(job)
            and self._is_of_service_of(job)
            and same_place(job.address.normalised, self.address)
            and job.phone.normalised == self.phone
        )

    def may_be(self, job: Job) -> bool:
        """The job is this visit, at another window perhaps or with other particulars."""
        placed = same_place(job.address.normalised, self.address) or self._is_at_window_of(job)
        return job.status is JobStatus.SCHEDULED and self._is_of_service_of(job) and placed

    def _is_at_window_of(self, job: Job) -> bool:
        return job.window.start == self.start

    def _is_of_service_of(self, job: Job) -> bool:
        return job.service_type.casefold() == self.service_type.casefold()


def of_call(jobs: Jobs, call_sid: str) -> list[Job]:
    """The jobs this call booked, whatever became of them."""
    found = (jobs.get(job_id) for job_id in jobs.of_call(call_sid))
    return [job for job in found if job is not None]


def meant(visit: Visit, jobs: Sequence[Job]) -> Job | None:
    """The job that is this visit; one that meets it before one that must be moved."""
    for job in jobs:
        if visit.is_met_by(job):
            return job
    return next((job for job in reversed(jobs) if visit.may_be(job)), None)


def new_id(call_sid: str, start: datetime, jobs: Sequence[Job]) -> str:
    """The id of a job that is none of `jobs`: the window's, or where a job that has moved on still
    bears that, the next. The same call and window give the same id, so that a retry is one job."""
    borne = {job.job_id for job in jobs}
    return next(job_id for job_id in _ids(call_sid, start) if job_id not in borne)


def _ids(call_sid: str, start: datetime) -> Iterator[str]:
    n = 0
    while True:
        again = f"|{n}" if n else ""
        digest = hashlib.sha256(f"{call_sid}|{start:%Y-%m-%dT%H:%MZ}{again}".encode()).digest()
        yield base64.b32encode(digest).decode().lower()[:16]
        n += 1


def same_place(one: str, other: str) -> bool:
    """Whether two written addresses may be one place, said more or less fully: a unit, a city or a
    ZIP that only one of them names makes no other place."""
    (line, city, zip_code), (line_2, city_2, zip_2) = _parts(one), _parts(other)
    shorter, longer = sorted((line.split(), line_2.split()), key=len)
    rest = iter(longer)
    return (
        longer[:1] == shorter[:1]
        and all(word in rest for word in shorter)
        and (not city or not city_2 or city == city_2)
        and (not zip_code or not zip_2 or zip_code == zip_2)
    )


def _parts(address: str) -> tuple[str, str, str]:
    """House and street, the city in bare letters, and the ZIP; empty where they were not said."""
    line, *rest = (part.strip().casefold() for part in address.split(","))
    zip_code = next((word for part in rest for word in part.split() if word[:5].isdecimal()), "")
    cities = [part for part in rest if not any(c.isdecimal() for c in part) and len(part) > 2]
    return line, "".join(filter(str.isalpha, cities[0] if cities else "")), zip_code[:5]
