"""What the office is sent after a call: who, what, what was promised, and what is owed now.

Made of the rows alone, so that it says what is so and not what a model makes of it. Card numbers
are masked in the rows, and stay so. No link in it is a caller's.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from shared.actions.alerts.words import DANGERS
from shared.actions.texts import wording
from shared.domain.business import Business
from shared.domain.deposits import is_due
from shared.domain.models import Call, Job, JobStatus, Outcome, RecordingState, Turn
from shared.domain.money import spoken
from shared.domain.spoken.plain_words import without_links

LONGEST = 30_000  # characters of a body; Slack takes 40,000
OUTCOMES = {
    Outcome.BOOKED: "booked",
    Outcome.RESCHEDULED: "a visit moved",
    Outcome.CANCELED: "a visit canceled",
    Outcome.TRANSFERRED: "put through to a person",
    Outcome.EMERGENCY_REFERRED: "an emergency, not booked",
    Outcome.QUOTE_ONLY: "a quote, not booked",
    Outcome.MESSAGE_TAKEN: "a message",
    Outcome.NOT_SERVED: "not served",
    Outcome.SPAM: "spam",
    Outcome.WRONG_NUMBER: "a wrong number",
    Outcome.EXISTING_JOB: "about a job that exists",
    Outcome.ABANDONED: "hung up",
    Outcome.COMPLETED: "ended",
    Outcome.FAILED: "broken off",
}
_WHO = {"assistant": "Agent", "user": "Caller"}


@dataclass(frozen=True, slots=True)
class CallReport:
    subject: str
    body: str


def report(
    business: Business,
    call: Call,
    turns: Sequence[Turn],
    job: Job | None,
    *,
    recording: Callable[[str], str | None],
    page: str | None = None,
) -> CallReport:
    """`recording` gives the address of a recording by its SID; None for none. `page` is the way to
    the office's page."""
    who = without_links(job.customer_name) if job else wording.number(call.caller)
    outcome = OUTCOMES[call.outcome or Outcome.COMPLETED]
    danger = "DANGER, " if call.danger else ""
    known = "\n".join(f"{name}: {said}" for name, said in facts(business, call, job, recording))
    known += f"\nThe office's page: {page}" if page else ""
    said = "\n".join(transcript(turns)) or "(nothing was said)"
    body = f"{known}\n\n{said}"
    if len(body) > LONGEST:
        body = f"{body[:LONGEST]}\n(cut here: `make story` has all of it)"
    return CallReport(f"{business.name}: {danger}{who}, {outcome}", f"{body}\n")


def for_slack(made: CallReport) -> bytes:
    """The report as an incoming webhook of Slack takes it; its own signs are escaped."""
    text = f"{made.subject}\n{made.body}"
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, escaped)
    return json.dumps({"text": text, "unfurl_links": False, "mrkdwn": False}).encode()


def facts(
    business: Business, call: Call, job: Job | None, recording: Callable[[str], str | None]
) -> Iterator[tuple[str, str]]:
    """What came of the call, as pairs of a name and what is so."""
    yield "When", wording.display(business.local(call.started_at))
    yield "Caller", wording.number(call.caller)
    yield "Outcome", OUTCOMES[call.outcome or Outcome.COMPLETED]
    if call.hazard:
        taken_back = "" if call.danger else "; they took it back at once"
        yield "Danger", f"{DANGERS[call.hazard]}; the safety guidance was given{taken_back}"
    if job is not None:
        yield from _of_job(business, job)
    elif call.quote_total is not None:
        yield "Quoted", f"about {spoken(call.quote_total)}"
    yield "Promised", "; ".join(_promised(business, call, job)) or "nothing"
    yield "Owed next", "; ".join(_owed(business, call, job)) or "nothing"
    yield "Recording", _recording(call, recording)
    yield "Call", call.call_sid


def _of_job(business: Business, job: Job) -> Iterator[tuple[str, str]]:
    yield "Customer", f"{without_links(job.customer_name)}, {wording.number(job.phone.normalised)}"
    yield "Address", without_links(job.address.normalised)
    yield "What", f"{job.service_type}: {without_links(job.description)}"
    if job.notes:
        yield "Notes", "; ".join(without_links(note) for note in job.notes)
    yield "Window", f"{wording.written(business, job.window)}, {job.crew}"
    if job.covered is not None:
        yield "Figures", f"nothing was quoted, the caller says: {job.covered.value}"
        return
    paid = "paid" if job.deposit_paid else "unpaid"
    deposit = f", deposit {spoken(job.deposit)} {paid}" if job.deposit else ""
    yield "Figures", f"visit {spoken(job.visit_fee)}, estimate {spoken(job.estimate)}{deposit}"


def _promised(business: Business, call: Call, job: Job | None) -> Iterator[str]:
    if job is not None and job.status is JobStatus.SCHEDULED:
        yield f"a visit {wording.written(business, job.window)}"
        if job.to_be_confirmed:
            yield wording.TIME_CONFIRMED
        if job.covered is not None:
            yield wording.OFFICE_CONFIRMS
        if is_due(job) and business.sends_texts:
            yield "a payment link by text"
    if call.message_taken:
        yield "that the office has the message"


def _owed(business: Business, call: Call, job: Job | None) -> Iterator[str]:
    dial = call.escalation.result if call.escalation else None
    if dial == "nobody":
        yield "call back: nobody came to the phone"
    elif dial == "voicemail":
        yield "call back: they left a voicemail"
    elif call.callback is not None and call.called_back_at is None:
        yield f"call back by {wording.display(business.local(call.callback.due_at))}"
    elif call.message_taken:
        yield "answer the message"
    elif call.outcome in (Outcome.FAILED, Outcome.EMERGENCY_REFERRED):
        yield "call back"
    if job is not None and job.status is JobStatus.SCHEDULED:
        if job.to_be_confirmed:
            yield "confirm the time: the crew's calendar could not be read"
        if job.covered is not None:
            yield "confirm the cost"
        if is_due(job):
            yield f"the deposit of {spoken(job.deposit)} is unpaid"


def _recording(call: Call, address: Callable[[str], str | None]) -> str:
    if call.recording_sid is None:
        return "none"
    if call.recording is RecordingState.DELETED or call.recording_dropped is not None:
        return "deleted"
    return address(call.recording_sid) or "none"


def transcript(turns: Sequence[Turn]) -> Iterator[str]:
    """Who said what, a line each."""
    for turn in turns:
        if turn.role in _WHO and turn.text:
            # Of what was cut off only the part that was played counts as said.
            said = turn.heard if turn.cut and turn.heard is not None else turn.text
            yield f"{_WHO[turn.role]}: {without_links(said)}{' …' if turn.cut else ''}"
