""" "C": a visit is called off by text, after a yes to what becomes of its deposit."""

from functions.incoming.webhooks.texts.commands import NO, YES
from functions.incoming.webhooks.texts.visits import Sender
from shared.actions.appointments import cancel as calling_off
from shared.actions.ports import JobChanged
from shared.domain.models import Job, Talk

TRIES = 3


def ask(sender: Sender, job: Job) -> str:
    """Whether it is to be called off, or that people do it. "Y" is asked for: "YES" is a word of
    Twilio's own, and is taken as well."""
    if (by_people := sender.by_people(job)) is not None:
        return by_people
    sender.ask("call_off", "sure", [job])
    asked = f"call off your visit on {sender.when(job.window)}?"
    terms = calling_off.terms(sender.context.business, job, sender.at.now)
    answers = "Reply Y to call it off, N to keep it."
    return sender.say(" ".join(filter(None, (asked, terms, answers))))


def answered(sender: Sender, talk: Talk, word: str) -> str | None:
    """What is texted back, "" where a text of its own tells it; None where it is no answer."""
    if word not in YES | NO:
        return None
    texting, job_id = sender.context.ports.texting, talk.jobs[0]
    if word in NO:
        texting.answered(talk)
        job = sender.visit(job_id)
        if job is None:
            return sender.say("that visit stands no more.")
        return sender.say(f"your visit on {sender.when(job.window)} stays as it is.")
    for _ in range(TRIES):
        job = sender.visit(job_id)
        if job is None:
            texting.answered(talk)
            return sender.say("that visit stands no more.")
        if (by_people := sender.by_people(job)) is not None:
            texting.answered(talk)
            return by_people
        if job.version != talk.version:
            return ask(sender, job)  # it was moved since: another visit than they said yes to
        try:
            calling_off.cancel(sender.context.ports, sender.context.business, job, sender.at)
        except JobChanged:
            continue  # paid at this very moment: what becomes of that is told by the text
        texting.answered(talk)
        return ""
    return sender.say("your visit is being changed at this moment. Please text C again.")
