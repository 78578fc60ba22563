"""POST /sms: somebody texts a number of ours, most often in reply. Their words reach the office.

The office's text is kept before anything else, so that a crash loses nothing; the message's id is
noted before it is sent, so that the same webhook again sends nothing.
"""

import logging
from datetime import timedelta

from functions.incoming import phone_numbers, twiml
from functions.incoming.caller import caller_of
from functions.incoming.context import WebhookContext
from functions.incoming.signature import Form
from shared.actions.texts import notify, outbox
from shared.actions.texts.outbox import Sms
from shared.domain.errors import PortError
from shared.domain.spoken import cards
from shared.domain.spoken.plain_words import one_line, without_links

logger = logging.getLogger(__name__)

# Twilio answers these itself, and texts nobody who said STOP. See its "opt-out keywords".
OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"})
TWILIOS = OPT_OUT | {"start", "unstop", "help", "info"}
# ... and this one, too, but it may well be meant of the visit: the office reads it.
CANCEL = "cancel"
LONGEST_WORDS = 400
ANSWERS_AN_HOUR, TEXTS_AN_HOUR = 5, 30  # of one number
REMEMBER = timedelta(days=7)  # a webhook comes again within minutes


def sms(context: WebhookContext) -> str:
    """The answer to the sender, as TwiML; an empty one where there is nothing to say to them."""
    form = context.form
    sender, sid = form.get("From"), form.get("MessageSid")
    word = form.get("Body").strip().strip(".!").lower()
    # Two numbers of ours that answer each other would never end; nor is the office told its own.
    ours = phone_numbers.dialled(sender) is not None or sender == context.business.office
    if ours or word in TWILIOS or not _is_new(context, sid):
        return twiml.message(None)
    count = _count(context, sender)
    if count > TEXTS_AN_HOUR:
        # A machine, most likely; the office's phone is not to be flooded by it.
        logger.warning("too many texts of one number", extra={"message_sid": sid})
        return twiml.message(None)
    text = notify.texted(context.business, caller_of(sender), _words(form), sid)
    if not _handed_over(context, sid, text):
        return twiml.message(None)
    may_answer = outbox.reachable(context.business, sender) and word != CANCEL
    answer = may_answer and count <= ANSWERS_AN_HOUR
    return twiml.message(notify.answer_to_text(context.business) if answer else None)


def _words(form: Form) -> str:
    """What they wrote, without card numbers and links; pictures are only counted."""
    words = one_line(without_links(cards.mask(form.get("Body"))), LONGEST_WORDS)
    pictures = form.get("NumMedia")
    if pictures.isdecimal() and int(pictures) > 0:
        words = f"{words} (with a picture, see Twilio's console)".strip()
    return words or "(no words)"


def _handed_over(context: WebhookContext, sid: str, text: Sms) -> bool:
    """Keep, note, send; False when another delivery of the same message was quicker."""
    outbox.keep(context.ports, context.business, [text], context.real_now)
    try:
        if not context.ports.inbox.take(sid, until=context.real_now + REMEMBER):
            return False
    except PortError:
        logger.error("message not noted", extra={"message_sid": sid})
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
