"""What a smoke call must show: of the call itself, and of the rows it leaves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.simulator.phone.calls import CallRecord, Text
from services.simulator.phone.twiml import TwimlError, parse
from services.simulator.smoke.phone import first_sound, last_sound
from services.simulator.speech.textline import decode
from shared import schema

Row = Mapping[str, Any]
ANSWER_MS, FIRST_SOUND_MS, REPLY_MS = 5000, 5000, 10_000


@dataclass(frozen=True, slots=True)
class SmokeStep:
    """One thing that had to happen, how long it took, and what came back."""

    what: str
    ok: bool
    detail: str = ""
    ms: int | None = None


@dataclass(frozen=True, slots=True)
class CallRows:
    """The rows of one call."""

    call: Row | None
    turns: Sequence[Row]
    jobs: Sequence[Row]
    held: Sequence[str]  # hours that its jobs still hold
    follow_ups: Sequence[str]

    @classmethod
    def of(cls, call_sid: str, rows: Mapping[str, Sequence[Row]]) -> "CallRows":
        """Of a call among all rows of the local tables."""
        pk = f"CALL#{call_sid}"
        jobs = [r for r in rows[schema.JOBS] if r.get("call_sid") == call_sid]
        ids = {job["job_id"] for job in jobs}
        locks = [r for r in rows[schema.JOBS] if r[schema.PK].startswith("SLOT#")]
        waiting = [r for r in rows[schema.JOBS] if r[schema.PK].startswith("FOLLOWUP#")]
        return cls(
            call=next((r for r in rows[schema.CALLS] if r[schema.PK] == pk), None),
            turns=[r for r in rows[schema.AGENT_TURNS] if r[schema.PK] == pk],
            jobs=jobs,
            held=[f"{r[schema.PK]} {r[schema.SK]}" for r in locks if r.get("job_id") in ids],
            follow_ups=[r[schema.PK] for r in waiting],
        )

    @property
    def is_settled(self) -> bool:
        ended = self.call is not None and bool(self.call.get("outcome"))
        return ended and not self.held


def call_steps(call: CallRecord, at: Mapping[str, int]) -> list[SmokeStep]:
    """Of the call itself; `at` has the ms of the stream's events."""
    opened = at.get("stream-started")
    stream = call.streams[0] if call.streams else None
    first = first_sound(call.agent_audio)
    return [
        _answered(call),
        SmokeStep(
            "stream opened",
            opened is not None,
            stream.url if stream else "; ".join(call.warnings),
            opened,
        ),
        SmokeStep(
            "first sound heard",
            first is not None and first <= FIRST_SOUND_MS and opened is not None,
            "after the stream opened" if first is not None else "silence",
            first,
        ),
        _replied(call),
        SmokeStep(
            "call ended",
            call.ended_by not in ("", "error"),
            f"by the {call.ended_by}",
            call.duration_ms,
        ),
        *_reported(call),
        SmokeStep("no warning", not call.warnings, "; ".join(call.warnings)),
    ]


def disclosed(call: CallRecord) -> SmokeStep:
    """Where words travel as data, the first sentence can be read."""
    first = decode(call.agent_audio).partition(". ")[0]
    disclosed_both = " AI " in f" {first} " and "recorded" in first
    return SmokeStep("AI and recording disclosed", disclosed_both, first)


def row_steps(left: CallRows) -> list[SmokeStep]:
    """Every row says that it is synthetic, and nothing stays held."""
    call = left.call or {}
    status = {job.get("status") for job in left.jobs}
    return [
        SmokeStep(
            "call row",
            call.get("synthetic") is True and bool(call.get("outcome")),
            f"synthetic, outcome {call.get('outcome')}" if left.call else "there is none",
        ),
        SmokeStep(
            "turns", bool(left.turns) and _all_synthetic(left.turns), f"{len(left.turns)} rows"
        ),
        SmokeStep(
            "jobs",
            _all_synthetic(left.jobs) and status <= {"released"},
            f"{len(left.jobs)} booked, {', '.join(sorted(map(str, status))) or 'none left'}",
        ),
        SmokeStep("no window held", not left.held, ", ".join(left.held)),
        SmokeStep("nothing to follow up", not left.follow_ups, ", ".join(left.follow_ups)),
    ]


def stripe_steps(left: CallRows, sessions: Mapping[str, Row]) -> list[SmokeStep]:
    """A booking made a session at Stripe; none can be paid any more."""
    made = [job.get("checkout_session_id") for job in left.jobs]
    status = {session["status"] for session in sessions.values()}
    return [
        SmokeStep("booked", len(left.jobs) == 1, f"{len(left.jobs)} jobs"),
        SmokeStep(
            "Stripe session made", bool(made) and set(made) == set(sessions), f"{len(sessions)}"
        ),
        SmokeStep("and expired", status == {"expired"}, ", ".join(sorted(status))),
    ]


def quiet_steps(texts: Sequence[Text], metrics: Mapping[str, Sequence[float]]) -> list[SmokeStep]:
    """Nobody was texted, and no metric moved."""
    moved = sorted(name for name, values in metrics.items() if any(values))
    return [
        SmokeStep("no text sent", not texts, f"{len(texts)} sent" if texts else ""),
        SmokeStep("no metric moved", not moved, ", ".join(moved)),
    ]


def _answered(call: CallRecord) -> SmokeStep:
    exchange = next((e for e in call.exchanges if e.url.endswith("/incoming")), None)
    if exchange is None:
        return SmokeStep("answered", False, "nothing was asked")
    try:
        verbs = [verb.name for verb in parse(exchange.body, exchange.url).verbs]
    except TwimlError as exc:
        return SmokeStep("answered", False, f"{exchange.status}: {exc}", exchange.took_ms)
    ok = exchange.status == 200 and "Connect" in verbs and exchange.took_ms <= ANSWER_MS
    return SmokeStep("answered", ok, f"{exchange.status} {' '.join(verbs)}", exchange.took_ms)


def _replied(call: CallRecord) -> SmokeStep:
    """Sound of the agent's after the caller's first words."""
    spoke = first_sound(call.caller_audio)
    if spoke is None:
        return SmokeStep("agent answered", False, "the caller never came to speak")
    silence = _first_silence(call.caller_audio, spoke)
    reply = first_sound(call.agent_audio, silence)
    if reply is None:
        return SmokeStep("agent answered", False, "silence after the caller's words")
    took = reply - silence
    return SmokeStep("agent answered", took <= REPLY_MS, "after the caller's first words", took)


def _first_silence(audio: bytes, from_ms: int) -> int:
    """The end of the first utterance: where 600 ms of silence begin."""
    at = from_ms
    while (following := first_sound(audio, at + 20)) is not None and following - at <= 600:
        at = following
    return at + 20 if following is not None else (last_sound(audio) or at)


def _reported(call: CallRecord) -> Iterator[SmokeStep]:
    for path in ("/after-stream", "/call-status"):
        asked = next((e for e in call.exchanges if e.url.split("?")[0].endswith(path)), None)
        ok = asked is not None and 200 <= asked.status < 300
        detail, ms = (str(asked.status), asked.took_ms) if asked else ("never asked", None)
        yield SmokeStep(f"{path} heard", ok, detail, ms)


def _all_synthetic(rows: Sequence[Row]) -> bool:
    return all(row.get("synthetic") is True for row in rows)
