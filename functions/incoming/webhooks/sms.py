"""POST /sms: somebody texts a number of ours, most often in reply.

What is done about it is done before the message's id is noted, and is done once however often it is
tried; the id is noted before the answer, so that the same webhook again is answered with nothing.
The office's text is kept before anything else, so that a crash loses nothing.
"""

import logging
from datetime import timedelta

from functions.incoming import phone_numbers, twiml
from functions.incoming.caller import caller_of
from functions.incoming.context import WebhookContext
from functions.incoming.webhooks.texts import dialogue, opting, words
from functions.incoming.webhooks.texts.commands import HELP, OPT_IN, word_of
from functions.incoming.webhooks.texts.taken import acknowledged
from functions.incoming.webhooks.texts.visits import Sender
from shared.actions.texts import notify, outbox
from shared.actions.texts.outbox import Sms
from shared.domain.errors import PortError

logger = logging.getLogger(__name__)

ANSWERS_AN_HOUR, TEXTS_AN_HOUR = 5, 30  # of one number
REMEMBER = timedelta(days=7)  # a webhook comes again within minutes


def sms(context: WebhookContext) -> str:
    """The answer to the sender, as TwiML; an empty one where there is nothing to say to them."""
    form = context.form
    number, sid = form.get("From"), form.get("MessageSid")
    word = word_of(form.get("Body"))
    if taken := acknowledged(context, word, remember=REMEMBER):
        return twiml.message(taken)
    # Two numbers of ours that answer each other would never end; nor is the office told its own.
    ours = phone_numbers.dialled(number) is not None or number == context.business.office
    if ours or word in HELP or not _is_new(context, sid):
        return twiml.message(None)
    sender = Sender(context, number)
    if opting.wants_out(word, form.get("Body")):
        return twiml.message(_opted_out(sender, word, sid))
    if word in OPT_IN:
        opting.opt_in(sender, word)
        _first(context, sid)
        return twiml.message(None)
    count = _count(context, number)
    if count > TEXTS_AN_HOUR:
        # A machine, most likely; the office's phone is not to be flooded by it.
        logger.warning("too many texts of one number", extra={"message_sid": sid})
        return twiml.message(None)
    may_answer = outbox.reachable(context.business, number) and count <= ANSWERS_AN_HOUR
    answer = _answered(sender, word) if may_answer else None
    if answer is not None:
        return twiml.message(answer or None if _first(context, sid) else None)
    text = words.for_office(sender, caller_of(number), words.words_of(form), sid)
    if not _handed_over(context, sid, text):
        return twiml.message(None)
    told = may_answer and not opting.is_out(sender)
    return twiml.message(notify.answer_to_text(context.business) if told else None)


def _opted_out(sender: Sender, word: str, sid: str) -> str | None:
    context = sender.context
    confirmed = opting.opt_out(sender, word)
    text = opting.unclear(sender, word, sid)
    first = _handed_over(context, sid, text) if text else _first(context, sid)
    return confirmed if first and outbox.reachable(context.business, sender.number) else None


def _answered(sender: Sender, word: str) -> str | None:
    """What code itself answers to a command, "" where that is nothing more; None for any other
    text. Whoever is on call is nobody's customer."""
    if not outbox.is_customer(sender.context.business, sender.number):
        return None
    try:
        answer = dialogue.reply(sender, word)
        if answer is None and opting.opt_in(sender, word):
            return ""
        return "" if answer and opting.is_out(sender) else answer
    except PortError:
        # What was asked for is for the office then, who can do it as well.
        logger.error("command of a text not done")
        return None


def _first(context: WebhookContext, sid: str) -> bool:
    """Note the message's id; False when another delivery of the same message was quicker."""
    try:
        return context.ports.inbox.take(sid, until=context.real_now + REMEMBER)
    except PortError:
        logger.error("message not noted", extra={"message_sid": sid})
        return True


def _handed_over(context: WebhookContext, sid: str, text: Sms) -> bool:
    """Keep, note, send; False when another delivery of the same message was quicker."""
    outbox.keep(context.ports, context.business, [text], context.real_now)
    if not _first(context, sid):
        return False
    outbox.deliver(context.ports, context.business, [text], context.real_now)
    return True


def _is_new(context: WebhookContext, sid: str) -> bool:
    """Whether it was not heard of before; where the table is down, better twice than never."""
    try:
        return not context.ports.inbox.seen(sid)
    except PortError:
        logger.error("inbox not read", extra={"message_sid": sid})
        return True


def _count(context: WebhookContext, sender: str) -> int:
    """How many texts this number has sent in this hour, this one included."""
    hour = f"{context.real_now:%Y%m%dT%H}"
    try:
        return context.ports.inbox.count(
            f"{context.business.id}#{sender[:40]}#{hour}",
            until=context.real_now + timedelta(hours=2),
        )
    except PortError:
        logger.error("texts not counted")
        return ANSWERS_AN_HOUR + 1  # the words go on, an answer is not owed
