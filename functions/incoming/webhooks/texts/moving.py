""" "R": a visit is moved by text, to one of two windows that are offered."""

from functions.incoming.webhooks.texts.chosen import chosen
from functions.incoming.webhooks.texts.visits import Sender
from shared.actions.ports import JobChanged
from shared.actions.texts import wording
from shared.domain.calendar.scheduling import offerable, still_free
from shared.domain.errors import UnknownService, WindowTaken
from shared.domain.models import Hold, Job, Slot, Talk
from shared.domain.money import spoken
from shared.tools.availability import held_windows
from shared.tools.booking.move import at_window, move, quote_there
from shared.tools.booking.reply import confirm
from shared.tools.context import Memory, ToolContext

OFFERED = 2


def ask(sender: Sender, job: Job, before: str = "") -> str | None:
    """To which of two windows; None where none is free, or the office has to look at it."""
    tools = _tools(sender, job)
    held = _held(tools, sender, job)
    free = offerable(
        sender.context.business, held, sender.at.now, service=job.service_type, is_emergency=False
    )
    slots = [slot for slot in free if slot.window.start != job.window.start][:OFFERED]
    if not slots:
        return None
    try:
        told = [f"{n}: {_offer(sender, tools, job, slot)}" for n, slot in enumerate(slots, 1)]
    except UnknownService:
        return None
    sender.ask("move", "window", [job], [slot.window for slot in slots])
    numbers = " or ".join(str(n) for n in range(1, len(slots) + 1))
    return sender.say(
        f"{before}your visit on {sender.when(job.window)} can be moved to {', or '.join(told)}. "
        f"Reply {numbers}. Until then it stays as it is."
    )


def _offer(sender: Sender, tools: ToolContext, job: Job, slot: Slot) -> str:
    """`Fri, Aug 29, 8 to 10 AM`, and what it costs where that is more than was agreed."""
    when, moved = sender.when(slot.window), _at(tools, job, slot)
    if moved.estimate <= job.estimate:
        return when
    return (
        f"{when} (at after-hours rates: the visit is {spoken(moved.visit_fee)}, about "
        f"{spoken(moved.estimate)} with the work)"
    )


def answered(sender: Sender, talk: Talk, word: str) -> str | None:
    """What is texted back, "" where a text of its own tells it; None where it is no answer."""
    context, texting = sender.context, sender.context.ports.texting
    windows = [wording.local(context.business, window) for window in talk.windows]
    which = chosen(word, windows, context.business.local(context.now).date())
    if which is None:
        return None
    job, window = sender.visit(talk.jobs[0]), talk.windows[which]
    if job is None:
        texting.answered(talk)
        return sender.say("that visit stands no more. To book another, please call us.")
    if job.window.start == window.start:
        texting.answered(talk)
        return sender.say(f"your visit is on {sender.when(job.window)}.")
    if window.start <= context.now:
        return ask(sender, job, "that time is past; ")
    if job.version == talk.version:
        tools = _tools(sender, job)
        try:
            held = _held(tools, sender, job)
            slot = still_free(context.business, held, window, service=job.service_type)
            _move(sender, tools, job, slot)
        except WindowTaken:
            again = ask(sender, job, "that window was just taken; ")
            return again or sender.say("that window was just taken. Your visit stays as it is.")
        except JobChanged:
            job = sender.visit(job.job_id) or job
        else:
            texting.answered(talk)
            return ""
    texting.answered(talk)
    return sender.say(
        f"your visit was changed meanwhile: it is on {sender.when(job.window)}. "
        "To change it, text R again."
    )


def _move(sender: Sender, tools: ToolContext, job: Job, slot: Slot) -> None:
    """In one transaction, with its texts. Raises WindowTaken, JobChanged."""
    wanted = _at(tools, job, slot)
    kept = move(tools, job, wanted, None, slot.crews, sender.at)
    confirm(tools, kept, kept.job.estimate / 100, sender.at)


def _at(tools: ToolContext, job: Job, slot: Slot) -> Job:
    """The visit in that window. At the same rate it costs what was agreed, and a covered one is not
    quoted at any. Raises UnknownService."""
    as_agreed = slot.after_hours == job.after_hours or job.covered is not None
    return at_window(tools, job, slot, None if as_agreed else quote_there(tools, job, slot))


def _held(tools: ToolContext, sender: Sender, job: Job) -> set[Hold]:
    """What is taken of the crews that can do it; the hours of the visit itself are free."""
    held = held_windows(tools, sender.at.now, job.service_type)
    return held - set(job.holds)


def _tools(sender: Sender, job: Job) -> ToolContext:
    return ToolContext(
        business=sender.context.business,
        call_sid=job.call_sid,
        caller=job.phone.normalised,
        ports=sender.context.ports,
        public_url=sender.context.public_url,
        synthetic=job.synthetic,
        memory=Memory(),
    )
