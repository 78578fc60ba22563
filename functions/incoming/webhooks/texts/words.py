"""Any other text: to the visit as a note, and to the office."""

import logging

from functions.incoming.signature import Form
from functions.incoming.webhooks.texts.visits import Sender
from shared.actions.texts import notify
from shared.actions.texts.outbox import Sms
from shared.domain.errors import PortError
from shared.domain.spoken import cards
from shared.domain.spoken.plain_words import one_line, without_links

logger = logging.getLogger(__name__)

LONGEST_WORDS = 400


def words_of(form: Form) -> str:
    """What they wrote, without card numbers and links; pictures are only counted."""
    words = one_line(without_links(cards.mask(form.get("Body"))), LONGEST_WORDS)
    pictures = form.get("NumMedia")
    if pictures.isdecimal() and int(pictures) > 0:
        words = f"{words} (with a picture, see Twilio's console)".strip()
    return words or "(no words)"


def noted(sender: Sender, words: str) -> str | None:
    """The id of the one visit that is to come and bears them now as a note; None where there is
    none, or are several: the office decides."""
    try:
        visits = sender.open_visits()
        if len(visits) != 1:
            return None
        note = f"Texted {sender.context.business.local(sender.context.now):%b %d}: {words}"
        sender.context.ports.jobs.add_note(visits[0].job_id, note)
    except (PortError, LookupError):
        logger.error("text not noted on its visit")
        return None
    return visits[0].job_id


def for_office(sender: Sender, number: str | None, words: str, message_sid: str) -> Sms:
    """What the office reads of it."""
    job_id = noted(sender, words)
    told = notify.texted(sender.context.business, number, words, message_sid)
    if job_id is None:
        return told
    return Sms(told.to, f"{told.body} (noted on job {job_id})", told.key)
