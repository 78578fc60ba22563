"""resume_call: who was cut off says who they are, and is told where they were."""

import json
import logging
from typing import Any

from shared.actions.texts import wording
from shared.domain.call_time import CallTime
from shared.domain.errors import BadContact, NotTheCaller
from shared.domain.models import Job, JobStatus, Turn
from shared.schema import ToolName
from shared.tools import facts, figures
from shared.tools.arguments import ResumeCall
from shared.tools.availability import window_json
from shared.tools.booking import visits
from shared.tools.booking.checks import place_of
from shared.tools.context import ToolContext, ToolReply

logger = logging.getLogger(__name__)

_WITH_DETAILS = (ToolName.CONFIRM_DETAILS, ToolName.BOOK_APPOINTMENT)
_PROBLEM = (ToolName.GET_PRICING_QUOTE, ToolName.BOOK_APPOINTMENT)


def resume_call(context: ToolContext, asked: ResumeCall, at: CallTime) -> ToolReply:
    """Tell what the call that was cut off had come to, to whoever says the name and the address
    that were said in it.

    Keys of the reply: `resumed` (true), `problem` (in the words it was quoted by, or null),
    `booked` (null, or the job's `window`, see `window_json`, with `job_id`) and `say`. Prices and
    free windows may have changed since: those are asked for anew.

    Raises:
        NotTheCaller: there is no such call, name and address were not said in it, or are others.
    """
    before = context.ports.turns.of(context.resumes) if context.resumes else []
    told = _newest(before, _WITH_DETAILS)
    name, address = str(told.get("name") or ""), str(told.get("address") or "")
    if not (name and address and _is_same(context, asked, name, address)):
        raise NotTheCaller(
            "That is not known of an earlier call. Tell nothing of one: go on as with a new caller."
        )
    problem = _newest(before, _PROBLEM).get("description")
    job = _booked(context)
    output: dict[str, object] = {"resumed": True, "problem": problem, "booked": None}
    if job is None:
        output["say"] = "Thanks, I have you. Let me go on from there."
        return ToolReply(output)
    context.memory.last_job = job.job_id
    output["booked"] = {
        "job_id": job.job_id,
        "window": window_json(context.business, job.window),
    }
    when = wording.when(context.business, job.window, at.now)
    output["say"] = f"Good news: it was booked before we were cut off. You're set for {when}."
    told_of = tuple(facts.of_job(context.business, job, None, texted=False))
    return ToolReply(output, figures.of_job(job), told_of)


def _is_same(context: ToolContext, asked: ResumeCall, name: str, address: str) -> bool:
    said, known = set(asked.name.casefold().split()), set(name.casefold().split())
    try:
        place, place_then = place_of(context, asked.address), place_of(context, address)
    except BadContact:
        return False
    return bool(said & known) and visits.same_place(place.normalised, place_then.normalised)


def _booked(context: ToolContext) -> Job | None:
    """The job of the call that was cut off, where it stands."""
    found = visits.of_call(context.ports.jobs, context.resumes or "")
    return next((job for job in found if job.status is JobStatus.SCHEDULED), None)


def _newest(turns: list[Turn], tools: tuple[ToolName, ...]) -> dict[str, Any]:
    """What the newest call of one of these tools was given; of a booking in the same words."""
    for turn in reversed(turns):
        if turn.tool in tools and turn.arguments:
            given: dict[str, Any] = json.loads(turn.arguments)
            if "customer_name" in given:
                given["name"] = given["customer_name"]
            return given
    return {}
