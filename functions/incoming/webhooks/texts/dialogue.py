"""R, C, and the answers to what was texted back about them."""

from functions.incoming.webhooks.texts import calling_off, moving
from functions.incoming.webhooks.texts.commands import CALL_OFF, MOVE
from functions.incoming.webhooks.texts.visits import Sender, nth
from shared.domain.models import Job, Talk


def reply(sender: Sender, word: str) -> str | None:
    """What is texted back, "" where a text of its own tells it; None: it is for the office.

    Raises:
        PortError: a table did not answer; nothing was done by halves.
    """
    if word in MOVE or word in CALL_OFF:
        visits = sender.open_visits()
        if not visits:
            return None
        if len(visits) > 1:
            return sender.ask_which("move" if word in MOVE else "call_off", visits)
        return moving.ask(sender, visits[0]) if word in MOVE else calling_off.ask(sender, visits[0])
    talk = sender.asked()
    if talk is None:
        return None
    if talk.step == "which":
        return _which(sender, talk, word)
    answered = moving.answered if talk.about == "move" else calling_off.answered
    return answered(sender, talk, word)


def _which(sender: Sender, talk: Talk, word: str) -> str | None:
    n = nth(word, len(talk.jobs))
    if n is None:
        return None
    job: Job | None = sender.visit(talk.jobs[n])
    if job is None:
        return sender.say("that visit stands no more.")
    return moving.ask(sender, job) if talk.about == "move" else calling_off.ask(sender, job)
