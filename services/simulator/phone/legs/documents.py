"""The TwiML that a leg follows: an address's own or, where that cannot be followed, that of the
number's fallback."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.simulator.phone.account import TwilioAccount
from services.simulator.phone.twiml import SCHEMA_WARNING, Document, TwimlError, parse
from services.simulator.phone.webhooks import Exchange, TwilioWebhooks


@dataclass(frozen=True, slots=True)
class Documents:
    """Fetches for one leg. `warn` is told what Twilio's debugger would show: a code and words.

    https://www.twilio.com/docs/usage/security/availability-reliability: the fallback is asked for
    a fatal error of any document, with what failed and why.
    """

    account: TwilioAccount
    webhooks: TwilioWebhooks
    warn: Callable[[int, str], None]

    async def fetch(self, url: str, fields: Mapping[str, str], method: str) -> Document | None:
        """The document; None when neither address gave one that can be followed."""
        found = self._read(await self.webhooks.send(url, fields, method))
        fallback = self.account.fallback_url
        if isinstance(found, Document) or not fallback:
            return found if isinstance(found, Document) else None
        error = {"ErrorCode": str(found), "ErrorUrl": url}
        instead = self._read(await self.webhooks.send(fallback, {**fields, **error}, "GET"))
        return instead if isinstance(instead, Document) else None

    def _read(self, exchange: Exchange) -> Document | int:
        """The document, or Twilio's code for why there is none."""
        if exchange.error is not None:
            self.warn(exchange.error, f"{exchange.url} answered {exchange.status or 'nothing'}")
            return exchange.error
        try:
            document = parse(exchange.body, exchange.url)
        except TwimlError as exc:
            self.warn(exc.code, f"{exchange.url}: {exc}")
            return exc.code
        for warning in document.warnings:
            self.warn(SCHEMA_WARNING, f"{exchange.url}: {warning}")
        return document
