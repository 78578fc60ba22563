"""Text messages: those our side sends by REST, and those a phone sends to a number of ours."""

from services.simulator.phone.account import TwilioAccount
from services.simulator.phone.background import BackgroundWork
from services.simulator.phone.calls import (
    API_VERSION,
    Notify,
    PhoneEvent,
    Text,
    new_sid,
    text_fields,
)
from services.simulator.phone.placed import PlacedCalls
from services.simulator.phone.twiml import answers
from services.simulator.phone.webhooks import Exchange, TwilioWebhooks


class SmsService:
    """The texts of one account. `taken` has every text that was delivered to a phone, in order."""

    def __init__(
        self,
        account: TwilioAccount,
        webhooks: TwilioWebhooks,
        background: BackgroundWork,
        notify: Notify,
    ) -> None:
        self._account, self._webhooks = account, webhooks
        self._background, self._notify = background, notify
        self.placed = PlacedCalls(webhooks, background)  # to who answers no text
        self.taken: list[Text] = []
        self.deleted: set[str] = set()  # by our side, at Twilio; the phone has them still
        # Numbers that take no texts, each with the code Twilio refuses them with.
        self.refused: dict[str, int] = {}
        self.delay_s, self.is_down = 0.0, False  # of the API, before it answers, and instead

    def bodies(self) -> list[str]:
        """What the texts say that were delivered to a phone, in order."""
        return [text.body for text in self.taken]

    def take(self, text: Text, status_callback: str | None) -> None:
        """Deliver an SMS, and report it sent and delivered."""
        self.taken.append(text)
        self._notify(PhoneEvent("text", f"to {text.to}: {text.body}"))
        if status_callback:
            self._background.later(self._report(text, status_callback))

    async def text_us(self, from_: str, to: str, body: str, sid: str | None = None) -> Exchange:
        """A phone texts a number of ours; what we answer is delivered as a text.

        The same `sid` again is the same webhook, delivered once more.

        Raises:
            LookupError: the account's numbers take no texts.
        """
        fields = text_fields(sid or new_sid("SM"), from_, to, body, self._account.sid)
        if self._account.sms_url is None:
            raise LookupError("no number takes texts")
        exchange = await self._webhooks.send(self._account.sms_url, fields)
        for answer in answers(exchange.body) if exchange.error is None else ():
            self.take(Text(new_sid("SM"), from_, to, answer), None)
        return exchange

    async def _report(self, text: Text, callback: str) -> None:
        for status in ("sent", "delivered"):
            fields = {
                "MessageSid": text.sid,
                "SmsSid": text.sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "To": text.to,
                "From": text.sender,
                "AccountSid": self._account.sid,
                "ApiVersion": API_VERSION,
            }
            await self._webhooks.send(callback, fields)
