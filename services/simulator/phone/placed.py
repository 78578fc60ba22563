"""Phones that our side rings by REST, to be told something and to press a key."""

from dataclasses import dataclass, field

from services.simulator.phone.background import BackgroundWork
from services.simulator.phone.calls import CallRecord, new_sid
from services.simulator.phone.twiml import Document, Verb
from services.simulator.phone.webhooks import TwilioWebhooks


@dataclass(slots=True)
class PlacedCalls:
    """The phones that were rung, in order, each with what it was told.

    A phone in `keys` presses its key once it has been told; any other lets it say its piece.
    """

    webhooks: TwilioWebhooks
    background: BackgroundWork
    rung: list[tuple[str, str]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def take(self, record: CallRecord, document: Document) -> None:
        """Ring a phone with the document that came with the request."""
        gathers = [verb for verb in document.verbs if verb.name == "Gather"]
        told = " ".join(text for verb in document.verbs for text in _said(verb))
        self.rung.append((record.to, told))
        key, action = self.keys.get(record.to), gathers[0].get("action") if gathers else ""
        if key and action:
            self.background.later(self._press(record, action, key))

    async def _press(self, record: CallRecord, action: str, key: str) -> None:
        record.status = "in-progress"
        await self.webhooks.send(action, {**record.fields(), "Digits": key})
        record.status = "completed"


def placed(account_sid: str, from_: str, to: str) -> CallRecord:
    """The record of a call that our side places."""
    return CallRecord(new_sid("CA"), from_, to, account_sid, status="queued")


def _said(verb: Verb) -> list[str]:
    own = [verb.text] if verb.name == "Say" and verb.text else []
    return [*own, *(text for child in verb.children for text in _said(child))]
