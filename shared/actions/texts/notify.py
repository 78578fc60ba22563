"""What staff are told of a call at once: a voicemail, a message, a text that came in."""

from datetime import datetime

from shared.actions.ports import Ports
from shared.actions.texts import wording
from shared.actions.texts.outbox import Sms, send, send_once
from shared.domain.business import Business
from shared.domain.models import Call
from shared.domain.spoken.plain_words import without_links


def voicemail_key(call_sid: str) -> str:
    """By which it is remembered that the business was told of a call's voicemail."""
    return f"{call_sid}:voicemail"


def voicemail_alert(
    ports: Ports,
    business: Business,
    call_sid: str,
    caller: str | None,
    *,
    recording_url: str | None,
    real_now: datetime,
) -> bool:
    """Nobody answered: the business learns that a caller left a recording, or did not.

    Each of the two is told once a call, however often it is reported. True when all were sent.
    """
    what = f"left a voicemail: {recording_url}" if recording_url else "reached nobody"
    body = f"{business.name}: a caller ({wording.number(caller)}) {what}. Please call back."
    numbers = _each_once(business, (business.office, *_on_call(business)))
    key = voicemail_key(call_sid) if recording_url else f"{call_sid}:nobody"
    texts = [Sms(to, body, f"{key}:{n}") for n, to in enumerate(numbers)]
    return set(send_once(ports, business, texts, real_now, key=key)) == {"sent"}


def message_text(
    ports: Ports,
    business: Business,
    call_sid: str,
    *,
    name: str,
    phone: str,
    message: str,
    real_now: datetime,
    wanted_by: str = "",
    number: int = 1,
) -> bool:
    """A message for the office, taken in a call; `number` tells two of one call apart, `wanted_by`
    says until when they are to be called back."""
    # Read by whoever trusts the business's own number: no link in it is a caller's.
    name, message = without_links(name), without_links(message)
    until = f" [{wanted_by}]" if wanted_by else ""
    body = f"{business.name}: message from {name} ({wording.number(phone)}){until}: {message}"
    text = Sms(business.office, body, f"{call_sid}:message:{number}")
    return send(ports, business, [text], real_now) == ["sent"]


def call_back_text(
    ports: Ports, business: Business, call: Call, *, wanted_by: str, real_now: datetime
) -> None:
    """For the office, once: a caller was told that they are called back, and left no message."""
    topic = business.topics.get((call.callback and call.callback.topic) or "")
    who = (call.callback and call.callback.phone) or call.caller
    about = f" about {topic.label}" if topic else ""
    body = (
        f"{business.name}: CALL BACK {wording.number(who)}{about}, {wanted_by}: "
        "they asked for a person, and were told that nobody is there now."
    )
    key = f"{call.call_sid}:call_back"
    send_once(ports, business, [Sms(business.office, body, key)], real_now, key=key)


def texted(business: Business, sender: str | None, words: str, message_sid: str) -> Sms:
    """For the office: what somebody texted to the number. `words` are fit to be shown."""
    body = f"{business.name}: text from {wording.number(sender)}: {words}"
    return Sms(business.office, body, f"sms:{message_sid}")


def answer_to_text(business: Business) -> str:
    """For who texted: what becomes of it, and what to do."""
    return (
        f"{business.name}: the office has your message. If it is urgent, or to change or cancel a "
        f"visit, please call {wording.number(business.numbers[0])}. In danger call 911."
    )


def _on_call(business: Business) -> tuple[str, ...]:
    return _each_once(business, business.on_call or (business.office,))


def _each_once(business: Business, numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Every phone once; where texts are off, every mailbox."""
    if business.sends_texts:
        return tuple(dict.fromkeys(numbers))
    return tuple({business.mail_of(number): number for number in reversed(numbers)}.values())[::-1]
