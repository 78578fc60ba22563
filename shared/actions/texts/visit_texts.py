"""What is texted only to who said yes to texts: a reminder of a visit, and a text after a call."""

from typing import Literal

from shared.actions.texts import wording
from shared.actions.texts.booking_texts import key
from shared.actions.texts.outbox import Sms
from shared.domain.business import Business
from shared.domain.models import Call, Job
from shared.domain.spoken.plain_words import without_links

When = Literal["day_before", "morning"]


def reminder(business: Business, job: Job, when: When) -> Sms:
    """The visit to come, and how to change it. Of the deposit another text tells."""
    day = {"day_before": "tomorrow", "morning": "today"}[when]
    body = (
        f"{business.name}: a reminder of your visit {day}, "
        f"{wording.written(business, job.window)}, at {without_links(job.address.normalised)}. "
        "Reply R to change the time, C to call it off, STOP for no texts."
    )
    return Sms(job.phone.normalised, body, key(job, when), job.job_id)


def text_back(business: Business, call: Call, to: str) -> Sms:
    """For who hung up after the quote: no price, no offer."""
    body = (
        f"{business.name}: thanks for calling. If you still need us, call "
        f"{wording.number(business.numbers[0])} or reply here. Reply STOP for no texts."
    )
    return Sms(to, body, f"{call.call_sid}:text_back")
