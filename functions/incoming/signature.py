"""Whether Twilio sent a webhook: its signature over the URL it was told and every field it sent."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qsl

from shared.domain.twilio_signature import is_signed, with_and_without_port

HEADER = "X-Twilio-Signature"
_CALL_SID = re.compile(r"[A-Za-z0-9]{1,64}")
LARGEST = 64 * 1024  # bytes; a real webhook has two thousand
MOST_FIELDS = 400
ADDED_LATER = ("CallToken", "StirVerstat")  # perhaps after Twilio has signed


class Form:
    """The fields of a request, in order, a name perhaps more than once."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self._fields = tuple(fields)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._fields))

    def __len__(self) -> int:
        return len(self._fields)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every field and its value, as they came."""
        return self._fields

    def getall(self, name: str) -> list[str]:
        """Every value of `name`, which may come twice."""
        return [value for key, value in self._fields if key == name]

    def get(self, name: str) -> str:
        """The first value of `name`, "" where there is none: absent and blank mean the same."""
        return next((value for key, value in self._fields if key == name), "")


def form_of(body: str | None, *, is_base64: bool) -> Form | None:
    """The form in a request's body; None when it is none, or far too large."""
    raw = (body or "").encode("utf-8", "surrogatepass")
    if is_base64:
        try:
            raw = base64.b64decode(raw, validate=True)
        except (binascii.Error, ValueError):
            return None
    if len(raw) > LARGEST:
        return None
    try:
        # Blank fields are signed too.
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return Form(pairs)


def names_a_call(form: Form) -> bool:
    """Whether its CallSid can be one: rows are kept under it."""
    return _CALL_SID.fullmatch(form.get("CallSid")) is not None


def names_a_text(form: Form) -> bool:
    """The same of a text's MessageSid."""
    return _CALL_SID.fullmatch(form.get("MessageSid")) is not None


def query_of(raw_query: str) -> Form:
    """The query string as fields; an endless one is as good as none."""
    try:
        return Form(parse_qsl(raw_query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return Form(())


def signed_part(
    form: Form,
    urls: Iterable[str],
    signature: str | None,
    *,
    tokens: Sequence[str],
    account_sid: str,
) -> Form | None:
    """What of `form` one of our `tokens` signed for one of `urls`; None where it did not, or where
    it is not our account's.

    That is all of it or, by what one operator reports of real calls, all but `ADDED_LATER`: those
    are not in the form that is returned then, since anybody may have written them.

    `urls` are the configured ones, never a Host header: behind API Gateway host, stage and scheme
    are not those that Twilio requested.
    """
    if not signature or not signature.isascii():
        return None
    addresses = [each for url in urls for each in with_and_without_port(url)]
    if not hmac.compare_digest(form.get("AccountSid").encode(), account_sid.encode()):
        return None
    less = Form([pair for pair in form.pairs if pair[0] not in ADDED_LATER])
    for part in (form, less):
        if is_signed(signature, tokens, addresses, part.pairs):
            return part
    return None
