"""One call's dealings with the business: its row, its tools, its alerts. Everything here blocks."""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, cast

from services.media_bridge.call.opening.prompt import PROMPT_VERSION
from services.media_bridge.call.opening.setup import ClipSource, ModelVoice, call_setup
from services.media_bridge.call.records.writes import Work, attempted
from services.media_bridge.call.word_models import NO_MODELS, WordModels
from services.media_bridge.core import commands as do
from services.media_bridge.core.events import CallSetup
from shared.actions import calls, cut_calls, recordings, smoke
from shared.actions.admission import Admission, Admitted, RungThrough
from shared.actions.alerts import raising
from shared.actions.follow_ups import text_back
from shared.actions.ports import Ports
from shared.actions.texts import opt_out
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.errors import PortError
from shared.domain.models import Call, HazardCategory
from shared.domain.money import Cents
from shared.domain.outcomes import EndReason, Failure
from shared.domain.stream_token import TokenClaims, TokenExpired, TokenForged, read
from shared.tools import escalate
from shared.tools.dispatch import ToolDispatcher, ToolReply

log = logging.getLogger(__name__)

LONGEST_SID = 64  # characters; it comes off the wire and goes into the row
# How long the end of a call waits for its tools: a booking that was under way when the caller
# hung up still counts in the outcome.
IN_FLIGHT_S = 15


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time, and business time: what time it is for the caller."""

    real: Callable[[], datetime]
    offset: timedelta = timedelta()

    def business(self) -> datetime:
        return self.real() + self.offset


RefusalReason = Literal["used", "expired", "forged", "unavailable"]
PersonInstead = Literal["model_down", "calls_often", "over_budget"]


class TokenRejected(Exception):
    """The token opens no call."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason)
        self.reason: RefusalReason = reason


class NotAdmitted(Exception):
    """The call is one, and has its row; a person takes it, not the model."""

    def __init__(self, refused: RungThrough) -> None:
        super().__init__(refused.why)
        self.why = cast(PersonInstead, refused.why.value)
        self.is_first = refused.is_first


class CallTools(Protocol):
    """The tools of one call; `ToolDispatcher` is the real one."""

    def use(
        self,
        name: str,
        arguments: Mapping[str, object] | None,
        *,
        confirmed: frozenset[str],
        now: datetime,
        real_now: datetime,
    ) -> ToolReply: ...


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What all calls of this process share."""

    ports: Ports
    business: Callable[..., Business | None]  # by id, and by the version a call began with
    token_secrets: Callable[[], tuple[str, ...]]  # the current one first
    clock: Clock
    voice: ModelVoice
    clips: Callable[[str | None], ClipSource]  # of a business's voice; the usual one for None
    public_url: Callable[[], str]  # may block, or raise PortError
    admission: Admission
    pause: Callable[[float], None] = time.sleep
    tools: Callable[..., CallTools] = ToolDispatcher  # made for each call
    words: WordModels = NO_MODELS


class CallBackend:
    """What one call reads and writes, its texts and its tools.

    `read` and `open` come first. After a refusal the others write nothing: the row, if there is
    one, is that of the call which used the token. All `open` itself then writes into that row is
    that a second stream came.
    """

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        # All three are None until `open` has written the row.
        self._tools: CallTools | None = None
        self._call: Call | None = None
        self._business: Business | None = None
        self._admitted: Admitted | None = None  # where the model takes it, and it counts
        self._ports = dependencies.ports  # a smoke call gets some that text nobody

    def read(self, command: do.RedeemToken) -> TokenClaims:
        """What the token says.

        Raises:
            TokenRejected: it is not ours, not this call's, or too old.
        """
        now = int(self._dependencies.clock.real().timestamp())
        secrets = self._dependencies.token_secrets()
        try:
            return read(secrets, command.token, call_sid=command.call_sid, now=now)
        except TokenExpired as exc:
            raise TokenRejected("expired") from exc
        except TokenForged as exc:
            raise TokenRejected("forged") from exc

    def open(self, claims: TokenClaims, stream_sid: str = "") -> CallSetup:
        """Write the calls row, and return what the session must know of the business.

        `stream_sid` is Twilio's name of the stream: by it a row that is there already is known
        for our own.

        Raises:
            TokenRejected: the token was used before, or the table cannot be written.
            NotAdmitted: the model is not asked.
        """
        dependencies = self._dependencies
        version = (claims.version,) if claims.version else ()
        business = dependencies.business(claims.business_id, *version)
        if business is None:
            raise TokenRejected("forged")
        now = dependencies.clock.business()
        call = calls.new_call(
            business,
            claims.call_sid,
            claims.caller,
            now=now,
            prompt_version=PROMPT_VERSION,
            stream_sid=stream_sid[:LONGEST_SID] or None,
            synthetic=claims.synthetic,
            attestation=claims.attestation,
        )
        try:
            public_url = dependencies.public_url()
            if not calls.open_call(self._ports.calls, call):
                raise self._opened_before(call)
        except PortError as exc:
            raise TokenRejected("unavailable") from exc
        self._business, self._call = business, call
        resumes = None if claims.synthetic else self._admit(claims)
        if claims.synthetic:
            self._ports = smoke.quiet(dependencies.ports)
        self._tools = dependencies.tools(
            business,
            claims.call_sid,
            claims.caller,
            self._ports,
            public_url,
            claims.synthetic,
            resumes,
            "Failed" not in (claims.attestation or ""),
        )
        clips = dependencies.clips(business.voice)
        voice = dependencies.voice
        return call_setup(business, claims, voice, clips, now, resumes=resumes is not None)

    def _admit(self, claims: TokenClaims) -> str | None:
        """The SID of the call that was cut off and goes on in this one. Raises NotAdmitted."""
        shared, now = self._dependencies, self._dependencies.clock.real()
        admitted = shared.admission.of(claims.business_id, claims.caller, now)
        if isinstance(admitted, RungThrough):
            raise NotAdmitted(admitted)
        self._admitted = admitted
        return cut_calls.resumed(self._ports, admitted.cut_call, claims.attestation)

    def _opened_before(self, call: Call) -> TokenRejected:
        """Why a call whose row is there already is not opened by this stream.

        Where the row is of this very stream, we wrote it and never heard so: a human takes over.
        Else the call goes on without this stream, and its row says so: /after-stream must not
        take the end of the refused stream for the end of the call.
        """
        there = self._ports.calls.get(call.call_sid)
        if there is not None and call.stream_sid and there.stream_sid == call.stream_sid:
            return TokenRejected("unavailable")
        try:
            self._ports.calls.note(call.call_sid, refused_stream=call.stream_sid)
        except (PortError, LookupError):
            log.error("a refused stream was not noted", extra={"call_sid": call.call_sid})
        return TokenRejected("used")

    def use(self, command: do.RunTool) -> ToolReply:
        """Run one tool of this call."""
        assert self._tools is not None, "a tool before the call was opened"
        return self._tools.use(
            command.name,
            command.arguments,
            confirmed=frozenset(command.confirmed),
            now=self._dependencies.clock.business(),
            real_now=self._dependencies.clock.real(),
        )

    def note(self, note: do.NoteCall, at: datetime) -> None:
        """Write what code learned of the call."""
        if note.escalate is not None:
            self._escalate(note.escalate, at)
        changes: dict[str, object] = {}
        if note.disclosed is not None:
            changes |= {"disclosed_at": at, "disclosure": note.disclosed}
        if note.disclosure_heard is not None:
            changes["disclosure_heard"] = note.disclosure_heard
            changes["disclosure_heard_ms"] = note.disclosure_heard_ms
        if note.hazard is not None:
            changes["hazard"] = HazardCategory(note.hazard)
        if note.hazard_withdrawn is not None and (business := self._business) is not None:
            back, real = HazardCategory(note.hazard_withdrawn), self._dependencies.clock.real()
            self._write(lambda sid: raising.withdrawn(self._ports, business, sid, back, real))
        if note.caller_kinds:
            changes["caller_kinds"] = note.caller_kinds
        if note.recording_dropped is not None:
            dropped = note.recording_dropped
            self._write(lambda sid: recordings.drop(self._ports, sid, dropped))
        if note.no_texts:
            self._write(lambda sid: opt_out.spoken(self._ports, sid, at=at))
        if note.stage is not None or changes:
            self._write(lambda sid: calls.advance(self._ports.calls, sid, note.stage, **changes))

    def alert_on_call(self, category: str) -> None:
        """Text on-call at once: the caller is in danger."""
        if self._call is not None and self._business is not None:
            call, business = self._call, self._business
            raising.hazard_alert(
                self._ports,
                business,
                call.call_sid,
                call.caller,
                HazardCategory(category),
                real_now=self._dependencies.clock.real(),
            )

    def finish(
        self,
        reason: EndReason,
        failure: Failure | None,
        at: datetime,
        in_flight: "list[Future[ToolReply]]",
        spent: Cents = Cents(0),  # noqa: B008 - a plain number
    ) -> None:
        """Settle the calls row, once the tools still under way are done. `spent`: on the model."""
        wait(in_flight, IN_FLIGHT_S)
        rows, jobs = self._ports.calls, self._ports.jobs
        self._write(
            lambda sid: calls.finish(
                rows, jobs, sid, now=at, reason=reason, failure=failure, model_cost=spent
            )
        )
        real = self._dependencies.clock.real()
        if failure is not None:
            self._write(lambda sid: cut_calls.note(self._ports, sid, real_now=real))
        if (business := self._business) is not None:
            self._write(lambda sid: text_back.note(self._ports, business, sid, at_real=real))
        if (admitted := self._admitted) is not None:
            admission = self._dependencies.admission
            self._write(lambda _: admission.ended(admitted, failure, spent, real))
        if self._call is not None and self._call.synthetic:
            self._write(lambda sid: smoke.tidy(self._dependencies.ports, sid, now=at))

    def _escalate(self, reason: str, now: datetime) -> None:
        if (business := self._business) is not None:
            at = CallTime(now=now, real=self._dependencies.clock.real())
            self._write(
                lambda sid: escalate.escalate(self._ports, business, sid, reason=reason, at=at)
            )

    def _write(self, change: Callable[[str], object]) -> None:
        if self._call is None:
            return  # refused: the row, if there is one, is another call's
        call_sid = self._call.call_sid
        work: Work = lambda: (change(call_sid), None)[1]  # noqa: E731
        if not attempted(work, self._dependencies.pause):
            log.error("the calls row was not written", extra={"call_sid": call_sid})
