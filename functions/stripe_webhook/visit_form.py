"""The forms of a visit's page: signed for one visit as it stood, for what was shown, for an hour.

Whoever posts one was given it by us and saw what they say yes to: a form that is old, of a visit
that was changed since, or of a price that was not shown does nothing.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.models import Job

GOOD_FOR = timedelta(hours=1)
_TOKEN = re.compile(r"(\d{1,9})\.(\d{1,12})\.([0-9a-f]{64})", re.ASCII)
# The secret signs stream tokens and links to recordings, too: none of them can be one of these.
_PURPOSE = b"visit form:"


class BadForm(Exception):
    """None of ours, too old, or of something else than what is so now."""


class ChangedSince(BadForm):
    """The visit is no longer as it was when the form was given."""


def sign(secret: str, job: Job, what: str, now: datetime) -> str:
    """The signature of a form. `what`: all that is asked for, as it was shown. `now` is real time.

    Raises:
        ValueError: `secret` is empty.
    """
    if not secret:
        raise ValueError("an empty secret signs nothing")
    until = int((now + GOOD_FOR).timestamp())
    return f"{job.version}.{until}.{_mac(secret, job, what, until)}"


def check(secrets: Sequence[str], token: str, job: Job, what: str, now: datetime) -> None:
    """`secrets` are two while one is being rotated.

    Raises:
        ChangedSince: the visit was changed since the form was given.
        BadForm: it is no form of ours for this, or too old.
    """
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BadForm("no form of ours")
    version, until, given = int(found[1]), int(found[2]), found[3]
    if version != job.version:
        raise ChangedSince("changed since")
    # Every secret is tried, so that time tells nothing about which one matched.
    right = [hmac.compare_digest(_mac(each, job, what, until), given) for each in secrets if each]
    if not any(right) or now.timestamp() >= until:
        raise BadForm("not signed for this, or too old")


def _mac(secret: str, job: Job, what: str, until: int) -> str:
    signed = f"{job.job_id}\n{job.version}\n{until}\n{what}".encode()
    return hmac.new(secret.encode(), _PURPOSE + signed, hashlib.sha256).hexdigest()
