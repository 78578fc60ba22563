""" "R": a visit is moved by text, to one of two windows that are offered."""

from functions.incoming.webhooks.texts.chosen import chosen
from functions.incoming.webhooks.texts.visits import Sender
from shared.actions.ports import JobChanged
from shared.actions.texts import wording
from shared.domain.errors import WindowTaken
from shared.domain.models import Job, Talk
from shared.domain.money import spoken
from shared.tools.appointments import another_time
from shared.tools.appointments.another_time import OtherWindow
from shared.tools.context import ToolContext


def ask(sender: Sender, job: Job, before: str = "") -> str | None:
    """To which of two windows, or that people move it; None where none is free, or the office has
    to look at it."""
    if (by_people := sender.by_people(job)) is not None:
        return by_people
    found = another_time.offers(_tools(sender, job), job, sender.at)
    if not found:
        return None
    told = [f"{n}: {_offer(sender, job, each)}" for n, each in enumerate(found, 1)]
    sender.ask("move", "window", [job], [each.slot.window for each in found])
    numbers = " or ".join(str(n) for n in range(1, len(found) + 1))
    return sender.say(
        f"{before}your visit on {sender.when(job.window)} can be moved to {', or '.join(told)}. "
        f"Reply {numbers}. Until then it stays as it is."
    )


def _offer(sender: Sender, job: Job, there: OtherWindow) -> str:
    """`Fri, Aug 29, 8 to 10 AM`, and what it costs where that is more than was agreed."""
    when, moved = sender.when(there.slot.window), there.job
    if not there.costs_more(job):
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
    if (by_people := sender.by_people(job)) is not None:
        texting.answered(talk)
        return by_people
    if window.start <= context.now:
        return ask(sender, job, "that time is past; ")
    if job.version == talk.version:
        tools = _tools(sender, job)
        try:
            there = another_time.there(tools, job, window, sender.at)
            another_time.put(tools, job, there, sender.at)
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


def _tools(sender: Sender, job: Job) -> ToolContext:
    context = sender.context
    return another_time.context_of(context.ports, context.business, job, context.public_url)
