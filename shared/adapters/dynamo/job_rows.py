"""The rows of the jobs table that make a job: itself, its locks, and its name among its call's.

A job's own row carries the key of the index by business and day. A lock is a row for each hour in
which a crew is held, so that two windows that overlap need the same row.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.adapters.dynamo.rows import WriteRefused, row_of, stamp
from shared.domain.models import Job, JobStatus
from shared.schema import GSI_PK, GSI_SK, META, PK, SK

# A condition and its values: the job stands, and its deposit was not paid.
OWED = "#status = :scheduled AND #deposit_paid = :no"
OWED_VALUES = {"scheduled": JobStatus.SCHEDULED.value, "no": False}
# What a move rests on beside the version, since others change it without raising that. The index
# key stands for the window's start: one way of writing it, whatever wrote the row.
AS_READ = ("status", GSI_SK, "crew", "deposit", "deposit_paid", "checkout_number", "notes")


def pk(job_id: str) -> str:
    """The partition key of the job's own row."""
    return f"JOB#{job_id}"


def row(job: Job) -> dict[str, Any]:
    """The job's own row: its keys, those of the index, and its fields."""
    local = job.window.start.astimezone(ZoneInfo(job.time_zone))
    return row_of(job) | {
        PK: pk(job.job_id),
        SK: META,
        GSI_PK: day_pk(job.business_id, f"{local:%Y-%m-%d}"),
        GSI_SK: stamp(job.window.start),
    }


def call_row(job: Job) -> dict[str, Any]:
    """By which the call finds the jobs it booked."""
    return {PK: f"CALL#{job.call_sid}", SK: pk(job.job_id), "job_id": job.job_id}


def phone_row(job: Job) -> dict[str, Any]:
    """By which the visits that were booked for a number are found."""
    return {
        PK: phone_pk(job.business_id, job.phone.normalised),
        SK: pk(job.job_id),
        "job_id": job.job_id,
    }


def phone_pk(business_id: str, phone: str) -> str:
    return f"PHONE#{business_id}#{phone}"


def locks(job: Job) -> dict[tuple[str, str], dict[str, Any]]:
    """The row of each hour the job holds its crew for, by its two keys."""
    rows = (
        {PK: lock_pk(job.business_id, crew), SK: hour_sk(at), "job_id": job.job_id}
        for crew, at in job.holds
    )
    return {(lock[PK], lock[SK]): lock for lock in rows}


def lock_pk(business_id: str, crew: str) -> str:
    return f"SLOT#{business_id}#{crew}"


def hour_sk(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%HZ}"


def hour_of(sk: str) -> datetime:
    """The hour of a lock, in UTC."""
    return datetime.strptime(sk, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)


def day_pk(business_id: str, day: str) -> str:
    """The index's key of the jobs whose window starts on a local day, YYYY-MM-DD."""
    return f"BIZ#{business_id}#{day}"


def at_version(job: Job) -> str:
    """A condition; rows from before there was a version have none, and are of version 0."""
    same = "#version = :at_version"
    return same if job.version else f"({same} OR attribute_not_exists(#version))"


def version_values(job: Job) -> dict[str, int]:
    """The values of that condition."""
    return {"at_version": job.version}


def is_as(now: Job, after: Job) -> bool:
    """Whether the row is what a move wanted to make of it."""
    return (now.version, now.window, now.holds) == (after.version, after.window, after.holds)


def is_ours(refused: WriteRefused, job_id: str) -> bool:
    """Whether the row that refused a write is of this very job: a retry of our own."""
    return refused.item is not None and refused.item.get("job_id") == {"S": job_id}
