"""POST /office: what is done from the page, by the same actions as commands and tools.

What a customer would feel is first said, and done when that is agreed to: the form comes back with
`apply`. A form carries the version of the visit it was made of; one that is older does nothing.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from functions.office import call as calls
from functions.office import session as sessions
from functions.office import visit as visits_shown
from functions.office.context import OfficeContext, PageRequest
from functions.office.day import MODES
from functions.office.render import PageReply, go_to, page
from functions.office.session import OfficeSession
from shared.actions import callbacks
from shared.actions.texts import wording
from shared.domain.models import Job
from shared.domain.money import as_cents
from shared.office import blocks as blocking
from shared.office import visits
from shared.office.cannot import CannotDo

logger = logging.getLogger(__name__)

HOME: Final = "/office"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
OLD_FORM: Final = (
    "This form is not of this page any more. Go back, load the page again, and do it once more."
)


@dataclass(frozen=True, slots=True)
class OfficeWish:
    """What is asked for: the form, whose device it is, and whether it is agreed to."""

    form: Mapping[str, str]
    session: OfficeSession
    context: OfficeContext
    apply: bool

    def text(self, name: str) -> str:
        """A field on one line, without signs that nobody sees."""
        words = " ".join(self.form.get(name, "").split())
        return "".join(sign for sign in words if sign.isprintable())

    def job(self) -> Job:
        """The visit it is about, as it was when the form was made. Raises CannotDo."""
        found = visits_shown.of_session(self.text("job"), self.session, self.context)
        if self.text("version") != str(found.version):
            raise CannotDo(visits.CHANGED)
        return found


Lines = Iterator[str]


def _note(wish: OfficeWish) -> Lines:
    return visits.note(wish.context.ports, wish.job(), wish.text("text"), apply=wish.apply)


def _move(wish: OfficeWish) -> Lines:
    context = wish.context
    to = wish.text("other") or wish.text("to")
    if not to:
        raise CannotDo("say to when it is moved")
    return visits.move(
        context.ports,
        wish.session.business,
        wish.job(),
        to,
        wish.text("crew") or None,
        context.at,
        public_url=context.public_url,
        apply=wish.apply,
    )


def _cancel(wish: OfficeWish) -> Lines:
    context, job = wish.context, wish.job()
    if not wish.apply:
        yield f"{job.customer_name}, {wording.written(wish.session.business, job.window)}"
        yield "its hours are given back; customer, office and on-call are told"
    yield from visits.cancel(
        context.ports, wish.session.business, job, context.at, apply=wish.apply
    )


def _complete(wish: OfficeWish) -> Lines:
    amount = as_cents(wish.text("amount"))
    if amount is None:
        raise CannotDo("the bill is wanted in dollars, like 610 or 610.50")
    context = wish.context
    return visits.complete(context.ports, wish.job(), amount, context.at, apply=wish.apply)


def _block(wish: OfficeWish) -> Lines:
    context, reason = wish.context, wish.text("reason")
    if not reason or len(reason) > blocking.MOST_REASON:
        raise CannotDo(f"say why, in 1 to {blocking.MOST_REASON} characters: vacation")

    def named(job_id: str) -> str:
        job = context.ports.jobs.get(job_id)
        if job is None:
            return f"job {job_id}"
        return f"{job.customer_name}, {wording.written(wish.session.business, job.window)}"

    return blocking.block(context.blocks, _span(wish), reason, named, apply=wish.apply)


def _unblock(wish: OfficeWish) -> Lines:
    return blocking.unblock(wish.context.blocks, _span(wish), apply=wish.apply)


def _span(wish: OfficeWish) -> blocking.Blocking:
    business, now = wish.session.business, wish.context.at.now
    since, until = wish.text("since"), wish.text("until") or wish.text("since")
    return blocking.blocking(business, wish.text("crew"), since, until, now)


def _mode(wish: OfficeWish) -> Lines:
    to, business = wish.text("to"), wish.session.business
    if to not in MODES:
        raise CannotDo("say who answers")
    wish.context.switches.set_mode(business.id, to)
    yield f"{MODES[to]}, for calls from within a minute on"


def _called_back(wish: OfficeWish) -> Lines:
    call = calls.of_session(wish.text("call"), wish.session, wish.context)
    new = callbacks.done(wish.context.ports, call, now=wish.context.at.now)
    yield "marked as called back" if new else "that was marked before"


def _lock_all(wish: OfficeWish) -> Lines:
    count = wish.context.devices.lock_all(wish.session.business.id)
    yield f"{count} {'device is' if count == 1 else 'devices are'} locked, this one among them"


@dataclass(frozen=True, slots=True)
class OfficeAct:
    """One thing that can be done. `asks`: it is said first, and done when agreed to."""

    title: str
    do: Callable[[OfficeWish], Lines]
    asks: bool = False


ACTS: Final[Mapping[str, OfficeAct]] = {
    "note": OfficeAct("Note", _note),
    "move": OfficeAct("Move this visit", _move, asks=True),
    "cancel": OfficeAct("Cancel this visit", _cancel, asks=True),
    "complete": OfficeAct("Close the books", _complete, asks=True),
    "block": OfficeAct("Block a crew", _block, asks=True),
    "unblock": OfficeAct("Give hours back", _unblock, asks=True),
    "mode": OfficeAct("Who answers", _mode),
    "called_back": OfficeAct("Called back", _called_back),
    "lock_all": OfficeAct("Every device locked", _lock_all),
}


def do(asked: PageRequest, session: OfficeSession, context: OfficeContext) -> PageReply:
    """Do it, or say what it would do. Raises PortError."""
    if not sessions.may_act(asked, session, context):
        return _said(session, 403, "Nothing was done", [OLD_FORM])
    name = asked.form.get("act", "")
    if name == "lock":
        context.devices.lock(session.business.id, session.key)
        return go_to(HOME, sessions.ended())
    act = ACTS.get(name)
    if act is None:
        return _said(session, 404, "Nothing was done", ["There is no such thing to do."])
    wish = OfficeWish(
        asked.form, session, context, apply=not act.asks or bool(asked.form.get("apply"))
    )
    back = _back(asked.form)
    lines: list[str] = []
    try:
        lines.extend(act.do(wish))
    except CannotDo as exc:
        return _said(session, 409, act.title, [*lines, str(exc)], back=back, problem=True)
    if not wish.apply:
        again = {name: value for name, value in asked.form.items() if name != "apply"}
        return _said(session, 200, act.title, lines, back=back, again={**again, "apply": "1"})
    logger.info("done from the office's page", extra={"act": name})
    return _said(session, 200, act.title, lines, back=back)


def _back(form: Mapping[str, str]) -> str:
    """The page that a form was on, as far as it says."""
    if _ID.fullmatch(form.get("job", "")):
        return f"{HOME}/visit/{form['job']}"
    if form.get("from") == "call" and _ID.fullmatch(form.get("call", "")):
        return f"{HOME}/call/{form['call']}"
    return HOME


def _said(
    session: OfficeSession,
    status: int,
    title: str,
    lines: list[str],
    *,
    back: str = HOME,
    problem: bool = False,
    again: Mapping[str, str] | None = None,
) -> PageReply:
    return page(
        status,
        "said",
        business=session.business.name,
        title=title,
        lines=lines,
        back=back,
        problem=problem,
        again=again or {},
    )
