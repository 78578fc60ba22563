"""Whether the token of a stream opens a call: found out in a thread, beside the audio."""

import logging
from collections.abc import Callable
from functools import partial

from services.media_bridge.call.backend import (
    NotAdmitted,
    PersonInstead,
    RefusalReason,
    TokenRejected,
)
from services.media_bridge.call.context import CallContext
from services.media_bridge.core import commands as do
from services.media_bridge.core.events import CallSetup
from shared.domain.stream_token import TokenClaims

log = logging.getLogger(__name__)


class Redemption:
    """Redeems the token of one stream, and tells on the event loop what came of it.

    event loop        thread
    start ──────────► is the token ours, this call's, and young enough?
    refused ◄── no ───┤
                      └ write the calls row, which works once for each call
    refused ◄── no ───┤  used before, or the table did not answer
    refused ◄── no ───┤  a person takes it: the model is down, say
    known ◄──── yes ──┤  now the model may be dialled: a token that was used dials nobody
    opened ◄──────────┘
    """

    def __init__(
        self,
        context: CallContext,
        known: Callable[[TokenClaims], None],
        refused: Callable[[RefusalReason], None],
        not_admitted: Callable[[PersonInstead], None],
        opened: Callable[[CallSetup], None],
    ) -> None:
        self._backend, self._threads = context.backend, context.threads
        self._metrics = context.metrics
        self._tell_known, self._tell_refused = known, refused
        self._tell_not_admitted, self._tell_opened = not_admitted, opened

    def start(self, command: do.RedeemToken) -> None:
        self._threads.call_sid = command.call_sid
        self._threads.writes.add(partial(self._redeem, command))

    def _redeem(self, command: do.RedeemToken) -> None:
        """In a thread."""
        later = self._threads.on_loop
        try:
            claims = self._backend.read(command)
            setup = self._backend.open(claims, command.stream_sid)
            later(partial(self._known, claims))
        except NotAdmitted as exc:
            later(partial(self._not_admitted, claims, exc.why, is_first=exc.is_first))
        except TokenRejected as exc:
            later(partial(self._refused, exc.reason))
        except Exception:
            later(partial(self._refused, "unavailable"))
            raise
        else:
            later(partial(self._opened, setup))

    def _known(self, claims: TokenClaims) -> None:
        self._metrics.belongs_to(claims)
        log.debug("= token known", extra={"call_sid": self._threads.call_sid})
        self._tell_known(claims)

    def _refused(self, reason: RefusalReason) -> None:
        call_sid = self._threads.call_sid
        log.warning("a token was refused", extra={"call_sid": call_sid, "reason": reason})
        self._metrics.count("CallsRejectedToken")
        # Where our own table did not answer, the token may well be good: a call of ours broke.
        self._metrics.tally.settled(is_call=reason == "unavailable")
        self._tell_refused(reason)

    def _not_admitted(self, claims: TokenClaims, why: PersonInstead, *, is_first: bool) -> None:
        self._metrics.belongs_to(claims)
        call_sid = self._threads.call_sid
        log.warning("a call was not admitted", extra={"call_sid": call_sid, "reason": why})
        if is_first:  # it pages
            self._metrics.count("CallsNotAdmitted")
        self._metrics.tally.settled(is_call=True)
        self._tell_not_admitted(why)

    def _opened(self, setup: CallSetup) -> None:
        self._metrics.tally.settled(is_call=True)
        log.debug("= call open", extra={"call_sid": self._threads.call_sid})
        self._tell_opened(setup)
