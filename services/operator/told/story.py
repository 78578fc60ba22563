"""One call's whole story, in the order in which it happened."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.operator.told.fit import Mask, clean
from services.operator.told.listing import length, time_of
from services.operator.where.logs import LogLine
from services.operator.where.rows import LeftRows, Row
from shared.domain.models.call import RecordingState

_WHO = {"assistant": "agent", "user": "caller", "system": "system"}
_LOG_HEAD = ("level", "logger", "message", "timestamp", "call_sid", "location", "service")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, in business time."""

    at: datetime
    what: str
    text: str


def mask_of(left: LeftRows, *, off: bool) -> Mask:
    """What hides the people of this call: all names and addresses its rows and tools know."""
    known: list[object] = []
    for job in left.jobs:
        known += [job.get("customer_name"), job.get("email")]
        for contact in (job.get("address"), job.get("phone")):
            known += contact.values() if isinstance(contact, Mapping) else [contact]
    for turn in left.turns:
        arguments = _decoded(turn.get("arguments"))
        if isinstance(arguments, Mapping):
            known += [arguments.get(name) for name in ("customer_name", "name", "address", "email")]
    return Mask.of((each for each in known if each and not isinstance(each, bool)), off=off)


# Twilio's console: whoever opens it signs in there, and is in its audit log.
CONSOLE = "https://console.twilio.com/us1/monitor/logs/call-recordings"


def head(call: Row, business: str, zone: ZoneInfo, mask: Mask) -> Iterator[str]:
    """What the call came to, before it is told."""
    began = time_of(call.get("started_at"))
    when = f"{began.astimezone(zone):%A, %Y-%m-%d %H:%M %Z}" if began else "at no known time"
    yield f"call        {clean(call.get('call_sid'))}"
    yield f"business    {clean(business)}"
    yield f"when        {when}, {length(call)} long"
    yield f"caller      {mask.number(call.get('caller'))}"
    for name in ("outcome", "stage", "failure", "hazard", "end_reason", "job_id"):
        if call.get(name):
            yield f"{name:<12}{clean(call[name])}"
    if call.get("recording_sid"):
        yield f"recording   {_recording(call)}"
    if call.get("synthetic"):
        yield "synthetic   a smoke call: counted nowhere"


def _recording(call: Row) -> str:
    """Whether there is one still, and where whoever may hear it does."""
    if call.get("recording") == RecordingState.DELETED:
        return f"deleted: {clean(call.get('recording_dropped') or 'its days were over')}"
    until = time_of(call.get("recording_until"))
    kept = f", kept until {until:%Y-%m-%d}" if until else ""
    return f"{CONSOLE}/{clean(call['recording_sid'])}{kept}"


def moments(left: LeftRows, mask: Mask) -> Iterator[Moment]:
    """What the rows tell, in no order."""
    yield from _of_call(left.call or {}, mask)
    for turn in left.turns:
        yield from _one(turn.get("at"), *_turn(turn, mask))
    for job in left.jobs:
        yield from _one(job.get("created_at"), "job", _job(job, mask))
        yield from _one(job.get("reminded_at"), "job", "reminded of the unpaid deposit")
    for row in left.payments:
        why = f": {mask.text(row['reason'])}" if row.get("reason") else ""
        text = f"{usd(row.get('amount'))} {clean(row.get('status'))}{why}"
        yield from _one(row.get("at"), "payment", f"{text} (job {clean(row.get('job_id'))})")


def waiting(left: LeftRows, mask: Mask) -> Iterator[Moment]:
    """What is still to be sent or looked after, by real time."""
    for row in left.waiting:
        due, body = clean(row.get("due_at")), mask.text(row.get("body") or "")
        text = f"kept, to be done {due}" + (f": {body}" if body else "")
        yield from _one(row.get("created_at"), "follow-up", f"{clean(row.get('kind'))} {text}")


def texts(sent: Iterable[Mapping[str, str]], mask: Mask) -> Iterator[Moment]:
    """What phones got on a laptop, by real time."""
    for text in sent:
        to = text.get("to", "")
        shown = mask.text(to) if "@" in to else mask.number(to)
        said = f"to {clean(text.get('whose'))} {shown}: "
        yield from _one(text.get("at"), "text", said + mask.text(text.get("body")))


def log_moments(lines: Iterable[LogLine], mask: Mask) -> Iterator[Moment]:
    """Log lines and metrics, by real time; a line that is no JSON is shown as it stands."""
    for line in lines:
        fields = _decoded(line.text)
        if not isinstance(fields, dict):
            yield Moment(line.at, "log", f"{clean(line.source)}: {mask.text(line.text)}")
        elif "_aws" in fields:
            yield from _metrics(line, fields)
        elif fields.get("logger") == "phone network":
            yield Moment(line.at, "webhook", mask.text(fields.get("message")))
        else:
            yield Moment(line.at, "log", _log(line, fields, mask))


def later(found: Iterable[Moment], by: timedelta) -> Iterator[Moment]:
    """Moments of the real clock as business time."""
    return (Moment(each.at + by, each.what, each.text) for each in found)


def told(found: Iterable[Moment], zone: ZoneInfo) -> Iterator[str]:
    """A line each, by time, on the business's clock."""
    for each in sorted(found, key=lambda each: each.at):
        at = each.at.astimezone(zone)
        yield f"{at:%H:%M:%S}.{at.microsecond // 1000:03}  {each.what:<9} {each.text}"


def usd(cents: object) -> str:
    """Cents as money: 20600 is `$206.00`."""
    if isinstance(cents, bool) or not isinstance(cents, int):
        return "no amount"
    return f"${cents // 100:,}.{cents % 100:02}"


def _of_call(call: Row, mask: Mask) -> Iterator[Moment]:
    yield from _one(call.get("started_at"), "call", "answered")
    yield from _one(call.get("disclosed_at"), "call", "the disclosure was heard whole")
    yield from _one(call.get("quoted_at"), "call", f"quoted {usd(call.get('quote_total'))}")
    yield from _one(call.get("ended_at"), "call", f"ended: {clean(call.get('end_reason') or '?')}")
    escalation = call.get("escalation")
    if isinstance(escalation, Mapping):
        reason = mask.text(escalation.get("reason") or "")
        text = f"a person was asked for: {reason}; result: {clean(escalation.get('result'))}"
        yield from _one(escalation.get("asked_at"), "call", text)


def _turn(turn: Row, mask: Mask) -> tuple[str, str]:
    if turn.get("role") == "tool":
        arguments = _shown(turn.get("arguments"), mask)
        took = f"{clean(turn.get('took_ms', '?'))} ms"
        said = f"{clean(turn.get('tool'))} {arguments} -> {_shown(turn.get('result'), mask)}"
        return "tool", f"{said} ({took})"
    late = f" ({clean(turn['latency_ms'])} ms)" if turn.get("latency_ms") is not None else ""
    cut = f" [cut; heard: {mask.text(turn.get('heard') or '')}]" if turn.get("cut") else ""
    who = _WHO.get(str(turn.get("role")), "turn")
    return who, f"{mask.text(turn.get('text') or '')}{cut}{late}"


def _job(job: Row, mask: Mask) -> str:
    window = job.get("window")
    start = clean(window.get("start")) if isinstance(window, Mapping) else "?"
    paid = "paid" if job.get("deposit_paid") else "not paid"
    price = f"estimate {usd(job.get('estimate'))}, deposit {usd(job.get('deposit'))} {paid}"
    if covered := job.get("covered"):
        price = f"nothing quoted, said to be covered: {clean(covered)}"
    return (
        f"{clean(job.get('job_id'))} booked for {start}, now {clean(job.get('status'))}: "
        f"{mask.text(job.get('customer_name') or '')}, {price}"
    )


def _metrics(line: LogLine, fields: Mapping[str, Any]) -> Iterator[Moment]:
    try:
        blocks = fields["_aws"]["CloudWatchMetrics"]
        names = [str(metric["Name"]) for block in blocks for metric in block["Metrics"]]
    except (KeyError, TypeError):
        return
    shown = ", ".join(f"{clean(name)} {clean(fields.get(name))}" for name in dict.fromkeys(names))
    if any(fields.get(name) for name in names):  # a line of noughts only keeps an alarm fed
        yield Moment(line.at, "metric", shown)


def _log(line: LogLine, fields: Mapping[str, Any], mask: Mask) -> str:
    rest = {name: value for name, value in fields.items() if name not in _LOG_HEAD}
    level, said = clean(fields.get("level", "")).lower(), mask.text(fields.get("message", ""))
    extra = f" {_dumped(mask.value(rest))}" if rest else ""
    return f"{level} {clean(fields.get('logger') or line.source)}: {said}{extra}".strip()


def _shown(stored: Any, mask: Mask) -> str:
    decoded = _decoded(stored)
    return mask.text(stored or "") if isinstance(decoded, str) else _dumped(mask.value(decoded))


def _dumped(value: Any) -> str:
    return clean(json.dumps(value, ensure_ascii=False, default=str))


def _decoded(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return str(text or "")


def _one(stored: Any, what: str, text: str) -> Iterator[Moment]:
    """The moment of a stored time; none where there is no time."""
    moment = time_of(stored) if stored else None
    if moment is not None:
        yield Moment(moment, what, text)
