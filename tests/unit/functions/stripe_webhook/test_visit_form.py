"""A form is good for one visit as it stood, for what was shown, for an hour."""

from datetime import timedelta

import pytest

from functions.stripe_webhook.visit_form import BadForm, ChangedSince, check, sign
from tests.examples import a_job
from tests.unit.functions.stripe_webhook.surroundings import REAL_NOW

SECRET, OLD = "s" * 40, "o" * 40
JOB = a_job()
LATER = REAL_NOW + timedelta(minutes=59)


def test_ours_is_taken_also_while_the_secret_is_rotated() -> None:
    token = sign(SECRET, JOB, "sure", REAL_NOW)
    check([SECRET], token, JOB, "sure", LATER)
    check(["new" * 20, SECRET], token, JOB, "sure", LATER)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "0.9999999999.",
        f"0.9999999999.{'0' * 64}",
        sign(OLD, JOB, "sure", REAL_NOW),
        sign(SECRET, JOB, "cancel", REAL_NOW),
        sign(SECRET, a_job("job2"), "sure", REAL_NOW),
        sign(SECRET, JOB, "sure", REAL_NOW - timedelta(hours=1)),
        "٠." + sign(SECRET, JOB, "sure", REAL_NOW).partition(".")[2],
    ],
)
def test_another_one_is_not(token: str) -> None:
    with pytest.raises(BadForm):
        check([SECRET], token, JOB, "sure", REAL_NOW)


def test_nobody_puts_off_its_end_or_its_version() -> None:
    version, until, mac = sign(SECRET, JOB, "sure", REAL_NOW).split(".")
    with pytest.raises(BadForm):
        check([SECRET], f"{version}.{int(until) + 9}.{mac}", JOB, "sure", REAL_NOW)
    moved = JOB.model_copy(update={"version": 1})
    with pytest.raises(ChangedSince):
        check([SECRET], f"{version}.{until}.{mac}", moved, "sure", REAL_NOW)
    with pytest.raises(BadForm):
        check([SECRET], f"1.{until}.{mac}", moved, "sure", REAL_NOW)


def test_an_empty_secret_signs_nothing_and_checks_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        sign("", JOB, "sure", REAL_NOW)
    with pytest.raises(BadForm):
        check([""], sign(SECRET, JOB, "sure", REAL_NOW), JOB, "sure", REAL_NOW)
